"""What managers set their learners: so many interviews in a domain by a day; and who has done it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Select, case, delete, func, or_, select
from sqlalchemy.orm import Session

from core.accounts.people import People
from core.accounts.permissions import Role, Viewer
from core.domains import Domain
from core.engines.base import Fault, ServiceError
from core.storage.count_tables import InterviewRollup
from core.storage.ids import new_public_id
from core.storage.programme_tables import Assignment
from core.storage.tables import Cohort, Enrolment, Interview, Person

MOST = 50
"""Interviews in one assignment."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be done: `level` None leaves it open, and so do no skills; `learner_id` None means the whole cohort."""

    cohort_id: int
    domain: str
    interviews: int
    due_on: dt.date
    level: int | None = None
    skills: tuple[str, ...] = ()
    learner_id: int | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """An assignment as a learner sees it."""

    public_id: str
    domain: str
    level: int | None
    skills: tuple[str, ...]
    interviews: int
    done: int
    due_on: dt.date


def assign(people: People, viewer: Viewer, wish: Wish, domains: Mapping[str, Domain], now: dt.datetime) -> str:
    """Set it; returns its public id. Raises ServiceError with a sentence for what can't be set."""
    if wish.cohort_id not in _looked_after(people, viewer):
        raise ServiceError(Fault.NOT_FOUND, "This cohort could not be found.", retryable=False)
    domain = domains.get(wish.domain)
    if domain is None or not set(wish.skills) <= set(domain.skills):
        raise _refused("Choose a domain and skills that it has.")
    if not 1 <= wish.interviews <= MOST or (wish.level is not None and not 1 <= wish.level <= 5):
        raise _refused(f"Set between 1 and {MOST} interviews, at a level from 1 to 5.")
    if wish.due_on < now.date():
        raise _refused("The day by which it is due lies in the past.")

    def work(session: Session) -> str:
        member = select(Enrolment.person_id).filter_by(person_id=wish.learner_id, cohort_id=wish.cohort_id)
        if wish.learner_id is not None and session.scalar(member) is None:
            raise ServiceError(Fault.NOT_FOUND, "This learner could not be found in the cohort.", retryable=False)
        row = Assignment(
            public_id=new_public_id(), cohort_id=wish.cohort_id, learner_id=wish.learner_id, author_id=viewer.id,
            domain=wish.domain, level=wish.level, interviews=wish.interviews, skills=list(wish.skills), set_at=now,
            due_on=wish.due_on,
        )  # fmt: skip
        session.add(row)
        return row.public_id

    return people.database.run(work)


def withdraw(people: People, viewer: Viewer, public_id: str) -> None:
    """Take an assignment of one of the viewer's cohorts back; one that is gone already stays gone."""
    own = Assignment.cohort_id.in_(_looked_after(people, viewer))
    statement = delete(Assignment).where(Assignment.public_id == public_id, own)
    people.database.run(lambda session: session.execute(statement))


def _looked_after(people: People, viewer: Viewer) -> set[int]:
    """The cohorts that the viewer may set something: a learner is in some, and looks after none."""
    return set() if viewer.role is Role.LEARNER else {cohort.id for cohort in people.cohorts_of(viewer)}


def open_tasks(session: Session, learner_id: int, today: dt.date) -> list[Task]:
    """What the learner is still to do, the most urgent first; overdue for two weeks, then forgotten."""
    mine = select(Enrolment.cohort_id).filter_by(person_id=learner_id)
    query = (
        select(Assignment)
        .where(
            Assignment.cohort_id.in_(mine), or_(Assignment.learner_id.is_(None), Assignment.learner_id == learner_id)
        )
        .where(Assignment.due_on >= today - dt.timedelta(days=14))
        .order_by(Assignment.due_on, Assignment.id)
    )
    rows = session.scalars(query).all()
    done = {row.id: _number_done(session, row, learner_id) for row in rows}
    return [
        Task(row.public_id, row.domain, row.level, tuple(row.skills), row.interviews, done[row.id], row.due_on)
        for row in rows
        if done[row.id] < row.interviews
    ]


def set_in(session: Session, cohort_ids: Sequence[int]) -> list[int]:
    """The ids of the assignments of these cohorts, the latest due first."""
    query = select(Assignment.id).where(Assignment.cohort_id.in_(cohort_ids))
    return list(session.scalars(query.order_by(Assignment.due_on.desc(), Assignment.id.desc())))


def progress_of(session: Session, assignment_ids: Sequence[int]) -> pd.DataFrame:
    """These assignments, the latest due first, and how many have done each.

    Columns: public_id, cohort, learner (None for the whole cohort), domain, level, skills, interviews, due_on, people
    (whom it is set), finished (how many of them have done it).
    """
    query = (
        select(Assignment, Cohort.name, Person.name)
        .join(Cohort, Cohort.id == Assignment.cohort_id)
        .outerjoin(Person, Person.id == Assignment.learner_id)
        .where(Assignment.id.in_(assignment_ids))
        .order_by(Assignment.due_on.desc(), Assignment.id.desc())
    )
    rows = []
    people: dict[tuple[int, int | None], int] = {}
    for task, cohort, learner in session.execute(query):
        whom = task.cohort_id, task.learner_id
        if whom not in people:
            people[whom] = session.scalar(select(func.count()).select_from(_whom(task, Person.id).subquery())) or 0
        finished = select(func.count()).select_from(_finished(task).subquery())
        rows.append(
            {
                "public_id": task.public_id, "cohort": cohort, "learner": learner, "domain": task.domain,
                "level": task.level, "skills": task.skills, "interviews": task.interviews, "due_on": task.due_on,
                "people": people[whom], "finished": session.scalar(finished),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def missing_names(session: Session, public_id: str, cohort_ids: Sequence[int], most: int) -> list[str]:
    """Who hasn't done an assignment of these cohorts yet, by name, the first `most`; nobody where it is gone."""
    query = select(Assignment).where(Assignment.public_id == public_id, Assignment.cohort_id.in_(cohort_ids))
    task = session.scalar(query)
    if task is None:
        return []
    missing = _whom(task, Person.name).where(Person.id.not_in(_finished(task)))
    return list(session.scalars(missing.order_by(Person.name, Person.id).limit(most)))


def _whom(task: Assignment, *columns: Any) -> Select[Any]:
    """The persons whom it is set."""
    query = select(*columns).join(Enrolment, Enrolment.person_id == Person.id)
    query = query.where(Enrolment.cohort_id == task.cohort_id, Person.role == "learner")
    return query if task.learner_id is None else query.where(Person.id == task.learner_id)


def _finished(task: Assignment) -> Select[Any]:
    """The ids of those who have done it, of those whom it is set."""
    learner = InterviewRollup.learner_id
    fitting = _fitting(task, learner).where(learner.in_(_whom(task, Person.id)))
    return fitting.group_by(learner).having(func.count() >= task.interviews)


def _number_done(session: Session, task: Assignment, learner_id: int) -> int:
    query = _fitting(task, func.count()).where(InterviewRollup.learner_id == learner_id)
    return int(session.scalar(query) or 0)


def _fitting(task: Assignment, *columns: Any) -> Select[Any]:
    """The interviews that were finished since it was set and fit it.

    An interview fits that was begun at that level, or in which questions of that level or above were the rule.
    """
    rollup = InterviewRollup
    query = (
        select(*columns)
        .select_from(rollup)
        .where(rollup.domain == task.domain, rollup.finished, rollup.started_at >= task.set_at)
    )
    if task.level is not None:
        served = case((rollup.n > 0, rollup.level_total * 1.0 / rollup.n), else_=0.0)
        query = query.join(Interview, Interview.id == rollup.interview_id)
        query = query.where(or_(Interview.level == task.level, served >= task.level))
    return query


def _refused(sentence: str) -> ServiceError:
    return ServiceError(Fault.BAD_INPUT, sentence, retryable=False)
