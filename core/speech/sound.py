"""What a recording tells of how somebody spoke, by its loudness alone."""

from itertools import groupby

import numpy as np

from core.engines.base import Clip
from core.speech.audio import ABOVE_NOISE_DB, FLOOR_DB, FRAME_SECONDS, frame_levels, speech_seconds
from core.speech.delivery import Sound

PAUSE, LONG_PAUSE = 0.25, 2.0
CLEAR_DB = 20.0
"""Where speech stands less above the noise than this, what is measured can't be believed."""


def listen(clip: Clip) -> Sound | None:
    """None for a format that only a decoder can tell about, and where nobody speaks."""
    if not speech_seconds(clip):
        return None
    levels = frame_levels(clip)
    noise = float(np.percentile(levels, 10))
    loud = levels > max(noise + ABOVE_NOISE_DB, FLOOR_DB)
    at = np.flatnonzero(loud)
    spoken = loud[at[0] : at[-1] + 1]
    gaps = [sum(1 for _ in run) * FRAME_SECONDS for is_loud, run in groupby(spoken) if not is_loud]
    return Sound(
        seconds=round(len(levels) * FRAME_SECONDS, 1),
        speech=round(len(spoken) * FRAME_SECONDS - sum(gap for gap in gaps if gap >= LONG_PAUSE), 1),
        pauses=sum(gap >= PAUSE for gap in gaps),
        long_pauses=sum(gap >= LONG_PAUSE for gap in gaps),
        noisy=float(np.mean(levels[loud])) - noise < CLEAR_DB,
    )
