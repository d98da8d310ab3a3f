"""The rubric: criteria, their weights, and the 1–10 score that levels 0–4 add up to.

Score = 1 + 9 · Σ weight · level / 4, rounded half up, then capped:

- nothing correct (correctness 0): at most 3;
- not correct as a whole (correctness under 3), or one wrong part: at most 6; more than one wrong part: at most 4;
- 9 only if correct, exhaustive and clear; 10 only with every criterion at its highest level.
"""

from collections.abc import Mapping
from math import floor
from types import MappingProxyType

TOP_LEVEL = 4
LOWEST, HIGHEST = 1, 10

KNOWLEDGE: Mapping[str, float] = MappingProxyType({"correctness": 0.50, "completeness": 0.30, "clarity": 0.20})
BEHAVIOURAL: Mapping[str, float] = MappingProxyType(
    {"situation": 0.20, "action": 0.20, "result": 0.20, "reflection": 0.20, "communication": 0.20}
)


def weights(kind: str) -> Mapping[str, float]:
    """The criteria of a kind of question and their weights, which add up to 1; raises ValueError for another kind."""
    if kind == "knowledge":
        return KNOWLEDGE
    if kind == "behavioural":
        return BEHAVIOURAL
    raise ValueError(f"no rubric for questions of the kind {kind!r}")


def score(levels: Mapping[str, int], kind: str = "knowledge", wrong_parts: int = 0) -> int:
    """The 1–10 score of one level 0–4 for each criterion of the kind; raises ValueError for any other levels."""
    rubric = weights(kind)
    if levels.keys() != rubric.keys():
        raise ValueError(f"{kind} questions have the criteria {', '.join(rubric)}, not {', '.join(levels) or 'none'}")
    for name, level in levels.items():
        if level not in range(TOP_LEVEL + 1):
            raise ValueError(f"the level of {name} is a whole number from 0 to {TOP_LEVEL}, not {level!r}")
    raw = 1 + 9 * sum(weight * levels[name] / TOP_LEVEL for name, weight in rubric.items())
    return min(to_score(raw), cap_for_levels(levels), cap_for_errors(wrong_parts))


def cap_for_errors(wrong_parts: int) -> int:
    """The highest score for an answer with so many wrong parts."""
    if wrong_parts < 1:
        return HIGHEST
    return 6 if wrong_parts == 1 else 4


def cap_for_levels(levels: Mapping[str, int]) -> int:
    """The highest score that these levels allow, whatever they add up to."""
    correctness = levels.get("correctness", TOP_LEVEL)
    if correctness == 0:
        return 3
    if correctness < 3:
        return 6
    full = [name for name, level in levels.items() if level == TOP_LEVEL]
    if len(full) == len(levels):
        return HIGHEST
    if "correctness" in levels:  # clear enough will do for a 9, but nearly correct or nearly complete will not
        return 9 if {"correctness", "completeness"} <= set(full) and levels["clarity"] >= 3 else 8
    return 9 if min(levels.values()) >= 3 else 8


def to_score(estimate: float) -> int:
    """The estimate as a whole number from 1 to 10, halves rounded up."""
    return min(HIGHEST, max(LOWEST, floor(estimate + 0.5)))
