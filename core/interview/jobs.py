"""Leased background work: jobs are rows, so an answer and the work it causes are committed together.

A job is taken by an UPDATE that only one process can win, and is held by a lease that is renewed while the work goes on.
When a process dies its leases run out and any other process takes the jobs over.
"""

import datetime as dt
import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, bindparam, or_, select, update
from sqlalchemy.orm import Session

from core.engines.base import Fault, ServiceError
from core.storage.database import Database
from core.storage.tables import Job
from core.storage.upserts import table_of

log = logging.getLogger(__name__)

QUEUED, RUNNING, DONE, FAILED, CANCELLED = "queued", "running", "done", "failed", "cancelled"
MAX_ATTEMPTS = 3
"""How often a job is begun, crashes included, before the learner is asked to try again."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A job in hand: `owner` proves to the database that it is still ours."""

    id: int
    interview_id: int
    kind: str
    number: int
    owner: str


Handler = Callable[[Ticket], None]


_JOB = table_of(Job)


def _ready(now: object) -> ColumnElement[bool]:
    """Whether a job can be taken: it waits, or whoever had it let the lease run out."""
    return or_(_JOB.c.state == QUEUED, and_(_JOB.c.state == RUNNING, _JOB.c.lease_until < now))


# Statements that every turn needs are made once: making one takes longer than running it.
_OF_INTERVIEW = select(Job).where(
    Job.interview_id == bindparam("interview_id"), Job.number.in_(bindparam("numbers", expanding=True))
)
_IN_HAND = select(Job.state, Job.owner).where(Job.id == bindparam("ticket")).with_for_update()
_FINISHED = update(_JOB).where(_JOB.c.id == bindparam("ticket")).values(state=DONE, owner=None, lease_until=None)
_WAITING = (
    select(Job.id, Job.interview_id, Job.kind, Job.number, Job.attempts)
    .where(_ready(bindparam("now")), Job.kind.in_(bindparam("kinds", expanding=True)))
    .order_by(Job.id)
    .limit(100)
)
_TAKEN = (
    update(_JOB)
    .where(_JOB.c.id == bindparam("ticket"), _ready(bindparam("now")))
    .values(state=RUNNING, owner=bindparam("us"), lease_until=bindparam("until"), attempts=bindparam("attempt"))
)


def enqueue(session: Session, interview_id: int, kind: str, number: int, now: dt.datetime) -> None:
    """Queue the job, or queue it again when it has ended; one that is queued or running stays as it is."""
    enqueue_all(session, interview_id, [(kind, number)], now)


def enqueue_all(session: Session, interview_id: int, wanted: Collection[tuple[str, int]], now: dt.datetime) -> None:
    """Queue jobs of one interview, each a kind and the turn it is about, as `enqueue` does."""
    given = {"interview_id": interview_id, "numbers": [number for _, number in wanted]}
    known = {(job.kind, job.number): job for job in session.scalars(_OF_INTERVIEW, given)}
    for kind, number in wanted:
        job = known.get((kind, number))
        if job is None:
            session.add(Job(interview_id=interview_id, kind=kind, number=number, state=QUEUED, created_at=now))
        elif job.state not in (QUEUED, RUNNING):
            job.state, job.attempts, job.owner, job.lease_until = QUEUED, 0, None, None
            job.fault, job.sentence = None, None


def still_ours(session: Session, ticket: Ticket) -> bool:
    """Lock the job's row and tell whether it is still this worker's; False after a take-over or a cancellation."""
    job = session.execute(_IN_HAND, {"ticket": ticket.id}).one_or_none()
    return job is not None and job.state == RUNNING and job.owner == ticket.owner


def finish(session: Session, ticket: Ticket) -> None:
    """Mark the job done, in the transaction that stores its result."""
    session.execute(_FINISHED, {"ticket": ticket.id})


class Workers:
    """Threads that take jobs and run their handlers; `kick()` makes them look at once.

    Each kind has threads of its own, so that a slow grade never keeps a question waiting.
    """

    def __init__(
        self,
        database: Database,
        handlers: Mapping[str, Handler],
        *,
        threads: int,
        lease_seconds: float,
        now: Callable[[], dt.datetime],
    ) -> None:
        self._database, self._handlers, self._now = database, handlers, now
        self._lease = dt.timedelta(seconds=lease_seconds)
        self._pools = {kind: ThreadPoolExecutor(threads, f"viva-{kind}") for kind in handlers}
        self._free = dict.fromkeys(handlers, threads)
        self._owner = str(uuid4())
        self._held: dict[int, Ticket] = {}
        self._lock = threading.Lock()
        self._ended, self._ends = threading.Condition(), 0
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin to work; a second call does nothing."""
        if not self._threads:
            self._threads = [
                threading.Thread(target=self._dispatch, name="viva-dispatch", daemon=True),
                threading.Thread(target=self._renew, name="viva-leases", daemon=True),
            ]
            for thread in self._threads:
                thread.start()

    def stop(self) -> None:
        """Take no more jobs and wait for those in hand."""
        self._stopping.set()
        self._wake.set()
        for thread in self._threads:
            thread.join(timeout=10)
        for pool in self._pools.values():
            pool.shutdown(wait=True, cancel_futures=True)

    def kick(self) -> None:
        """Say that there may be new work."""
        self._wake.set()

    def wait_while(self, owed: Callable[[], object], patience: float, look_again: float = 0.25) -> bool:
        """Whether `owed` comes to nothing in time; it is asked anew whenever a job has ended here, or may have elsewhere.

        `patience` and `look_again` are seconds.
        """
        deadline = time.monotonic() + patience
        while True:
            seen = self._ends
            if not owed():
                return True
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            with self._ended:
                self._ended.wait_for(lambda seen=seen: self._ends != seen, min(left, look_again))  # type: ignore[misc] # bound at once

    def _dispatch(self) -> None:
        poll = min(1.0, self._lease.total_seconds() / 4)
        while not self._stopping.is_set():
            try:
                for ticket in self._claim():
                    self._pools[ticket.kind].submit(self._run, ticket)
            except ServiceError as error:
                log.warning("no jobs can be taken: %s", error.sentence)
            self._wake.wait(poll)
            self._wake.clear()

    def _claim(self) -> list[Ticket]:
        """Jobs that this process has won, no more of a kind than it has free threads."""
        now = self._now()
        with self._lock:
            free = {kind: n for kind, n in self._free.items() if n}
        with self._database.read() as session:
            waiting = session.execute(_WAITING, {"now": now, "kinds": list(free)}).all()
        wanted: list[tuple[Ticket, int]] = []
        for id_, interview_id, kind, number, attempts in waiting:
            ticket = Ticket(id_, interview_id, kind, number, self._owner)
            if attempts >= MAX_ATTEMPTS:
                sentence = "This took too long several times. Please try again."
                self._end(ticket, _ready(now), FAILED, ServiceError(Fault.INTERRUPTED, sentence))
            elif free[kind]:
                free[kind] -= 1
                wanted.append((ticket, attempts + 1))
        if not wanted:
            return []
        won = self._database.run(lambda session: [job for job, nth in wanted if self._take(session, job, nth, now)])
        with self._lock:
            for ticket in won:
                self._free[ticket.kind] -= 1
                self._held[ticket.id] = ticket
        return won

    def _take(self, session: Session, ticket: Ticket, attempt: int, now: dt.datetime) -> bool:
        taken = {"ticket": ticket.id, "now": now, "us": self._owner, "until": now + self._lease, "attempt": attempt}
        return bool(session.execute(_TAKEN, taken).rowcount)  # type: ignore[attr-defined] # an UPDATE has a row count

    def _run(self, ticket: Ticket) -> None:
        ours = and_(Job.state == RUNNING, Job.owner == ticket.owner)
        try:
            self._handlers[ticket.kind](ticket)
        except ServiceError as error:
            self._end(ticket, ours, FAILED, error)
        except Exception:  # the thread's outermost frame: a fault of ours must reach the learner as a sentence
            log.exception("job %s of kind %s failed", ticket.id, ticket.kind)
            sentence = "Something went wrong on our side. Your answer is safe. Please try again."
            self._end(ticket, ours, FAILED, ServiceError(Fault.UNAVAILABLE, sentence))
        finally:
            with self._lock:
                self._held.pop(ticket.id, None)
                self._free[ticket.kind] += 1
            with self._ended:
                self._ends += 1
                self._ended.notify_all()
            self._wake.set()

    def _end(self, ticket: Ticket, condition: object, state: str, error: ServiceError) -> None:
        values: dict[str, object] = {"state": state, "owner": None, "lease_until": None}
        values |= {"fault": error.kind.value, "sentence": error.sentence[:500]}
        try:
            self._change(ticket, condition, values)
        except ServiceError:
            log.warning("job %s could not be marked %s; its lease will run out", ticket.id, state)

    def _change(self, ticket: Ticket, condition: object, values: dict[str, object]) -> bool:
        statement = update(Job).where(Job.id == ticket.id, condition).values(values)  # type: ignore[arg-type] # a SQL condition
        return bool(self._database.run(lambda session: session.execute(statement).rowcount))  # type: ignore[attr-defined] # an UPDATE has a row count

    def _renew(self) -> None:
        while not self._stopping.wait(self._lease.total_seconds() / 3):
            with self._lock:
                held = list(self._held)
            if not held:
                continue
            statement = (
                update(Job)
                .where(Job.id.in_(held), Job.owner == self._owner, Job.state == RUNNING)
                .values(lease_until=self._now() + self._lease)
            )
            try:
                self._database.run(lambda session, s=statement: session.execute(s))  # type: ignore[misc] # bound at once
            except ServiceError as error:
                log.warning("leases could not be renewed: %s", error.sentence)
