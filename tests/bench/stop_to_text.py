"""Our own time from Stop to the text in the box: two minutes of speech, written down by a recogniser that takes no time.

What is measured is the whole rerun of the page, and within it storing the recording and everything around the recogniser;
the upload from the browser and the recogniser itself are not ours. CPU time is printed beside it, for a machine that does other things.
"""

import logging
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from pydantic import SecretStr

import ui.services
from core.bootstrap import Services, build
from core.config import Settings
from core.domains import Domain
from core.engines.base import Clip, SpeechHints
from core.interview.model import Phase
from core.interview.service import Plan
from core.speech.transcription import Speech
from tests.app.visit import Visit
from tests.bench._pages import compiled_once
from tests.bench._table import line
from tests.unit.test_audio import noise, tone, wav

SECONDS, WORDS = 120, 300
REPEATS = 9
DOMAIN = "data_science"


class Instant:
    """A recogniser that takes no time: it hears the bank's own answers."""

    name, model = "instant", "instant"

    def __init__(self, domain: Domain) -> None:
        words = " ".join(question.model_answer for question in domain.questions).split()
        self._texts = [" ".join(words[at : at + WORDS]) for at in range(0, WORDS * REPEATS * 2, WORDS // 2)]
        self.heard = 0

    def transcribe(self, clip: Clip, hints: SpeechHints) -> str:
        self.heard += 1
        return self._texts[self.heard % len(self._texts)]


def main() -> bool:
    """Print the figures; True when the whole keeps its bound."""
    logging.getLogger("streamlit").setLevel(logging.ERROR)  # it warns that no browser is there
    with tempfile.TemporaryDirectory() as folder, compiled_once():
        url = SecretStr(f"sqlite:///{Path(folder) / 'bench.db'}")
        built = build(Settings(engine="offline", database_url=url, data_dir=Path(folder)))
        instant = Instant(built.domains.catalogue().domains[DOMAIN])
        services = replace(built, speech=Speech(instant, built.domains))
        services.start()
        ui.services._services = services
        try:
            return _measure(services, instant)
        finally:
            ui.services._services = None
            services.stop()


def _measure(services: Services, instant: Instant) -> bool:
    learner = services.people.add("bench@example.org", "Bench", "learner").id
    services.people.save_settings(learner, voice_agreed="2026-01-01")
    interview = services.interviews.start(learner, Plan(DOMAIN, level=3))
    while services.interviews.view(learner, interview).phase is not Phase.ANSWERING:
        time.sleep(0.01)
    sounds = [_speech(seed) for seed in range(REPEATS + 1)]
    stored = _best([lambda s=s: services.recordings.store(learner, interview, 1, s) for s in sounds])  # type: ignore[misc] # bound at once
    about = {"domain": DOMAIN, "question": "How do you choose an index?"}
    heard = _best([lambda s=s: services.speech.hear(s, "answer.wav", **about) for s in sounds])  # type: ignore[misc, arg-type] # bound at once
    ticket = services.sessions.by_token(services.sessions.open(learner))
    assert ticket is not None
    visit = Visit(services, learner, ticket.public_id).open("Practise", interview=interview)
    visit.press("Discard")

    def stop(sound: bytes) -> Callable[[], object]:
        def run() -> None:
            before = instant.heard
            visit.tab.audio_input[0].upload("answer.wav", sound)
            visit.again()
            assert instant.heard == before + 1
            assert visit.box

        return run

    whole = _best([stop(_speech(100 + n)) for n in range(REPEATS + 1)], lambda: visit.type(""))
    for what, (wall, processor) in {"storing it": stored, "all around the recogniser": heard}.items():
        print(f"   {what:<58} {wall:9.1f} ms   CPU {processor:.1f} ms")
    print(f"   {'CPU of the whole':<58} {whole[1]:9.1f} ms")
    return line(f"from Stop to text, {SECONDS} s of speech", whole[0], 150, unit=" ms", digits=1)


def _best(works: list[Callable[[], object]], between: Callable[[], object] = lambda: None) -> tuple[float, float]:
    """Milliseconds, by the clock and of the processor, of the quickest of these after the first, which warms up."""
    taken = []
    for work in works:
        began, processor = time.perf_counter(), time.process_time()
        work()
        taken.append((1000 * (time.perf_counter() - began), 1000 * (time.process_time() - processor)))
        between()
    return min(taken[1:])


def _speech(seed: int) -> bytes:
    """Two minutes as the browser's recorder gives them: speech and pauses."""
    samples = noise(SECONDS, 0.001, seed)
    for start in range(0, SECONDS, 3):
        samples[start * 16_000 : start * 16_000 + 32_000] += tone(2.0)
    return wav(np.clip(samples, -1, 1))


if __name__ == "__main__":
    main()
