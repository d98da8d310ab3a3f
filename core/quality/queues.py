"""What waits for whom: flagged questions and disputed scores, as the pages read them."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from core.accounts.manage import within_reach
from core.accounts.permissions import Role, Viewer
from core.interview.model import QUESTION_FLAGS, TOPIC_MOVES, FlagKind, Move
from core.storage.feedback_tables import Flag
from core.storage.tables import GradeRow, Interview, Person, Turn

KINDS = {Role.LEARNER: (), Role.MANAGER: (FlagKind.SCORE,), Role.ADMIN: tuple(FlagKind)}
"""Who deals with which flags."""


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


@dataclass(frozen=True, slots=True)
class DisputedScore:
    """A score that a learner disagrees with, and why; `score` is the one in force."""

    id: int
    reason: str
    flagged_at: dt.datetime
    learner: str
    interview: str
    number: int
    domain: str
    skill: str
    level: int
    score: int | None
    is_sample: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """A flag of the learner's own that somebody has dealt with."""

    kind: FlagKind
    interview: str
    number: int


class Asked(NamedTuple):
    """What the interviewer said in one turn."""

    number: int
    move: Move
    message: str


def flagged(viewer: Viewer) -> Select[Flag, Turn, Interview]:
    """The flags that are the viewer's to deal with; nobody judges the dispute of their own score."""
    return (
        select(Flag, Turn, Interview)
        .join(Turn, Turn.id == Flag.turn_id)
        .join(Interview, Interview.id == Turn.interview_id)
        .join(Person, Person.id == Interview.learner_id)
        .where(Flag.kind.in_(KINDS[viewer.role]), within_reach(viewer))
        .where(or_(Flag.kind != FlagKind.SCORE, Person.id != viewer.id))
    )


def waiting(session: Session, viewer: Viewer) -> int:
    """How many flags wait for this viewer."""
    return session.scalar(flagged(viewer).where(Flag.closed_at.is_(None)).with_only_columns(func.count())) or 0


def flagged_questions(session: Session, viewer: Viewer, limit: int) -> Sequence[FlaggedQuestion]:
    """The flagged questions that wait, oldest first: administrators' work."""
    open_ = flagged(viewer).where(Flag.closed_at.is_(None), Flag.kind.in_(QUESTION_FLAGS))
    rows = session.execute(open_.order_by(Flag.flagged_at).limit(limit)).all()
    asked = _asked(session, {turn.interview_id for _, turn, _ in rows})
    return [_question(flag, turn, interview, asked[interview.id]) for flag, turn, interview in rows]


def disputed_scores(session: Session, viewer: Viewer, limit: int) -> Sequence[DisputedScore]:
    """The disputed scores that wait, oldest first: those of a manager's own learners, or all."""
    query = (
        flagged(viewer)
        .with_only_columns(Flag, Turn, Interview, Person.name, GradeRow.score)
        .outerjoin(GradeRow, (GradeRow.turn_id == Turn.id) & GradeRow.is_current)
        .where(Flag.closed_at.is_(None), Flag.kind == FlagKind.SCORE)
        .order_by(Flag.flagged_at)
        .limit(limit)
    )
    return [
        DisputedScore(
            id=flag.id,
            reason=flag.words,
            flagged_at=flag.flagged_at,
            learner=learner,
            interview=interview.public_id,
            number=turn.number,
            domain=interview.domain,
            skill=turn.skill,
            level=turn.level,
            score=score,
            is_sample=interview.is_sample,
        )
        for flag, turn, interview, learner, score in session.execute(query)
    ]


def answered(session: Session, learner_id: int, since: dt.datetime) -> Sequence[Answered]:
    """The learner's own flags that were dealt with since then, newest first."""
    query = (
        select(Flag.kind, Interview.public_id, Turn.number)
        .join(Turn, Turn.id == Flag.turn_id)
        .join(Interview, Interview.id == Turn.interview_id)
        .where(Interview.learner_id == learner_id, Flag.closed_at >= since)
        .order_by(Flag.closed_at.desc())
    )
    return [Answered(FlagKind(kind), name, number) for kind, name, number in session.execute(query)]


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
