"""What learners object to: they flag a question or a score, people deal with it, and the learner reads what came of it."""

import datetime as dt
from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts.people import note as audit
from core.accounts.permissions import Viewer
from core.engines.base import Fault, ServiceError
from core.interview.model import QUESTION_FLAGS, FlagKind
from core.interview.records import find_interview, turn_of
from core.interview.service import clean_text, refuse
from core.quality.queues import flagged
from core.storage.database import Database
from core.storage.feedback_tables import MAX_WORDS, Flag
from core.storage.tables import GradeRow


class Flags:
    """The commands; each raises ServiceError with one sentence, and then has changed nothing."""

    def __init__(self, database: Database, now: Callable[[], dt.datetime]) -> None:
        self._database, self._now = database, now

    def flag(self, learner_id: int, public_id: str, number: int, kind: FlagKind, words: str = "") -> None:
        """The learner's own objection to turn `number`; while it is open, saying it again replaces it."""
        said = checked(words, "Your words")
        if kind is FlagKind.SCORE and not said:
            raise refuse("Say why you disagree, so that somebody can look at it.")

        def work(session: Session) -> None:
            interview = find_interview(session, learner_id, public_id, lock=True)
            turn = turn_of(session, interview.id, number)
            if turn is None:
                raise refuse("This question has not been asked yet.")
            score = select(GradeRow.score).where(GradeRow.turn_id == turn.id, GradeRow.is_current)
            if kind is FlagKind.SCORE and session.scalar(score) is None:
                raise refuse("This answer has no score to disagree with.")
            same = QUESTION_FLAGS if kind in QUESTION_FLAGS else (kind,)
            flag = session.scalar(select(Flag).where(Flag.turn_id == turn.id, Flag.kind.in_(same)))
            if flag is None:
                flag = Flag(turn_id=turn.id)
                session.add(flag)
            elif flag.closed_at is not None:
                raise refuse("This has been dealt with already; the answer stands beside it.")
            flag.kind, flag.words, flag.flagged_at = kind, said, self._now()

        self._database.run(work)

    def close(self, viewer: Viewer, flag_id: int, note: str) -> None:
        """Deal with a flag; the learner reads the note."""
        said = checked(note, "The note")
        if not said:
            raise refuse("Say in a note what came of it: the learner reads it.")

        def work(session: Session) -> None:
            found = session.execute(flagged(viewer).where(Flag.id == flag_id).with_for_update()).one_or_none()
            if found is None:
                raise ServiceError(Fault.NOT_FOUND, "This could not be found.", retryable=False)
            flag, turn, interview = found
            if flag.closed_at is not None:
                raise refuse("Somebody else has dealt with this already.")
            settle(session, flag, viewer.id, self._now(), said)
            detail = {"interview": interview.public_id, "number": turn.number, "kind": flag.kind}
            audit(session, self._now(), viewer.id, interview.learner_id, "flag.closed", **detail)

        self._database.run(work)


def checked(words: str, what: str) -> str:
    """The words as they are stored; a refusal when they are too long."""
    said = clean_text(words).strip()
    if len(said) > MAX_WORDS:
        raise refuse(f"{what} can have {MAX_WORDS:,} characters; there are {len(said):,}.")
    return said


def settle(session: Session, flag: Flag, person_id: int, now: dt.datetime, note: str | None) -> None:
    """Mark the flag as dealt with; without a note what came of it stands beside it."""
    flag.closed_at, flag.closed_by, flag.note = now, person_id, note
    session.flush()
