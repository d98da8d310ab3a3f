"""All scores of a cohort, answer by answer, read in parts: what is in memory does not grow with their number."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.domains import Domain
from core.storage.database import Database
from core.storage.facts import hints_of
from core.storage.tables import GradeRow, Interview, Person, Turn
from core.storage.upserts import dialect_of

INTERVIEWS = 250
"""Interviews read at a time; no transaction stays open for longer than that takes, however slow the reader is."""
COLUMNS = ("Learner", "Name", "Interview", "Begun (UTC)", "Domain", "Mode", "Question", "Skill", "Level", "Hints",
           "Input", "Answered (UTC)", "Score", "Not graded because", "Graded by", "Model")  # fmt: skip


def score_rows(
    database: Database, cohort_id: int, domains: Mapping[str, Domain], names: Mapping[int, str]
) -> Iterator[tuple[Any, ...]]:
    """A row of COLUMNS for each graded answer, and each that could not be graded, the oldest interview first.

    Learner and interview are their public ids, the same in every export; `names` has those learners' names who may be named.
    """
    with database.read() as session:
        here = Interview.cohort_id == cohort_id
        weeks = session.scalars(select(Interview.week).where(here).distinct().order_by(Interview.week)).all()
    for week in weeks:
        this_week = select(Interview.id).where(here, Interview.week == week)
        with database.read() as session:
            ids = session.scalars(this_week.order_by(Interview.started_at, Interview.id)).all()
        for first in range(0, len(ids), INTERVIEWS):
            with database.read() as session:
                wanted = Interview.id.in_(ids[first : first + INTERVIEWS])
                rows = session.execute(_query(session).where(wanted)).all()
            for learner_id, public_id, interview, begun, domain, mode, number, skill, *rest in rows:
                known = domains.get(domain)
                yield (
                    public_id, names.get(learner_id, ""), interview, begun, known.name if known else domain, mode, number,
                    known.skills.get(skill, skill) if known else skill, *rest,
                )  # fmt: skip


def _query(session: Session) -> Select[Any]:
    columns: list[Any] = [
        Person.id, Person.public_id, Interview.public_id, Interview.started_at, Interview.domain, Interview.mode, Turn.number,
        Turn.skill, Turn.level, hints_of(dialect_of(session)), Turn.input_mode, Turn.answered_at, GradeRow.score,
        GradeRow.reason, GradeRow.source, GradeRow.model,
    ]  # fmt: skip
    return (
        select(*columns)
        .select_from(Interview)
        .join(Person, Person.id == Interview.learner_id)
        .join(Turn, Turn.interview_id == Interview.id)
        .join(GradeRow, (GradeRow.turn_id == Turn.id) & GradeRow.is_current)
        .order_by(Interview.started_at, Interview.id, Turn.number)
    )
