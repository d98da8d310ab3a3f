"""The closing summary of an interview, from its grades alone: pure code, no model, nothing invented."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import mean
from typing import Any

from core.engines.base import PointFound
from core.interview.model import LEVELS

GOOD, POOR = 7.0, 6.0
AGAIN = 8
"""The score under which a question is worth another try."""
MOST = 3
_FAR = {"met": 2, "partial": 1}


@dataclass(frozen=True, slots=True)
class GradedTurn:
    """An answered turn: what was asked, on which skill and level, and how it was graded."""

    number: int
    question: str
    skill: str
    level: int
    score: int | None
    reason: str | None
    points: tuple[PointFound, ...]
    errors: tuple[tuple[str, str], ...]
    hints: int
    deeper: bool = False
    """Whether what was asked went on from a strong answer: it is another question, which can't be asked by itself."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What the grades say together; `overall` is the mean of the graded answers, None when there is none."""

    overall: float | None
    graded: int
    answered: int
    strengths: tuple[str, ...]
    gaps: tuple[str, ...]
    plan: tuple[str, ...]
    retry: tuple[str, ...]
    retry_numbers: tuple[int, ...]
    """The turns in which those questions got their best answers."""

    @property
    def how_many(self) -> str:
        """How many of the answers were graded, in words; a skipped question has no answer."""
        if not self.answered:
            return "no answer to grade"
        return f"{self.graded} of {self.answered} answer{'' if self.answered == 1 else 's'} graded"

    def as_dict(self) -> dict[str, Any]:
        """The summary as JSON values."""
        return asdict(self)


def summarise(turns: Sequence[GradedTurn], *, mock: bool = False) -> Summary:
    """Strengths, gaps, a practice plan and questions to retry; ungraded answers count nowhere but in `answered`.

    `mock` says that it was a mock interview, so that the plan does not lead to one.
    """
    graded = [turn for turn in turns if turn.score is not None]
    scores = [turn.score for turn in graded if turn.score is not None]
    skills: dict[str, list[GradedTurn]] = defaultdict(list)
    for turn in graded:
        skills[turn.skill].append(turn)
    ranked = sorted(skills, key=lambda skill: -_mean(skills[skill]))
    lowest = _lowest(graded)
    strong = [skill for skill in ranked if _mean(skills[skill]) >= GOOD][:MOST]
    weak = [skill for skill in reversed(ranked) if _is_weak(skills[skill])][:MOST]
    return Summary(
        overall=round(mean(scores), 1) if scores else None,
        graded=len(graded),
        answered=len(turns),
        strengths=tuple(_strength(skill, skills[skill]) for skill in strong),
        gaps=tuple(_gap(skill, skills[skill], graded) for skill in weak),
        plan=tuple(_plan(graded, weak, skills, again=bool(lowest), mock=mock)),
        retry=tuple(turn.question for turn in lowest),
        retry_numbers=tuple(turn.number for turn in lowest),
    )


def _mean(turns: Sequence[GradedTurn]) -> float:
    return mean(turn.score for turn in turns if turn.score is not None)


def _is_weak(turns: Sequence[GradedTurn]) -> bool:
    """Whether the mean is poor, and was so before any deeper question, which only a strong answer leads to."""
    first = [turn for turn in turns if not turn.deeper]
    return _mean(turns) < POOR and (not first or _mean(first) < POOR)


def _times(turns: Sequence[GradedTurn]) -> str:
    return f"{_mean(turns):.1f} over {len(turns)} answers" if len(turns) > 1 else f"{turns[0].score} of 10"


def _strength(skill: str, turns: Sequence[GradedTurn]) -> str:
    best = max(turns, key=lambda turn: turn.score or 0)
    met = next((point.point for point in best.points if point.status == "met"), None)
    said = f"; you brought out: “{met.strip().rstrip('.')}”" if met else ""
    return f"{skill}: {_times(turns)}, at level {best.level}{said}."


def _gap(skill: str, turns: Sequence[GradedTurn], graded: Sequence[GradedTurn]) -> str:
    """What to mend in the worst answer, else in the next: an error, a point never said, a point only half said."""
    for turn in sorted(turns, key=lambda turn: turn.score or 0):
        if turn.errors:
            return f"{skill}: {_times(turns)}; to put right: {_inline(turn.errors[0][1])}."
        said = _said(turn, graded)
        for label, how in (("not said", 0), ("only half said", 1)):
            if left := next((point for point in said if said[point] == how), None):
                return f"{skill}: {_times(turns)}; {label}: {_inline(left)}."
    return f"{skill}: {_times(turns)}."


def _said(turn: GradedTurn, graded: Sequence[GradedTurn]) -> dict[str, int]:
    """How far each point of an answer was said in all the answers to its question: 2 met, 1 half said, 0 not."""
    said = dict.fromkeys((point.point for point in turn.points), 0)
    for found in (found for other in graded if other.question == turn.question for found in other.points):
        if found.point in said:
            said[found.point] = max(said[found.point], _FAR.get(found.status, 0))
    return said


def _plan(
    graded: Sequence[GradedTurn], weak: Sequence[str], skills: dict[str, list[GradedTurn]], *, again: bool, mock: bool
) -> list[str]:
    """Two to four things to do, the most useful first; none without a grade to base them on."""
    if not graded:
        return []
    steps = []
    for skill in weak[:2]:
        level = max(1, min(turn.level for turn in skills[skill]))
        steps.append(f"Practise {skill} at level {level} until two answers in a row reach 7.")
    wrong = [(quote, correction) for turn in graded for quote, correction in turn.errors]
    if wrong:
        steps.append(f"Say in your own words why this holds: {_inline(wrong[0][1])}.")
    if sum(turn.hints > 0 for turn in graded) * 3 >= len(graded):
        steps.append("Answer the questions that took a hint again tomorrow, without one.")
    scores = [turn.score for turn in graded if turn.score is not None]
    top = max(turn.level for turn in graded)
    filling = []
    if any(5 <= score <= 7 for score in scores):
        filling.append("Close each answer with an example or a number: several were right but thin.")
    if not weak and mean(scores) >= GOOD and top < LEVELS[-1]:
        filling.append(f"Go up a level: try level {top + 1} next time.")
    if again:
        filling.append("Answer the questions below once more tomorrow, without looking at the feedback first.")
    filling.append(f"Hold the next one {'' if mock else 'in Mock mode, '}aloud, with a time limit.")
    filling.append("Explain one of these answers in a minute to somebody from another field.")
    return [*steps, *filling[: max(0, 2 - len(steps))]][:4]


def _lowest(graded: Sequence[GradedTurn]) -> list[GradedTurn]:
    """The best answers to the three questions that went worst and are worth another try, the worst first.

    Hints and follow-ups are tries at the same question, a deeper question is none.
    """
    best: dict[str, GradedTurn] = {}
    for turn in graded:
        before = best.get(turn.question)
        if not turn.deeper and (before is None or (turn.score or 0) > (before.score or 0)):
            best[turn.question] = turn
    weak = [turn for turn in best.values() if turn.score is not None and turn.score < AGAIN]
    return sorted(weak, key=lambda turn: (turn.score or 0, turn.number))[:MOST]


def _inline(text: str) -> str:
    """A sentence to stand after a colon."""
    text = text.strip().rstrip(".")
    return text[0].lower() + text[1:] if text.startswith("A ") or text[1:2].islower() else text
