"""The worker's side of a grade: judge one answer, store the grade and what follows from it."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping

from sqlalchemy.orm import Session

from core.domains import DomainStore
from core.engines.base import Grade, Grader
from core.interview import briefing, jobs, policy, summing_up
from core.interview.records import current_grades, past_turns, turn_of, turns_of
from core.storage import counts
from core.storage.database import Database
from core.storage.interview_locks import held
from core.storage.tables import Interview


class Marker:
    """Handles `grade` jobs."""

    def __init__(
        self,
        database: Database,
        domains: DomainStore,
        graders: Mapping[str, Grader],
        now: Callable[[], dt.datetime],
        *,
        summarised: Collection[str] = (),
    ) -> None:
        self._database, self._domains, self._graders, self._now = database, domains, graders, now
        self._summarised = summarised

    def __call__(self, ticket: jobs.Ticket) -> None:
        grade, source = self._grade(ticket)

        def store(session: Session) -> None:
            if not jobs.still_ours(session, ticket):
                return
            interview = held(session, ticket.interview_id)
            turn = turn_of(session, interview.id, ticket.number)
            if turn is None:
                raise LookupError(f"interview {interview.id} has no turn {ticket.number}")
            counts.store_grade(session, interview, turn, grade, source=source, person_id=None, now=self._now())
            refresh_ability(session, interview)
            jobs.finish(session, ticket)
            summing_up.enqueue_when_due(session, interview, self._summarised, self._now())

        self._database.run(store)

    def _grade(self, ticket: jobs.Ticket) -> tuple[Grade, str]:
        with self._database.read() as session:
            interview = session.get_one(Interview, ticket.interview_id)
            turns = turns_of(session, interview.id)
        turn = next(turn for turn in turns if turn.number == ticket.number)
        source = interview.engine
        grader = self._graders.get(source)
        domain = self._domains.catalogue().domains.get(interview.domain)
        if grader is None:
            reason = "the model server that this interview was begun with is no longer set up"
            return _ungraded(reason, source), source
        if domain is None:
            return _ungraded("the questions of this domain can't be read at the moment", source), source
        return grader.grade(briefing.task_for(domain, turns, turn)), source


def enqueue_grades(
    session: Session,
    interview: Interview,
    now: dt.datetime,
    *,
    only: Collection[int] | None = None,
    scored: bool = False,
) -> int:
    """Queue the answers of these turns (all, if none are named) to be graded again, and say how many there are.

    Those that have a score in force are among them only if `scored`.
    """
    grades = current_grades(session, interview.id)
    found = [turn for turn in turns_of(session, interview.id) if turn.answer]  # empty where retention removed it
    if only is not None:
        found = [turn for turn in found if turn.number in only]
    if not scored:
        found = [turn for turn in found if turn.id not in grades or grades[turn.id].score is None]
    jobs.enqueue_all(session, interview.id, [("grade", turn.number) for turn in found], now)
    return len(found)


def refresh_ability(session: Session, interview: Interview) -> None:
    """Estimate the learner's ability anew from the grades in force."""
    session.flush()
    past = past_turns(turns_of(session, interview.id), current_grades(session, interview.id))
    ability = policy.estimate(policy.starting_ability(interview.level), past)
    counts.set_ability(session, interview, ability.theta, ability.se)


def _ungraded(reason: str, engine: str) -> Grade:
    return Grade(score=None, reason=reason, engine=engine, model="", prompt_digest="")
