"""An interview is kept from other transactions by its row, once in each transaction that changes something of it."""

from collections.abc import Mapping

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from core.storage.tables import Interview

_HELD = "interviews held"


def holding(query: Select[Interview]) -> Select[Interview]:
    """A query for an interview, made one for `hold_found`."""
    # SQLite leaves FOR UPDATE out: its writing transactions exclude each other already.
    return query.with_for_update().execution_options(populate_existing=True)


_BY_ID = holding(select(Interview).where(Interview.id == bindparam("interview_id")))
_LOCKED = select(Interview.cohort_id).where(Interview.id == bindparam("id")).with_for_update()


def held(session: Session, interview_id: int) -> Interview:
    """The interview with this id as it is now; no other transaction changes it before this one ends."""
    interview = hold_found(session, _BY_ID, {"interview_id": interview_id})
    if interview is None:
        raise LookupError(f"there is no interview {interview_id}")
    return interview


def hold_found(session: Session, query: Select[Interview], values: Mapping[str, object]) -> Interview | None:
    """The interview that a `holding` query finds, held."""
    interview = session.scalar(query, values)
    if interview is not None:
        _held(session).add(interview.id)
    return interview


def hold(session: Session, interview: Interview) -> None:
    """Holds an interview that is loaded already; its cohort is read anew, for it may have been merged meanwhile."""
    session.flush()
    if interview.id not in _held(session):
        cohort_id = session.execute(_LOCKED, {"id": interview.id}).scalar_one()
        set_committed_value(interview, "cohort_id", cohort_id)
        _held(session).add(interview.id)


def _held(session: Session) -> set[int]:
    """The ids of those that this transaction holds; every transaction has a session of its own."""
    found: set[int] = session.info.setdefault(_HELD, set())
    return found
