"""Statistics of score counts: means with bands, exact percentiles, level served, ability adjusted for difficulty."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.analytics.frames import HISTOGRAM
from core.analytics.metrics import FEW, SCORES, Z90, means
from core.interview.model import LEVELS
from core.interview.policy import difficulty

Array = npt.NDArray[np.float64]
QUARTILES = {"p25": 0.25, "median": 0.5, "p75": 0.75}
OUTCOMES = (SCORES - 1) / 9
DIFFICULTIES = np.array([difficulty(level) for level in LEVELS])
BEYOND = 6.0
"""Logits: further out than this an ability can't be told from counts."""


def statistics(counts: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """What the charts show of score counts by level: one row for each value of `by`, in its order.

    Columns beside `by`: n, total, h1..h10; mean with its 90 % band (low, high) and `few`; p25, median and p75, exact; level
    (mean level served); ability in logits with its 90 % band (ability_low, ability_high), NaN where nothing is graded.
    """
    groups = counts.groupby(list(by), sort=True).ngroup().to_numpy()
    _, first = np.unique(groups, return_index=True)
    cells = np.zeros((len(first), len(LEVELS), len(SCORES)), dtype="int64")  # of each row by level and score
    np.add.at(cells, (groups, counts["level"].to_numpy(dtype="int64") - 1), counts[HISTOGRAM].to_numpy(dtype="int64"))
    histogram, n = cells.sum(axis=1), cells.sum(axis=(1, 2))
    level = (cells.sum(axis=2) @ LEVELS) / np.where(n > 0, n, np.nan)
    ability, se = _abilities(cells.astype("float64"))
    columns = {  # a frame made of all its columns at once costs a third of one that they are added to
        **{key: counts[key].array[first] for key in by},
        "n": n,
        "total": histogram @ SCORES,
        **dict(zip(HISTOGRAM, histogram.T, strict=True)),
        "level": level,
        **means(histogram),
        **{name: percentile(histogram, share) for name, share in QUARTILES.items()},
        "ability": ability,
        "ability_low": ability - Z90 * se,
        "ability_high": ability + Z90 * se,
    }
    return pd.DataFrame(columns)


def percentile(histogram: npt.NDArray[np.int64], share: float) -> Array:
    """Of each row of counts h1..h10 the lowest score that this share (0–1) of the responses reaches; NaN without any."""
    cumulated = np.cumsum(histogram, axis=1)
    n = cumulated[:, -1:]
    found = (cumulated >= np.maximum(np.ceil(share * n), 1)).argmax(axis=1) + 1.0
    return np.where(n[:, 0] > 0, found, np.nan)


def change_in_words(weeks: pd.DataFrame) -> str:
    """First and last week of `statistics` by week in words; a difference is named only when the two bands are apart."""
    solid = weeks[weeks["n"] >= FEW]
    if len(solid) < 2:
        return "Too few weeks with enough responses to speak of a change."
    first, last = solid.iloc[0], solid.iloc[-1]
    apart = last["low"] > first["high"] or last["high"] < first["low"]
    moved = f"From {first['mean']:.1f} in the first week to {last['mean']:.1f} in the last"
    return f"{moved}." if apart else f"{moved}, which is within the bands: no change can be told."


def _abilities(cells: Array) -> tuple[Array, Array]:
    """The ability at which as many points are expected on these levels as were made, and its standard error.

    It answers "how good, were all asked the same": when questions get harder as people get better, the mean score stays
    and this rises. Hints are not in the counts, so it is a little too high where many were given.
    """
    n = cells.sum(axis=2)
    made = (cells * OUTCOMES).sum(axis=(1, 2))
    known = n.sum(axis=1) > 0
    low, high = np.full(len(n), -BEYOND), np.full(len(n), BEYOND)
    for _ in range(40):  # bisection: what is expected only rises with ability
        middle = (low + high) / 2
        below = (n * _expected(middle)).sum(axis=1) < made
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    ability = (low + high) / 2
    p = _expected(ability)
    scatter = (cells * (OUTCOMES - p[..., None]) ** 2).sum(axis=(1, 2))
    slope = (n * p * (1 - p)).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        se = np.sqrt(scatter) / slope
    certain = known & (n.sum(axis=1) >= 2) & (np.abs(ability) < BEYOND - 0.01)
    return np.where(known, ability, np.nan), np.where(certain, se, np.nan)


def _expected(ability: Array) -> Array:
    """The share of points expected at each level."""
    expected: Array = 1 / (1 + np.exp(DIFFICULTIES - ability[:, None]))
    return expected
