"""What may be said of scores: exact statistics from counts, bands, and when "improving" is true."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.analytics.frames import HISTOGRAM

Z90 = 1.6448536269514722
"""Half-width of a 90 % band in standard errors."""
FEW = 5
"""Responses under which a mean is shown in grey."""
SCORES = np.arange(1, 11)


def with_means(frame: pd.DataFrame) -> pd.DataFrame:
    """Adds mean, the 90 % band (low, high) of the mean, and whether there are `few` scores, to rows of score counts."""
    return frame.assign(**means(frame[HISTOGRAM].to_numpy(dtype="int64")))


def means(histogram: npt.NDArray[np.int64]) -> dict[str, npt.NDArray[Any]]:
    """The columns that `with_means` adds, of rows of counts h1..h10."""
    counts = histogram.astype("float64")
    n = counts.sum(axis=1)
    safe = np.maximum(n, 1)
    mean = counts @ SCORES / safe
    variance = np.maximum(counts @ SCORES**2 / safe - mean**2, 0) * safe / np.maximum(safe - 1, 1)
    half = Z90 * np.sqrt(variance / safe)
    known = n >= 2
    return {
        "mean": np.where(n > 0, mean, np.nan),
        "low": np.where(known, np.clip(mean - half, 1, 10), np.nan),
        "high": np.where(known, np.clip(mean + half, 1, 10), np.nan),
        "few": n < FEW,
    }


ENOUGH_PAIRS = 10
"""Answers graded by both under which nothing is said of how far two graders agree."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two graders of the same n answers agree; None with too few answers.

    `kappa` is Cohen's, quadratically weighted: 1 is full agreement, 0 is chance; None too where all scores are the same.
    `difference` is the mean of the first grader's score less the second's.
    """

    n: int
    kappa: float | None = None
    difference: float | None = None


def agreement(first: npt.ArrayLike, second: npt.ArrayLike) -> Agreement:
    """How far two graders agree on the same answers, in the same order, each scored 1–10."""
    one, two = np.asarray(first, dtype="int64"), np.asarray(second, dtype="int64")
    n = len(one)
    if n < ENOUGH_PAIRS:
        return Agreement(n)
    table = np.zeros((len(SCORES), len(SCORES)))
    np.add.at(table, (one - 1, two - 1), 1)
    apart = (SCORES[:, None] - SCORES[None, :]) ** 2
    by_chance = np.outer(table.sum(axis=1), table.sum(axis=0)) / n
    expected = float((apart * by_chance).sum())
    kappa = 1 - float((apart * table).sum()) / expected if expected else None
    return Agreement(n, kappa, float((one - two).mean()))


@dataclass(frozen=True, slots=True)
class Trend:
    """What the sessions show: label, and slope with its 90 % band in logits a session (None with too few)."""

    label: str
    slope: float | None = None
    low: float | None = None
    high: float | None = None


ENOUGH_SESSIONS = 4
T95 = (
    2.920,
    2.353,
    2.132,
    2.015,
    1.943,
    1.895,
    1.860,
    1.833,
    1.812,
    1.796,
    1.782,
    1.771,
    1.761,
    1.753,
    1.746,
    1.740,
    1.734,
)
"""The 95 % point of Student's t for 2 to 18 degrees of freedom; with more, 1.73 is near enough and on the safe side."""
STEADY_BAND = 0.15
"""Logits a session: a slope whose whole band lies within this is steady."""


def trend(ability: npt.ArrayLike, se: npt.ArrayLike) -> Trend:
    """Whether difficulty-adjusted ability grows from session to session.

    A line through the estimates, each weighted by its own certainty. The band is the wider of two: by the errors of the
    estimates, and by how much they scatter, which few sessions tell only roughly (hence Student's t). "Improving" only when
    the lower 90 % bound of the slope clears zero.
    """
    values, errors = np.asarray(ability, dtype="float64"), np.asarray(se, dtype="float64")
    known = np.isfinite(values) & np.isfinite(errors) & (errors > 0)
    values, errors = values[known], errors[known]
    if len(values) < ENOUGH_SESSIONS:
        return Trend("not enough evidence yet")
    weights = 1 / errors**2
    sessions = np.arange(len(values), dtype="float64")
    centred = sessions - np.average(sessions, weights=weights)
    spread = float(np.sum(weights * centred**2))
    slope = float(np.sum(weights * centred * values) / spread)
    residuals = values - np.average(values, weights=weights) - slope * centred
    scatter = float(np.sum(weights * residuals**2)) / (len(values) - 2)
    student = T95[min(len(values) - 2, len(T95) + 1) - 2]
    half = max(Z90, student * math.sqrt(scatter)) / math.sqrt(spread)
    low, high = slope - half, slope + half
    if low > 0:
        label = "improving"
    elif high < 0:
        label = "worth a look"
    elif low > -STEADY_BAND and high < STEADY_BAND:
        label = "steady"
    else:
        label = "not enough evidence yet"
    return Trend(label, slope, low, high)
