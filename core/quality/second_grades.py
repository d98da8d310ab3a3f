"""A person's grade beside the machine's: both are kept and shown, and the person's counts."""

import datetime as dt
from collections.abc import Callable, Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts.people import note
from core.accounts.permissions import Viewer
from core.accounts.transcripts import reach
from core.engines.base import Feedback, Grade
from core.interview import summing_up
from core.interview.marking import refresh_ability
from core.interview.model import FlagKind
from core.interview.records import turn_of
from core.interview.service import refuse
from core.quality.flags import checked, settle
from core.storage import counts
from core.storage.database import Database
from core.storage.feedback_tables import Flag
from core.storage.grades import PERSON
from core.storage.interview_locks import held
from core.storage.tables import GradeRow, Interview, Turn

SCORES = range(1, 11)


class SecondGrades:
    """What managers and administrators say of answers that they may read; refusals are ServiceErrors."""

    def __init__(
        self,
        database: Database,
        now: Callable[[], dt.datetime],
        *,
        kick: Callable[[], None],
        summarised: Collection[str] = (),
    ) -> None:
        """`summarised` are the engines whose interviews get closing words from a model: anew after each grade."""
        self._database, self._now, self._kick, self._summarised = database, now, kick, summarised

    def give(self, viewer: Viewer, public_id: str, number: int, score: int, comment: str) -> None:
        """The viewer's grade of the answer in turn `number`, in place of any person's before; it answers an objection."""
        if score not in SCORES:
            raise refuse("A score is a whole number from 1 to 10.")
        said = checked(comment, "The feedback")
        grade = Grade(score, None, PERSON, "", "", feedback=Feedback("", "", "", comment=said))

        def work(session: Session) -> None:
            interview, turn = self._answer(session, viewer, public_id, number)
            standing = session.scalar(select(GradeRow).filter_by(turn_id=turn.id, is_current=True, source=PERSON))
            if standing is None or (standing.person_id, counts.grade_from_row(standing)) != (viewer.id, grade):
                counts.store_grade(session, interview, turn, grade, source=PERSON, person_id=viewer.id, now=self._now())
                self._follow_up(session, viewer, interview, number, "grade.given")
            objection = session.scalar(
                select(Flag).where(Flag.turn_id == turn.id, Flag.kind == FlagKind.SCORE, Flag.closed_at.is_(None))
            )
            if objection is not None:
                settle(session, objection, viewer.id, self._now(), None)

        self._database.run(work)
        self._kick()

    def withdraw(self, viewer: Viewer, public_id: str, number: int) -> None:
        """Takes the person's grade of turn `number` out of force; the machine's counts again."""

        def work(session: Session) -> None:
            interview, turn = self._answer(session, viewer, public_id, number)
            if counts.withdraw_grade(session, interview, turn) is None:
                raise refuse("No person has graded this answer.")
            self._follow_up(session, viewer, interview, number, "grade.withdrawn")

        self._database.run(work)
        self._kick()

    def _answer(self, session: Session, viewer: Viewer, public_id: str, number: int) -> tuple[Interview, Turn]:
        """The answer, its interview locked, if it is another person's and the viewer may read it."""
        found = reach(session, viewer, public_id)
        if not found.reads(number):
            raise refuse("This learner has not agreed to share what they said, so it can't be graded.")
        interview = held(session, found.interview_id)
        turn = turn_of(session, interview.id, number)
        if turn is None or not turn.answer:
            raise refuse("There is no answer to grade here.")
        return interview, turn

    def _follow_up(self, session: Session, viewer: Viewer, interview: Interview, number: int, action: str) -> None:
        """What rests on the grade in force is made anew, and who changed it is written down."""
        refresh_ability(session, interview)
        summing_up.enqueue_when_due(session, interview, self._summarised, self._now())
        detail = {"interview": interview.public_id, "number": number}
        note(session, self._now(), viewer.id, interview.learner_id, action, **detail)
