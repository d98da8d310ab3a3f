"""Scores taken out of Viva: who may have them, and the trace that it leaves with every learner who is named in them."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core.accounts.manage import within_reach
from core.accounts.people import note
from core.accounts.permissions import Role, Viewer
from core.engines.base import Fault, ServiceError
from core.storage.count_tables import LearnerCount
from core.storage.database import Database
from core.storage.tables import Audit, Cohort, Enrolment, Person

NAMED = "scores.exported"


def begin_export(
    database: Database, viewer: Viewer | None, cohort_id: int, now: dt.datetime, *, named: bool
) -> dict[int, str]:
    """Writes down that a cohort's scores are taken, and returns the names that may stand in them: none unless `named`.

    Without a viewer it is the operator, at the terminal. Raises ServiceError (NOT_FOUND) when the viewer doesn't look after
    the cohort. Learners who have left the viewer's cohorts are not named.
    """

    def work(session: Session) -> dict[int, str]:
        if viewer is not None and not _looks_after(session, viewer, cohort_id):
            raise ServiceError(Fault.NOT_FOUND, "This cohort could not be found.", retryable=False)
        found = _counted_in(session, viewer, cohort_id) if named else {}
        actor = viewer.id if viewer else None
        note(session, now, actor, None, "cohort.exported", cohort=cohort_id, named=len(found))
        _note_named(session, actor, list(found), now)
        return found

    return database.run(work)


def note_export(database: Database, viewer: Viewer, learner_ids: Sequence[int], now: dt.datetime) -> None:
    """Writes down that a table with these learners' names was taken; ServiceError (NOT_FOUND) when one is out of reach."""

    def work(session: Session) -> None:
        wanted = set(learner_ids)
        found = set(session.scalars(select(Person.id).where(Person.id.in_(wanted), within_reach(viewer))))
        if found != wanted:
            raise ServiceError(Fault.NOT_FOUND, "These learners could not be found.", retryable=False)
        _note_named(session, viewer.id, sorted(wanted), now)

    database.run(work)


def find_cohort(database: Database, wanted: str) -> Cohort:
    """The cohort with this id, as the address of the Cohorts page has it, or this name; ValueError when there isn't just one."""
    with database.read() as session:
        found = session.scalars(select(Cohort).where((Cohort.public_id == wanted) | (Cohort.name == wanted))).all()
    if len(found) != 1:
        many = f"More than one cohort is called “{wanted}”: give its id, as the address of the Cohorts page has it."
        raise ValueError(many if found else f"There is no cohort “{wanted}”.")
    return found[0]


def _looks_after(session: Session, viewer: Viewer, cohort_id: int) -> bool:
    if viewer.role is Role.ADMIN:
        return session.get(Cohort, cohort_id) is not None
    return viewer.role is Role.MANAGER and session.get(Enrolment, (viewer.id, cohort_id)) is not None


def _counted_in(session: Session, viewer: Viewer | None, cohort_id: int) -> dict[int, str]:
    """Who began interviews in the cohort, as far as they are the viewer's to see."""
    theirs = select(LearnerCount.learner_id).where(LearnerCount.cohort_id == cohort_id)
    people = select(Person.id, Person.name).where(Person.id.in_(theirs))
    return dict(session.execute(people if viewer is None else people.where(within_reach(viewer))).all())


def _note_named(session: Session, actor_id: int | None, learner_ids: Sequence[int], now: dt.datetime) -> None:
    same: dict[str, Any] = {"at": now, "actor_id": actor_id, "action": NAMED, "detail": {}}
    rows = [{**same, "subject_id": id_} for id_ in learner_ids]
    if rows:
        session.execute(insert(Audit), rows)
