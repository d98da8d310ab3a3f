"""Who may read an interview: its learner always; managers the scores, and the words only where that was agreed to."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts.permissions import Role, Viewer
from core.engines.base import Fault, ServiceError
from core.interview.records import InterviewView
from core.interview.service import Interviews
from core.storage.database import Database
from core.storage.tables import Audit, Cohort, Enrolment, Interview, Person, Programme


@dataclass(frozen=True, slots=True)
class Opened:
    """An interview opened by someone: `own` when by its learner, `words` when its text may be shown."""

    view: InterviewView
    own: bool
    words: bool
    learner_name: str


def open_interview(
    database: Database, interviews: Interviews, viewer: Viewer, public_id: str, now: dt.datetime
) -> Opened:
    """The interview for this viewer; a look at another person's leaves an audit row. Raises ServiceError (NOT_FOUND)."""

    def find(session: Session) -> tuple[int, bool, str]:
        found = session.execute(
            select(Interview, Person)
            .join(Person, Person.id == Interview.learner_id)
            .where(Interview.public_id == public_id)
        ).one_or_none()
        if found is None:
            raise _not_found()
        interview, learner = found
        if viewer.role is Role.LEARNER or (viewer.role is Role.MANAGER and not _manages(session, viewer, learner.id)):
            raise _not_found()
        words = learner.share_transcripts or bool(
            session.scalar(
                select(Programme.share_transcripts)
                .join(Cohort, Cohort.programme_id == Programme.id)
                .where(Cohort.id == interview.cohort_id)
            )
        )
        detail = {"interview": interview.public_id, "words": words}
        session.add(Audit(at=now, actor_id=viewer.id, subject_id=learner.id, action="interview.read", detail=detail))
        return learner.id, words, learner.name

    with database.read() as session:
        own = session.scalar(select(Interview.learner_id).filter_by(public_id=public_id)) == viewer.id
    if own:
        return Opened(interviews.view(viewer.id, public_id), own=True, words=True, learner_name=viewer.name)
    learner_id, words, name = database.run(find)
    return Opened(interviews.view(learner_id, public_id), own=False, words=words, learner_name=name)


def _manages(session: Session, viewer: Viewer, learner_id: int) -> bool:
    """Whether the viewer looks after a cohort that the learner is in."""
    theirs = select(Enrolment.cohort_id).filter_by(person_id=learner_id)
    shared = select(Enrolment.cohort_id).where(Enrolment.person_id == viewer.id, Enrolment.cohort_id.in_(theirs))
    return session.scalar(shared.limit(1)) is not None


def _not_found() -> ServiceError:
    return ServiceError(Fault.NOT_FOUND, "This interview could not be found.", retryable=False)
