"""Grades as rows, and rows as grades."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.engines.base import Criterion, Feedback, Grade, PointFound
from core.storage.tables import GradeRow, Turn

PERSON = "person"


def new_row(turn: Turn, grade: Grade, *, source: str, person_id: int | None, now: dt.datetime) -> GradeRow:
    """A row for the grade, not yet added to a session; what is too long for its column is cut."""
    return GradeRow(
        turn_id=turn.id,
        score=grade.score,
        reason=None if grade.reason is None else grade.reason[:500],
        source=source,
        model=grade.model[:120],
        prompt_digest=grade.prompt_digest[:64],
        detail={
            "engine": grade.engine,
            "criteria": [asdict(criterion) for criterion in grade.criteria],
            "points": [asdict(point) for point in grade.points],
            "errors": [list(error) for error in grade.errors],
            "feedback": asdict(grade.feedback),
            "flags": list(grade.flags),
            "estimate": grade.estimate,
        },
        person_id=person_id,
        created_at=now,
    )


def grade_from_row(row: GradeRow) -> Grade:
    """The grade that was stored; what a row from elsewhere lacks in detail is empty."""
    detail = row.detail
    return Grade(
        score=row.score,
        reason=row.reason,
        engine=detail.get("engine", row.source),
        model=row.model,
        prompt_digest=row.prompt_digest,
        criteria=tuple(Criterion(**criterion) for criterion in detail.get("criteria", ())),
        points=tuple(PointFound(**point) for point in detail.get("points", ())),
        errors=tuple((quote, correction) for quote, correction in detail.get("errors", ())),
        feedback=Feedback(**detail.get("feedback", {"strength": "", "gap": "", "next_step": ""})),
        flags=tuple(detail.get("flags", ())),
        estimate=detail.get("estimate"),
    )


def grades_of(session: Session, turn_ids: Collection[int]) -> Sequence[GradeRow]:
    """Every grade of these turns, oldest first."""
    query = select(GradeRow).where(GradeRow.turn_id.in_(turn_ids)).order_by(GradeRow.created_at, GradeRow.id)
    return session.scalars(query).all()


def machine_grade(rows: Sequence[GradeRow]) -> GradeRow | None:
    """The machine's grade in force among a turn's grades, oldest first: the last score, or the last reason for none."""
    machine = [row for row in rows if row.source != PERSON]
    scored = [row for row in machine if row.score is not None]
    found = scored or machine
    return found[-1] if found else None


def outranks(old: GradeRow, new: GradeRow) -> bool:
    """Whether the current grade stays: a person's against a machine's, a score against a machine's failure."""
    if new.source == PERSON:
        return False
    return old.source == PERSON or (old.score is not None and new.score is None)
