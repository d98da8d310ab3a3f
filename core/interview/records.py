"""From rows to the pure words of model.py, and to what pages show."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from core.domains import Domain
from core.engines.base import Fault, Grade, ServiceError
from core.interview.jobs import FAILED, QUEUED, RUNNING
from core.interview.model import HINT_RUNGS, TOPIC_MOVES, Mode, Move, PastTurn, Phase, Step, keeps_scores
from core.interview.opinions import Opinions, opinions_of
from core.storage.interview_locks import hold_found, holding
from core.storage.review_tables import Retry
from core.storage.tables import GradeRow, Interview, Job, Turn

# Statements that every turn needs are made once: making one takes longer than running it.
_OWN = select(Interview).where(
    Interview.public_id == bindparam("public_id"), Interview.learner_id == bindparam("learner_id")
)
_OWN_HELD = holding(_OWN)
_TURNS = select(Turn).where(Turn.interview_id == bindparam("interview_id")).order_by(Turn.number)
_TURN = _TURNS.where(Turn.number == bindparam("number"))
_CURRENT = (
    select(GradeRow)
    .join(Turn, Turn.id == GradeRow.turn_id)
    .where(Turn.interview_id == bindparam("interview_id"), GradeRow.is_current)
)
_JOBS = select(Job.kind, Job.number, Job.state, Job.sentence).where(Job.interview_id == bindparam("interview_id"))
_BEFORE = (
    select(Interview.public_id)
    .join(Retry, Retry.of_id == Interview.id)
    .where(Retry.interview_id == bindparam("interview_id"))
)


@dataclass(frozen=True, slots=True)
class JobView:
    """A piece of background work: state, and the sentence for the learner where it failed."""

    state: str
    sentence: str | None

    @property
    def pending(self) -> bool:
        return self.state in (QUEUED, RUNNING)

    @property
    def failed(self) -> bool:
        return self.state == FAILED


@dataclass(frozen=True, slots=True)
class TurnView:
    """One question-response pair as pages show it, with what was said of the answer."""

    number: int
    move: Move
    rung: int
    skill: str
    skill_name: str
    level: int
    question_id: str | None
    message: str
    answer: str | None
    skipped: bool
    draft: str
    hints: tuple[str, ...]
    hints_seen: int
    hints_left: int
    input_mode: str | None
    heard: str | None
    corrected: str | None
    sure: bool | None
    delivery: dict[str, Any] | None
    opinions: Opinions
    grading: JobView | None
    model_answer: str | None

    @property
    def grade(self) -> Grade | None:
        """The grade in force."""
        return self.opinions.current.grade if self.opinions.current else None

    @property
    def source(self) -> str | None:
        """What made the grade in force."""
        return self.opinions.current.source if self.opinions.current else None

    @property
    def grading_pending(self) -> bool:
        """Whether a grade is on its way, for the first time or again."""
        return self.grading is not None and self.grading.pending

    @property
    def ungraded(self) -> str | None:
        """Why the answer has no score and none is on its way; None where it has one, or where there is no answer."""
        if self.answer is None or self.grading_pending or (self.grade and self.grade.score is not None):
            return None
        if self.grading and self.grading.failed:
            return self.grading.sentence
        return self.grade.reason if self.grade else None

    @property
    def question(self) -> str:
        """The question itself, which is the last paragraph of what the interviewer said."""
        return self.message.strip().split("\n\n")[-1]


@dataclass(frozen=True, slots=True)
class InterviewView:
    """An interview as pages show it."""

    id: int
    public_id: str
    learner_id: int
    domain: str
    domain_name: str
    level: int | None
    mode: Mode
    limit: int
    phase: Phase
    end_reason: str | None
    engine: str
    started_at: dt.datetime
    finished_at: dt.datetime | None
    deadline: dt.datetime | None
    is_sample: bool
    turns: tuple[TurnView, ...]
    asking: JobView | None
    words: str | None
    """The closing words of a model, where it wrote some."""
    writing: JobView | None
    words_removed_at: dt.datetime | None
    """When retention took away what was said in it."""
    again_of: str | None
    """The interview, by its public id, of which this one asks questions again."""

    @property
    def current(self) -> TurnView | None:
        """The turn that waits for an answer."""
        return self.turns[-1] if self.phase is Phase.ANSWERING and self.turns else None

    def question_of(self, turn: TurnView) -> TurnView:
        """The turn that began the question which this turn is about: itself, unless it is a hint or a follow-up."""
        before = self.turns[: turn.number]
        return next((other for other in reversed(before) if other.move in TOPIC_MOVES), turn)

    def is_open(self, turn: TurnView) -> bool:
        """Whether what this answer left out is being asked for again now, by a hint or a follow-up to its question."""
        now = self.current
        if now is None or now.move not in (Move.HINT, Move.FOLLOW_UP):
            return False
        return turn.number >= self.question_of(now).number

    @property
    def answered(self) -> tuple[TurnView, ...]:
        return tuple(turn for turn in self.turns if turn.answer is not None or turn.skipped)

    @property
    def is_withheld(self) -> bool:
        """Whether its scores and feedback are not for its learner yet."""
        return keeps_scores(self.mode, finished=self.phase is Phase.FINISHED)

    @property
    def grading_done(self) -> bool:
        """Whether every answer has a grade, or a reason why not."""
        return not any(turn.grading_pending for turn in self.answered)


def find_interview(session: Session, learner_id: int, public_id: str, *, lock: bool = False) -> Interview:
    """The learner's own interview; anybody else's is as unknown as one that never was."""
    whose = {"public_id": public_id, "learner_id": learner_id}
    interview = hold_found(session, _OWN_HELD, whose) if lock else session.scalar(_OWN, whose)
    if interview is None:
        raise unknown()
    return interview


def unknown() -> ServiceError:
    """What is said of an interview that is not the learner's, or of nobody."""
    return ServiceError(Fault.NOT_FOUND, "This interview could not be found among yours.", retryable=False)


def deadline_of(interview: Interview) -> dt.datetime | None:
    """When the interview's time is up, where it has a limit; the answer being given then is still taken."""
    minutes = interview.minutes_limit
    return interview.started_at + dt.timedelta(minutes=minutes) if minutes else None


def turns_of(session: Session, interview_id: int) -> Sequence[Turn]:
    return session.scalars(_TURNS, {"interview_id": interview_id}).all()


def turn_of(session: Session, interview_id: int, number: int) -> Turn | None:
    """The turn with this number, if it has been asked."""
    return session.scalar(_TURN, {"interview_id": interview_id, "number": number})


def current_grades(session: Session, interview_id: int) -> dict[int, GradeRow]:
    """The current grade of each turn of an interview, by turn row id."""
    return {row.turn_id: row for row in session.scalars(_CURRENT, {"interview_id": interview_id})}


def hints_seen(turns: Sequence[Turn]) -> list[int]:
    """For each turn every hint that the learner had on its question so far: the interviewer's and those asked for."""
    counted, seen = [], 0
    for turn in turns:
        if turn.move in TOPIC_MOVES:
            seen = 0
        seen += (turn.move == Move.HINT) + len(turn.hints)
        counted.append(min(seen, len(HINT_RUNGS)))
    return counted


def past_turns(turns: Sequence[Turn], grades: Mapping[int, GradeRow]) -> list[PastTurn]:
    """The answered turns as the policy sees them."""
    return [
        PastTurn(
            turn.number,
            Step(Move(turn.move), turn.skill, turn.level, turn.question_id, turn.rung),
            grades[turn.id].score if turn.id in grades else None,
            hints,
            turn.skipped,
        )
        for turn, hints in zip(turns, hints_seen(turns), strict=True)
        if turn.answer is not None or turn.skipped
    ]


def view_of(session: Session, interview: Interview, domain: Domain | None) -> InterviewView:
    """Everything a page shows of the interview; a domain whose file is gone leaves only its names and hints out."""
    # Jobs first: on MySQL each statement sees what is committed by then, and what a job that is done has stored must be seen.
    jobs = {
        (kind, number): JobView(state, sentence)
        for kind, number, state, sentence in session.execute(_JOBS, {"interview_id": interview.id})
    }
    if ("summary", 0) in jobs:
        session.refresh(interview)
    turns = turns_of(session, interview.id)
    opinions = opinions_of(session, interview.id)
    return InterviewView(
        id=interview.id,
        public_id=interview.public_id,
        learner_id=interview.learner_id,
        domain=interview.domain,
        domain_name=domain.name if domain else interview.domain.replace("_", " ").title(),
        level=interview.level,
        mode=Mode(interview.mode),
        limit=interview.question_limit,
        phase=Phase(interview.phase),
        end_reason=interview.end_reason,
        engine=interview.engine,
        started_at=interview.started_at,
        finished_at=interview.finished_at,
        deadline=deadline_of(interview),
        is_sample=interview.is_sample,
        turns=tuple(
            _turn_view(turn, seen, opinions.get(turn.id, Opinions()), jobs, domain)
            for turn, seen in zip(turns, hints_seen(turns), strict=True)
        ),
        asking=jobs.get(("ask", len(turns) + 1)),
        words=str(interview.summary["words"]) if interview.summary else None,
        writing=jobs.get(("summary", 0)),
        words_removed_at=interview.words_removed_at,
        again_of=session.scalar(_BEFORE, {"interview_id": interview.id}),
    )


def _turn_view(
    turn: Turn,
    seen: int,
    opinions: Opinions,
    jobs: Mapping[tuple[str, int], JobView],
    domain: Domain | None,
) -> TurnView:
    # The bank has neither hints nor a model answer for a deeper question, whose id is that of the one before it.
    own = turn.question_id if turn.move != Move.DEEPER else None
    question = domain.find(own) if domain and own else None
    return TurnView(
        number=turn.number,
        move=Move(turn.move),
        rung=turn.rung,
        skill=turn.skill,
        skill_name=domain.skills.get(turn.skill, turn.skill) if domain else turn.skill.replace("_", " "),
        level=turn.level,
        question_id=turn.question_id,
        message=turn.message,
        answer=turn.answer,
        skipped=turn.skipped,
        draft=turn.draft or "",
        hints=tuple(str(hint["text"]) for hint in turn.hints),
        hints_seen=seen,
        hints_left=len(HINT_RUNGS) - seen if question else 0,
        input_mode=turn.input_mode,
        heard=turn.heard,
        corrected=turn.corrected,
        sure=turn.sure,
        delivery=turn.delivery,
        opinions=opinions,
        grading=jobs.get(("grade", turn.number)),
        model_answer=question.model_answer if question else None,
    )
