"""Budgets: every call to a model is booked before it is made, and settled when it is known what it took.

A booking counts at once, so that calls made at the same moment see each other; one that is never settled, since its process
died, stays counted as it was guessed. The offline engine books nothing.
"""

import datetime as dt
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.budgets.accounts import Account, charged, charging
from core.budgets.limits import Given, Limits, of_day, of_month
from core.engines.base import Fault, ServiceError
from core.engines.metering import Usage
from core.interview.jobs import Handler
from core.storage.database import Database
from core.storage.enrolments import of_newest_cohort
from core.storage.tables import NO_COHORT, Cohort, Interview
from core.storage.upserts import add
from core.storage.usage_tables import NO_PROGRAMME, LearnerUsage, ProgrammeTerms, ProgrammeUsage, Used

T = TypeVar("T")
log = logging.getLogger(__name__)

TRANSCRIBE = "transcribe"
LIMITS = tuple(Given.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Booking:
    """A call that was let through, as it was guessed."""

    account: Account
    kind: str
    day: dt.date
    guess: Usage


class Budgets:
    """The books. Every refusal is a ServiceError (BUDGET) with a sentence for the learner."""

    def __init__(self, database: Database, now: Callable[[], dt.datetime], defaults: Limits) -> None:
        self._database, self._now, self.defaults = database, now, defaults

    def for_jobs(self, handler: Handler) -> Handler:
        """The handler, whose calls are charged to the learner and programme of the interview that the job is about."""
        return lambda ticket: self.for_interview(ticket.interview_id, partial(handler, ticket))()

    def for_interview(self, interview_id: int, work: Callable[[], T]) -> Callable[[], T]:
        """The work, whose calls are charged to the learner and programme of this interview, in whichever thread it is done."""

        def run() -> T:
            with charging(lambda: self.account_of(interview_id)):
                return work()

        return run

    def account_of(self, interview_id: int) -> Account:
        """The learner of an interview, and the programme of the cohort that it counts under."""
        query = select(Interview.learner_id, Interview.cohort_id).where(Interview.id == interview_id)
        with self._database.read() as session:
            learner_id, cohort_id = session.execute(query).one()
            programme = select(Cohort.programme_id).where(Cohort.id == cohort_id)
            found = session.scalar(programme) if cohort_id != NO_COHORT else None
            return Account(learner_id, found or NO_PROGRAMME)

    def book(self, kind: str, guess: Usage) -> Booking:
        """Counts a call that is about to be made, for the account of the work in hand, if all its limits allow it."""
        booking = Booking(charged(), kind, self._now().date(), guess)

        def work(session: Session) -> None:
            limits = self._limits(session, booking.account.programme_id)
            self._check(session, booking.account, booking.day, limits, audio=kind == TRANSCRIBE, lock=True)
            _count(session, booking, {"calls": 1, **_numbers(guess)})

        self._database.run(work)
        return booking

    def settle(self, booking: Booking, used: Usage, *, estimated: bool) -> None:
        """Puts what was used in the place of the guess; the reply that was paid for is worth more than its entry."""
        new, old = _numbers(used), _numbers(booking.guess)
        change = {name: new[name] - old[name] for name in new}
        change |= {"calls": used.calls - 1, "estimated": used.calls if estimated else 0}
        try:
            self._database.run(lambda session: _count(session, booking, change))
        except ServiceError as error:
            log.warning("a call stays counted as it was guessed: %s", error.sentence)

    def spent(self, person_id: int) -> str | None:
        """Why this person's next interview can't be held with a model today, in a sentence; None when it can."""
        with self._database.read() as session:
            account = Account(
                person_id, session.scalar(of_newest_cohort(Cohort.programme_id, person_id)) or NO_PROGRAMME
            )
            try:
                limits = self._limits(session, account.programme_id)
                self._check(session, account, self._now().date(), limits, audio=False, lock=False)
            except ServiceError as error:
                return error.sentence
        return None

    def _limits(self, session: Session, programme_id: int) -> Limits:
        terms = session.get(ProgrammeTerms, programme_id)
        return given_by(terms).over(self.defaults)

    @staticmethod
    def _check(session: Session, account: Account, day: dt.date, limits: Limits, *, audio: bool, lock: bool) -> None:
        """Raises ServiceError when a limit is reached; with `lock`, nobody else counts meanwhile."""

        def used(query: Select[Any]) -> Usage:
            return _sum(session.scalars(query.with_for_update() if lock else query).all())

        if account.person_id is not None:
            own = select(LearnerUsage).filter_by(person_id=account.person_id, day=day)
            if what := limits.day.spent_on(used(own), audio=audio):
                raise ServiceError(Fault.BUDGET, of_day(what), retryable=False)
        month = {"programme_id": account.programme_id, "month": day.replace(day=1)}
        theirs = select(ProgrammeUsage).filter_by(**month).order_by(ProgrammeUsage.kind)
        if what := limits.month.spent_on(used(theirs), audio=audio):
            sentence = of_month(what, own=account.programme_id != NO_PROGRAMME)
            raise ServiceError(Fault.BUDGET, sentence, retryable=False)


def given_by(terms: ProgrammeTerms | None) -> Given:
    """What the programme's row sets."""
    return Given(**{name: getattr(terms, name) for name in LIMITS}) if terms else Given()


def _count(session: Session, booking: Booking, change: dict[str, int]) -> None:
    account = booking.account
    if account.person_id is not None:
        add(session, LearnerUsage, {"person_id": account.person_id, "day": booking.day}, change)
    month = {"programme_id": account.programme_id, "month": booking.day.replace(day=1), "kind": booking.kind}
    add(session, ProgrammeUsage, month, change)


def _numbers(usage: Usage) -> dict[str, int]:
    return {"tokens_in": usage.tokens_in, "tokens_out": usage.tokens_out, "seconds": usage.seconds}


def _sum(rows: Sequence[Used]) -> Usage:
    total = Usage()
    for row in rows:
        total.calls += row.calls
        total.tokens_in += row.tokens_in
        total.tokens_out += row.tokens_out
        total.seconds += row.seconds
    return total
