"""What a learner can do in an interview: every command is one transaction, and carries the learner it is for."""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from sqlalchemy import and_, bindparam, select, update
from sqlalchemy.orm import Session

from core.domains import Domain, DomainStore
from core.interview import jobs, marking, summing_up
from core.interview.model import (
    HINT_RUNGS,
    EndReason,
    Event,
    IllegalEventError,
    Mode,
    Move,
    Phase,
    advance,
)
from core.interview.overview import Overview, overview_of
from core.interview.plans import MAX_CONTEXT, Plan, check, refuse
from core.interview.records import (
    InterviewView,
    deadline_of,
    find_interview,
    hints_seen,
    turn_of,
    turns_of,
    unknown,
    view_of,
)
from core.speech import aliases
from core.speech.delivery import measure
from core.speech.recordings import sounds_of
from core.storage import counts
from core.storage.database import Database
from core.storage.enrolments import of_newest_cohort
from core.storage.ids import new_public_id, week_of
from core.storage.review_tables import Retry
from core.storage.tables import NO_COHORT, Cohort, Interview, InterviewContext, Job, Person, Turn

__all__ = ["MAX_ANSWER", "MAX_CONTEXT", "Interviews", "Plan", "Words", "clean_text", "refuse"]

T = TypeVar("T")

MAX_ANSWER = 120_000
"""Characters in one answer: more than anyone says, less than a database packet."""

_OWED = (  # made once: making it takes longer than asking it
    select(Job.kind, Job.number)
    .select_from(Interview)
    .outerjoin(Job, and_(Job.interview_id == Interview.id, Job.state.in_((jobs.QUEUED, jobs.RUNNING))))
    .where(Interview.public_id == bindparam("public_id"), Interview.learner_id == bindparam("learner_id"))
)


def clean_text(text: str) -> str:
    """The text with what no database keeps replaced: NUL is dropped, half a surrogate pair becomes U+FFFD."""
    return text.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@dataclass(frozen=True, slots=True)
class Words:
    """An answer: what is sent, how it came, what the recogniser heard where it was spoken, and whether they were sure."""

    text: str
    input_mode: str = "text"
    heard: str | None = None
    corrected: str | None = None
    sure: bool | None = None


class Interviews:
    """The commands. Each raises ServiceError with a sentence for the learner, and then has changed nothing."""

    def __init__(
        self,
        database: Database,
        domains: DomainStore,
        *,
        engine: str,
        model: str,
        now: Callable[[], dt.datetime],
        kick: Callable[[], None],
        summarised: Collection[str] = (),
        closed: Callable[[str], None] = lambda _: None,
        instead: Callable[[int], tuple[str, str] | None] = lambda _: None,
    ) -> None:
        """`summarised` are the engines whose interviews get closing words from a model.

        `closed` is told the public id of an interview of which a question has been closed; it must not raise. `instead` gives
        the engine and model for a learner who can't have the usual ones at the moment.
        """
        self._database, self._domains = database, domains
        self._engine, self._model = engine, model
        self._now, self._kick, self._summarised = now, kick, summarised
        self._closed, self._instead = closed, instead

    def start(self, learner_id: int, plan: Plan, public_id: str | None = None) -> str:
        """Begin an interview and ask for its first question; returns the interview's public id.

        `public_id` is one from new_public_id(): a second start with it finds the interview that the first one began.
        """
        check(plan, self._domains.catalogue().domains)
        given = (("role", plan.role, 120), ("job", plan.job, MAX_CONTEXT), ("cv", plan.cv, MAX_CONTEXT))
        public_id = public_id or new_public_id()
        engine, model = self._instead(learner_id) or (self._engine, self._model)

        def work(session: Session) -> str:
            if session.scalar(select(Interview.id).filter_by(public_id=public_id, learner_id=learner_id)) is not None:
                return public_id
            now = self._now()
            interview = Interview(
                public_id=public_id,
                learner_id=learner_id,
                cohort_id=session.scalar(of_newest_cohort(Cohort.id, learner_id)) or NO_COHORT,
                domain=plan.domain,
                level=plan.level,
                mode=plan.mode,
                question_limit=plan.questions,
                minutes_limit=plan.minutes,
                phase=Phase.ASKING,
                engine=engine,
                model=model,
                seed=Random().randrange(2**31),
                started_at=now,
                week=week_of(now),
                is_sample=bool(session.scalar(select(Person.is_sample).filter_by(id=learner_id))),
            )
            session.add(interview)
            session.flush()
            counts.started(session, interview)
            context = {name: clean_text(text).strip()[:most] for name, text, most in given}
            if any(context.values()):
                session.add(InterviewContext(interview_id=interview.id, **context))
            if plan.again:
                before = find_interview(session, learner_id, plan.again_of)
                session.add(Retry(interview_id=interview.id, of_id=before.id, question_ids=list(plan.again)))
            jobs.enqueue(session, interview.id, "ask", 1, now)
            session.execute(update(Person).filter_by(id=learner_id).values(last_active_at=now))
            return public_id

        return self._commit(work)

    def view(self, learner_id: int, public_id: str) -> InterviewView:
        """The interview as it stands, with its turns, grades and pending work."""
        with self._database.read() as session:
            interview = find_interview(session, learner_id, public_id)
            return view_of(session, interview, self._domain(interview))

    def owed(self, learner_id: int, public_id: str) -> frozenset[tuple[str, int]]:
        """What is still being worked on, as kind of job and turn; a look at this alone costs next to nothing."""
        with self._database.read() as session:
            found = session.execute(_OWED, {"public_id": public_id, "learner_id": learner_id}).all()
        if not found:
            raise unknown()
        return frozenset((kind, number) for kind, number in found if kind is not None)

    def overview(self, learner_id: int) -> Overview:
        """What Home shows: open interviews and totals."""
        with self._database.read() as session:
            return overview_of(session, learner_id, self._domains.catalogue().domains)

    def submit_answer(self, learner_id: int, public_id: str, number: int, words: Words) -> bool:
        """Store the answer and the work that it causes, all or nothing; False when turn `number` has its answer already."""
        text = clean_text(words.text)
        if not text.strip():
            raise refuse("There is nothing in the answer yet: say or type something, or skip the question.")
        if len(text) > MAX_ANSWER:
            raise refuse(
                f"The answer has {len(text):,} characters; {MAX_ANSWER:,} is the most that one answer can have."
            )
        answer: dict[str, object] = {"answer": text, "input_mode": words.input_mode, "draft": None}
        answer |= {"heard": words.heard, "corrected": words.corrected, "sure": words.sure}
        return self._settle(learner_id, public_id, number, answer)

    def skip(self, learner_id: int, public_id: str, number: int) -> bool:
        """Pass on turn `number`; False when it is answered or skipped already."""
        return self._settle(learner_id, public_id, number, {"skipped": True})

    def _settle(self, learner_id: int, public_id: str, number: int, values: dict[str, object]) -> bool:
        def work(session: Session) -> bool:
            interview = find_interview(session, learner_id, public_id, lock=True)
            turn = turn_of(session, interview.id, number)
            if turn is None:
                raise refuse("This question has not been asked yet.")
            if turn.answer is not None or turn.skipped:
                return False
            now = self._now()
            deadline = deadline_of(interview)
            late = deadline is not None and now >= deadline  # the answer that was being given still counts
            last = late or number >= interview.question_limit
            self._advance(interview, Event.ANSWERED_LAST if last else Event.ANSWERED)
            for name, value in values.items():
                setattr(turn, name, value)
            turn.answered_at = now
            if turn.answer is not None:
                spoken = turn.input_mode == "voice"
                sounds = sounds_of(session, interview.id, number) if spoken else []
                turn.delivery = measure((turn.heard if spoken else None) or turn.answer, sounds)
            session.flush()
            self._learn(session, interview, turn)
            counts.answered(session, interview, turn)
            caused = [] if turn.skipped else [("grade", number)]
            jobs.enqueue_all(session, interview.id, caused if last else [*caused, ("ask", number + 1)], now)
            if last:
                self._close(session, interview, EndReason.TIME if late else EndReason.LIMIT)
            session.execute(update(Person).filter_by(id=learner_id).values(last_active_at=now))
            return True

        changed = self._commit(work)
        self._closed(public_id)
        return changed

    def _learn(self, session: Session, interview: Interview, turn: Turn) -> None:
        """Notes the terms that the learner put right in what was heard."""
        domain = self._domain(interview)
        if turn.corrected and turn.answer and domain and not interview.is_sample:
            terms = (term.term for term in domain.glossary)
            aliases.learn(session, domain.key, aliases.corrections(turn.corrected, turn.answer, terms), self._now())

    def save_draft(self, learner_id: int, public_id: str, number: int, text: str) -> bool:
        """Keep what stands in the answer box, for a refresh or another tab; False when turn `number` is closed already."""
        draft = clean_text(text)[:MAX_ANSWER]

        def work(session: Session) -> bool:
            interview = find_interview(session, learner_id, public_id)
            if interview.phase == Phase.FINISHED:
                return False
            waiting = update(Turn).where(
                Turn.interview_id == interview.id,
                Turn.number == number,
                Turn.answer.is_(None),
                Turn.skipped.is_(False),
            )
            return bool(session.execute(waiting.values(draft=draft)).rowcount)  # type: ignore[attr-defined] # an UPDATE has a row count

        return self._database.run(work)

    def hint(self, learner_id: int, public_id: str, number: int) -> str:
        """The next hint on the question of turn `number`, recorded; the bank's own words, so it is there at once."""

        def work(session: Session) -> str:
            interview = find_interview(session, learner_id, public_id, lock=True)
            if interview.mode != Mode.PRACTICE:
                raise refuse("A mock interview has no hints on request; the interviewer may still give one.")
            self._advance(interview, Event.HINTED)
            turns = turns_of(session, interview.id)
            turn = turns[-1]
            domain = self._domain(interview)
            question = domain.find(turn.question_id) if domain and turn.question_id else None
            seen = hints_seen(turns)[-1]
            if turn.number != number or question is None or turn.move == Move.DEEPER or seen >= len(HINT_RUNGS):
                raise refuse("There is no further hint for this question.")
            text = str(getattr(question.hints, HINT_RUNGS[seen]))
            turn.hints = [*turn.hints, {"rung": seen + 1, "text": text}]
            return text

        return self._database.run(work)

    def end(self, learner_id: int, public_id: str, reason: EndReason = EndReason.LEARNER) -> None:
        """Finish the interview now; what is answered is graded, a question without an answer doesn't count."""

        def work(session: Session) -> None:
            interview = find_interview(session, learner_id, public_id, lock=True)
            if interview.phase != Phase.FINISHED:
                self._advance(interview, Event.ENDED)
                self._close(session, interview, reason)

        self._commit(work)
        self._closed(public_id)

    def retry(self, learner_id: int, public_id: str, kind: str, number: int) -> None:
        """Queue a failed ask, a missing grade or the closing words again; the answers themselves are not touched."""

        def work(session: Session) -> None:
            interview = find_interview(session, learner_id, public_id, lock=True)
            if kind == "grade":
                marking.enqueue_grades(session, interview, self._now(), only={number})
            elif kind == summing_up.KIND:
                summing_up.enqueue_when_due(session, interview, self._summarised, self._now())
            elif interview.phase == Phase.ASKING and number == len(turns_of(session, interview.id)) + 1:
                jobs.enqueue(session, interview.id, kind, number, self._now())

        self._commit(work)

    def _commit(self, work: Callable[[Session], T]) -> T:
        result = self._database.run(work)
        self._kick()
        return result

    def _domain(self, interview: Interview) -> Domain | None:
        return self._domains.catalogue().domains.get(interview.domain)

    def _advance(self, interview: Interview, event: Event) -> None:
        try:
            interview.phase = advance(Phase(interview.phase), event)
        except IllegalEventError:
            finished = interview.phase == Phase.FINISHED
            raise refuse(
                "This interview is over; its report is on the Review page."
                if finished
                else "The interviewer is still speaking; wait for the question."
            ) from None

    def _close(self, session: Session, interview: Interview, reason: EndReason) -> None:
        interview.end_reason, interview.finished_at = reason, self._now()
        unasked = update(Job).where(
            Job.interview_id == interview.id, Job.kind == "ask", Job.state.in_((jobs.QUEUED, jobs.RUNNING, jobs.FAILED))
        )
        session.execute(unasked.values(state=jobs.CANCELLED, owner=None, lease_until=None))
        session.flush()
        counts.finished(session, interview)
        summing_up.enqueue_when_due(session, interview, self._summarised, self._now())
