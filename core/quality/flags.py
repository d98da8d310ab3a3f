"""What learners object to: they flag a question or a score, people deal with it, and the learner sees what came of it."""

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from core.accounts.people import note as audit
from core.accounts.permissions import Role, Viewer
from core.engines.base import Fault, ServiceError
from core.interview.model import QUESTION_FLAGS, TOPIC_MOVES, FlagKind, Move
from core.interview.records import find_interview
from core.interview.service import clean_text, refuse
from core.storage.database import Database
from core.storage.feedback_tables import MAX_WORDS, Flag
from core.storage.tables import Interview, Turn


@dataclass(frozen=True, slots=True)
class FlaggedQuestion:
    """A question that waits for an administrator, with where it came from; never who flagged it, nor their answer.

    `before` is what the interviewer said on the same question until then.
    """

    id: int
    kind: FlagKind
    words: str
    flagged_at: dt.datetime
    interview: str
    number: int
    domain: str
    skill: str
    level: int
    move: Move
    question_id: str | None
    before: tuple[str, ...]
    message: str
    hints: tuple[str, ...]
    engine: str
    model: str
    prompt_digest: str
    complied: bool
    is_sample: bool


class Asked(NamedTuple):
    """What the interviewer said in one turn."""

    number: int
    move: Move
    message: str


class Flags:
    """The commands and the queues. Each raises ServiceError with one sentence, and then has changed nothing."""

    def __init__(self, database: Database, now: Callable[[], dt.datetime]) -> None:
        self._database, self._now = database, now

    def flag(self, learner_id: int, public_id: str, number: int, kind: FlagKind, words: str = "") -> None:
        """The learner's own objection to turn `number`; while it is open, saying it again replaces it."""
        said = checked(words, "Your words")

        def work(session: Session) -> None:
            interview = find_interview(session, learner_id, public_id, lock=True)
            turn = session.scalar(select(Turn).filter_by(interview_id=interview.id, number=number))
            if turn is None:
                raise refuse("This question has not been asked yet.")
            same = QUESTION_FLAGS if kind in QUESTION_FLAGS else (kind,)
            flag = session.scalar(select(Flag).where(Flag.turn_id == turn.id, Flag.kind.in_(same)))
            if flag is None:
                flag = Flag(turn_id=turn.id)
                session.add(flag)
            elif flag.closed_at is not None:
                raise refuse("This has been dealt with already; the answer stands beside it.")
            flag.kind, flag.words, flag.flagged_at = kind, said, self._now()

        self._database.run(work)

    def questions(self, viewer: Viewer, limit: int) -> Sequence[FlaggedQuestion]:
        """The flagged questions that wait, oldest first: administrators' work."""
        if viewer.role is not Role.ADMIN:
            return []
        query = (
            select(Flag, Turn, Interview)
            .join(Turn, Turn.id == Flag.turn_id)
            .join(Interview, Interview.id == Turn.interview_id)
            .where(Flag.closed_at.is_(None), Flag.kind.in_(QUESTION_FLAGS))
            .order_by(Flag.flagged_at)
            .limit(limit)
        )
        with self._database.read() as session:
            rows = session.execute(query).all()
            asked = _asked(session, {turn.interview_id for _, turn, _ in rows})
        return [_question(flag, turn, interview, asked[interview.id]) for flag, turn, interview in rows]

    def close(self, viewer: Viewer, flag_id: int, note: str) -> None:
        """Deal with a flag; the learner reads the note."""
        said = checked(note, "The note")
        if not said:
            raise refuse("Say in a note what came of it: the learner reads it.")

        def work(session: Session) -> None:
            flag, turn, interview = self._find(session, viewer, flag_id)
            if flag.closed_at is not None:
                raise refuse("Somebody else has dealt with this already.")
            settle(session, flag, viewer.id, self._now(), said)
            detail = {"interview": interview.public_id, "number": turn.number, "kind": flag.kind}
            audit(session, self._now(), viewer.id, interview.learner_id, "flag.closed", **detail)

        self._database.run(work)

    def _find(self, session: Session, viewer: Viewer, flag_id: int) -> tuple[Flag, Turn, Interview]:
        """The flag, locked, if it is the viewer's to deal with."""
        found = session.execute(
            select(Flag, Turn, Interview)
            .join(Turn, Turn.id == Flag.turn_id)
            .join(Interview, Interview.id == Turn.interview_id)
            .where(Flag.id == flag_id, _theirs(viewer))
            .with_for_update()
        ).one_or_none()
        if found is None:
            raise ServiceError(Fault.NOT_FOUND, "This could not be found.", retryable=False)
        flag, turn, interview = found
        return flag, turn, interview


def checked(words: str, what: str) -> str:
    """The words as they are stored; a refusal when they are too long."""
    said = clean_text(words).strip()
    if len(said) > MAX_WORDS:
        raise refuse(f"{what} can have {MAX_WORDS:,} characters; there are {len(said):,}.")
    return said


def settle(session: Session, flag: Flag, person_id: int, now: dt.datetime, note: str | None) -> None:
    """Mark the flag as dealt with."""
    flag.closed_at, flag.closed_by, flag.note = now, person_id, note
    session.flush()


def _theirs(viewer: Viewer) -> ColumnElement[bool]:
    """The flags that the viewer deals with: questions are an administrator's."""
    return Flag.kind.in_(QUESTION_FLAGS if viewer.role is Role.ADMIN else ())


def _asked(session: Session, interview_ids: Collection[int]) -> dict[int, list[Asked]]:
    """What was said in each interview, in order."""
    query = select(Turn.interview_id, Turn.number, Turn.move, Turn.message).where(Turn.interview_id.in_(interview_ids))
    asked: dict[int, list[Asked]] = {}
    for interview_id, number, move, message in session.execute(query.order_by(Turn.number)):
        asked.setdefault(interview_id, []).append(Asked(number, Move(move), message))
    return asked


def _question(flag: Flag, turn: Turn, interview: Interview, asked: Sequence[Asked]) -> FlaggedQuestion:
    until = [one for one in asked if one.number <= turn.number]
    first = max((one.number for one in until if one.move in TOPIC_MOVES), default=1)
    return FlaggedQuestion(
        id=flag.id,
        kind=FlagKind(flag.kind),
        words=flag.words,
        flagged_at=flag.flagged_at,
        interview=interview.public_id,
        number=turn.number,
        domain=interview.domain,
        skill=turn.skill,
        level=turn.level,
        move=Move(turn.move),
        question_id=turn.question_id,
        before=tuple(one.message for one in until if first <= one.number < turn.number),
        message=turn.message,
        hints=tuple(str(hint["text"]) for hint in turn.hints),
        engine=turn.engine,
        model=turn.model,
        prompt_digest=turn.prompt_digest,
        complied=turn.complied,
        is_sample=interview.is_sample,
    )
