"""Grade again: what the machine could not grade for its learner, and any answer for staff who may read it."""

import datetime as dt
from collections.abc import Callable, Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts.people import note
from core.accounts.permissions import Viewer
from core.accounts.transcripts import reach
from core.interview.marking import enqueue_grades
from core.interview.records import find_interview, turns_of
from core.interview.service import refuse
from core.storage.database import Database
from core.storage.interview_locks import held
from core.storage.tables import Interview


class Regrading:
    """Queues answers to be graded again by the engine of their interview; the grades before are kept."""

    def __init__(
        self,
        database: Database,
        now: Callable[[], dt.datetime],
        *,
        kick: Callable[[], None],
        graders: Collection[str],
    ) -> None:
        self._database, self._now, self._kick, self._graders = database, now, kick, graders

    def available(self, engine: str) -> bool:
        """Whether interviews of this engine can be graded again: scores of different engines are not mixed."""
        return engine in self._graders

    def again(self, viewer: Viewer, public_id: str, number: int | None = None) -> int:
        """Queue the answer of turn `number`, or all answers, and say how many; raises ServiceError where there is none."""

        def work(session: Session) -> int:
            own = session.scalar(select(Interview.id).filter_by(public_id=public_id, learner_id=viewer.id)) is not None
            count = (self._missing if own else self._any)(session, viewer, public_id, number)
            if count == 0:
                raise refuse("There is no answer here to grade again.")
            return count

        count = self._database.run(work)
        self._kick()
        return count

    def _missing(self, session: Session, viewer: Viewer, public_id: str, number: int | None) -> int:
        """The learner's own answers that have no score: a score is for people to look at again, not for luck."""
        interview = find_interview(session, viewer.id, public_id, lock=True)
        self._check(interview)
        return enqueue_grades(session, interview, self._now(), only=None if number is None else {number})

    def _any(self, session: Session, viewer: Viewer, public_id: str, number: int | None) -> int:
        found = reach(session, viewer, public_id)
        interview = held(session, found.interview_id)
        self._check(interview)
        wanted = {turn.number for turn in turns_of(session, interview.id) if number in (None, turn.number)}
        readable = {each for each in wanted if found.reads(each)}
        if wanted and not readable:
            raise refuse("This learner has not agreed to share what they said, so you can't have it graded again.")
        count = enqueue_grades(session, interview, self._now(), only=readable, scored=True)
        detail = {"interview": public_id, "numbers": sorted(readable)}
        note(session, self._now(), viewer.id, found.learner_id, "grade.again", **detail)
        return count

    def _check(self, interview: Interview) -> None:
        if not self.available(interview.engine):
            raise refuse("What graded these answers is not set up here, so they can't be graded again.")
