"""Weak answers again: the short interview that they become, and what has changed since, question by question."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.interview.model import MAX_TURNS, TOPIC_MOVES
from core.interview.plans import Plan
from core.interview.records import InterviewView, TurnView

ROOM = 2
"""Turns for each question: it, and a hint or a follow-up."""


def plan_again(view: InterviewView, numbers: Iterable[int]) -> Plan | None:
    """An interview that asks the questions of these turns again; None where none of them is from the bank."""
    turns = [view.question_of(view.turns[number - 1]) for number in numbers]
    ids = tuple(dict.fromkeys(turn.question_id for turn in turns if turn.question_id is not None))
    if not ids:
        return None
    questions = min(MAX_TURNS, ROOM * len(ids))
    return Plan(view.domain, view.level, view.mode, questions, again=ids, again_of=view.public_id)


@dataclass(frozen=True, slots=True)
class Shift:
    """The levels (0–4) of one criterion, before and after."""

    name: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """The first answers to one question, before and after; `why_not` says why no comparison is made, empty where one is.

    `shifts` are the criteria that both grades have; `gained`, `lost` and `still` the key points that are met only after,
    only before, and in neither.
    """

    before: TurnView
    after: TurnView
    why_not: str
    shifts: tuple[Shift, ...]
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    still: tuple[str, ...]

    @property
    def comparable(self) -> bool:
        """Whether both answers have a score from the same engine."""
        return not self.why_not


def compare(before: InterviewView, after: InterviewView) -> list[Comparison]:
    """What has changed in the answers to the questions that both interviews have asked, in the order of the later one."""
    earlier = {turn.question_id: turn for turn in reversed(before.answered) if turn.move in TOPIC_MOVES}
    asked = [turn for turn in after.answered if turn.move in TOPIC_MOVES and turn.question_id is not None]
    return [_compare(earlier[turn.question_id], turn) for turn in asked if turn.question_id in earlier]


def _compare(before: TurnView, after: TurnView) -> Comparison:
    old, new = before.grade, after.grade
    levels = {criterion.name: criterion.level for criterion in old.criteria} if old else {}
    shifts = [
        Shift(one.name, levels[one.name], one.level) for one in (new.criteria if new else ()) if one.name in levels
    ]
    was, now = _points(before), _points(after)
    return Comparison(
        before,
        after,
        why_not=_why_not(before, after),
        shifts=tuple(shifts),
        gained=tuple(point for point, met in now.items() if met and was.get(point) is False),
        lost=tuple(point for point, met in now.items() if not met and was.get(point)),
        still=tuple(point for point, met in now.items() if not met and was.get(point) is False),
    )


def _why_not(before: TurnView, after: TurnView) -> str:
    if before.skipped or after.skipped:
        when = "before" if not after.skipped else "both times" if before.skipped else "this time"
        return f"This question was skipped {when}, so there is nothing to compare."
    if any(turn.grade is None or turn.grade.score is None for turn in (before, after)):
        return "One of these answers has no score, so there is nothing to compare."
    return "" if before.source == after.source else "Different graders gave these scores, so they are not compared."


def _points(turn: TurnView) -> dict[str, bool]:
    """The key points of a turn, and whether each is met."""
    return {found.point: found.status == "met" for found in turn.grade.points} if turn.grade else {}
