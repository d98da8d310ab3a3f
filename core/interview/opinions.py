"""What was said of each answer: its grades, by machines and by people, and what the learner objected to."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from core.engines.base import Grade
from core.interview.model import FlagKind
from core.storage.feedback_tables import Flag
from core.storage.grades import PERSON, grade_from_row, machine_grade
from core.storage.tables import GradeRow, Person, Turn


@dataclass(frozen=True, slots=True)
class GradeView:
    """A stored grade: `source` says what made it, `by` which person, None where nobody did or they are erased."""

    grade: Grade
    source: str
    by: str | None
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class FlagView:
    """What the learner objected to, when, and what came of it: `closed_at` is None while it waits."""

    kind: FlagKind
    words: str
    flagged_at: dt.datetime
    closed_at: dt.datetime | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Opinions:
    """The grade in force, and the two that stand beside each other: the person's is in force where there is one.

    `superseded` are the grades that are none of these any more, oldest first.
    """

    current: GradeView | None = None
    machine: GradeView | None = None
    person: GradeView | None = None
    superseded: tuple[GradeView, ...] = ()
    flags: tuple[FlagView, ...] = ()

    @property
    def question_flag(self) -> FlagView | None:
        """What the learner finds wrong with the question."""
        return next((flag for flag in self.flags if flag.kind is not FlagKind.SCORE), None)

    @property
    def score_flag(self) -> FlagView | None:
        """That, and why, the learner disagrees with the score."""
        return next((flag for flag in self.flags if flag.kind is FlagKind.SCORE), None)


# Statements that every turn needs are made once: making one takes longer than running it.
_GRADES = (
    select(GradeRow, Person.name)
    .join(Turn, Turn.id == GradeRow.turn_id)
    .outerjoin(Person, Person.id == GradeRow.person_id)
    .where(Turn.interview_id == bindparam("interview_id"))
    .order_by(GradeRow.created_at, GradeRow.id)
)
_FLAGS = (
    select(Flag)
    .join(Turn, Turn.id == Flag.turn_id)
    .where(Turn.interview_id == bindparam("interview_id"))
    .order_by(Flag.flagged_at)
)


def opinions_of(session: Session, interview_id: int) -> dict[int, Opinions]:
    """What was said of each turn of an interview, by turn row id; a turn of which nothing was said is left out."""
    grades: dict[int, list[tuple[GradeRow, str | None]]] = {}
    for row, name in session.execute(_GRADES, {"interview_id": interview_id}):
        grades.setdefault(row.turn_id, []).append((row, name))
    flags: dict[int, list[FlagView]] = {}
    for flag in session.scalars(_FLAGS, {"interview_id": interview_id}):
        view = FlagView(FlagKind(flag.kind), flag.words, flag.flagged_at, flag.closed_at, flag.note)
        flags.setdefault(flag.turn_id, []).append(view)
    return {
        turn_id: _opinions(grades.get(turn_id, ()), flags.get(turn_id, ())) for turn_id in grades.keys() | flags.keys()
    }


def _opinions(grades: Sequence[tuple[GradeRow, str | None]], flags: Sequence[FlagView]) -> Opinions:
    views = {row.id: GradeView(grade_from_row(row), row.source, name, row.created_at) for row, name in grades}
    current = next((row for row, _ in grades if row.is_current), None)
    machine = machine_grade([row for row, _ in grades])
    shown = {row.id for row in (current, machine) if row is not None}
    return Opinions(
        current=views[current.id] if current else None,
        machine=views[machine.id] if machine else None,
        person=views[current.id] if current and current.source == PERSON else None,
        superseded=tuple(views[row.id] for row, _ in grades if row.id not in shown),
        flags=tuple(flags),
    )
