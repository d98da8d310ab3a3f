"""Who may read an interview: its learner always; managers the scores, and the words only where that was agreed to."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts.manage import within_reach
from core.accounts.people import note
from core.accounts.permissions import Viewer
from core.engines.base import Fault, ServiceError
from core.interview.model import FlagKind
from core.interview.records import InterviewView
from core.interview.service import Interviews
from core.storage.database import Database
from core.storage.feedback_tables import Flag
from core.storage.tables import Audit, Cohort, Interview, Person, Programme, Turn

ONE_LOOK = dt.timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Reach:
    """What one of the staff may see of a learner's interview.

    `words` when all of its text may be shown; where not, the answers in the turns `objected`, whose score the learner asked
    them to look at, still may.
    """

    interview_id: int
    learner_id: int
    learner_name: str
    words: bool
    objected: frozenset[int]

    def reads(self, number: int) -> bool:
        """Whether the answer of turn `number` may be shown."""
        return self.words or number in self.objected


@dataclass(frozen=True, slots=True)
class Opened:
    """An interview opened by someone: `own` when by its learner; `reach` is None then, for nothing is kept from them."""

    view: InterviewView
    learner_name: str
    reach: Reach | None = None

    @property
    def own(self) -> bool:
        return self.reach is None

    @property
    def words(self) -> bool:
        """Whether all of its text may be shown."""
        return self.reach is None or self.reach.words

    def reads(self, number: int) -> bool:
        """Whether the answer of turn `number` may be shown."""
        return self.reach is None or self.reach.reads(number)


def reach(session: Session, viewer: Viewer, public_id: str) -> Reach:
    """What the viewer may see of another person's interview; raises ServiceError (NOT_FOUND) when nothing."""
    found = session.execute(
        select(Interview, Person)
        .join(Person, Person.id == Interview.learner_id)
        .where(Interview.public_id == public_id, Person.id != viewer.id, within_reach(viewer))
    ).one_or_none()
    if found is None:
        raise ServiceError(Fault.NOT_FOUND, "This interview could not be found.", retryable=False)
    interview, learner = found
    shared = (
        select(Programme.share_transcripts)
        .join(Cohort, Cohort.programme_id == Programme.id)
        .where(Cohort.id == interview.cohort_id)
    )
    there = interview.words_removed_at is None
    words = there and (learner.share_transcripts or bool(session.scalar(shared)))
    objected = (
        select(Turn.number)
        .join(Flag, Flag.turn_id == Turn.id)
        .where(Turn.interview_id == interview.id, Flag.kind == FlagKind.SCORE)
    )
    asked = frozenset(session.scalars(objected)) if there else frozenset()
    return Reach(interview.id, learner.id, learner.name, words, asked)


def noted_lately(
    session: Session, viewer: Viewer, learner_id: int, now: dt.datetime, action: str, detail: dict[str, Any]
) -> bool:
    """Whether this very look is written down already: a page is drawn many times while somebody reads it."""
    lately = select(Audit.detail).where(
        Audit.subject_id == learner_id,
        Audit.actor_id == viewer.id,
        Audit.action == action,
        Audit.at > now - ONE_LOOK,
    )
    return any(row == detail for row in session.scalars(lately))


def open_interview(
    database: Database, interviews: Interviews, viewer: Viewer, public_id: str, now: dt.datetime
) -> Opened:
    """The interview for this viewer; a look at another person's leaves an audit row. Raises ServiceError (NOT_FOUND)."""

    def look(session: Session) -> Reach:
        found = reach(session, viewer, public_id)
        detail = {"interview": public_id, "words": found.words}
        if not noted_lately(session, viewer, found.learner_id, now, "interview.read", detail):
            note(session, now, viewer.id, found.learner_id, "interview.read", **detail)
        return found

    with database.read() as session:
        own = session.scalar(select(Interview.learner_id).filter_by(public_id=public_id)) == viewer.id
    if own:
        return Opened(interviews.view(viewer.id, public_id), viewer.name)
    found = database.run(look)
    return Opened(interviews.view(found.learner_id, public_id), found.learner_name, found)
