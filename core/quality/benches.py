"""Runs of the rubric bench: held in a thread of their own, kept in the database, accepted by people.

A run is a row from its first moment, so that any page of any process can follow it. Its process renews a lease while it goes
on: a running run whose lease is over was interrupted, and its scores are lost.
"""

import datetime as dt
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session, defer

from core.accounts.permissions import Role, Viewer
from core.domains import Domain
from core.engines.base import Fault, Grader, ServiceError
from core.grading.rubric_bench import Case, Report, Scored, cases_of, digest_of, grade_all, report
from core.interview.service import refuse
from core.storage.bench_tables import BenchRun
from core.storage.database import Database
from core.storage.ids import new_public_id

log = logging.getLogger(__name__)

RUNNING, DONE, FAILED, STOPPED, INTERRUPTED = "running", "done", "failed", "stopped", "interrupted"
LEASE = dt.timedelta(seconds=30)
TICK = 1.0
"""Seconds between two looks at whether to go on, which are also how often progress is written down."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it stands; `state` says interrupted when its process has died, `report` is there once it is done."""

    public_id: str
    domain: str
    domain_digest: str
    engine: str
    model: str
    prompt_digest: str
    state: str
    done: int
    total: int
    started_at: dt.datetime
    accepted_at: dt.datetime | None
    compared_with: dt.datetime | None
    report: Report | None


class Benches:
    """Holds runs and finds them; refusals are ServiceErrors."""

    def __init__(self, database: Database, now: Callable[[], dt.datetime], *, threads: int, tick: float = TICK) -> None:
        self._database, self._now, self._threads, self._tick = database, now, threads, tick
        self._pool = ThreadPoolExecutor(1, "viva-bench-run")
        self._stopping = threading.Event()

    def hold(self, domain: Domain, grader: Grader, limit: int | None = None) -> Run:
        """Holds a run and returns it when it has ended: what the command line does."""
        public_id, cases = self._begin(domain, grader, limit, None)
        self._hold(public_id, cases, grader)
        return self.find(public_id)

    def start(self, viewer: Viewer, domain: Domain, grader: Grader, limit: int | None = None) -> str:
        """Begins a run in the background and returns its public id; one runs at a time, for each costs many calls."""
        only_admins(viewer)
        public_id, cases = self._begin(domain, grader, limit, viewer.id)
        self._pool.submit(self._hold, public_id, cases, grader)
        return public_id

    def stop(self, viewer: Viewer, public_id: str) -> None:
        """Ends a run early; nothing of it is kept but that it was stopped."""
        only_admins(viewer)
        self._database.run(lambda session: self._end(session, public_id, STOPPED))

    def accept(self, public_id: str, viewer: Viewer | None = None) -> None:
        """Makes the run the one that later runs of its domain and engine are compared with; None is the command line."""
        if viewer is not None:
            only_admins(viewer)

        def work(session: Session) -> None:
            run = session.scalar(select(BenchRun).filter_by(public_id=public_id).with_for_update())
            if run is None or run.state != DONE or not report(_scored(run)).whole:
                raise refuse("Only a finished run in which every band has a mean can be accepted.")
            if run.accepted_at is None:
                run.accepted_at, run.accepted_by = self._now(), viewer.id if viewer else None

        self._database.run(work)

    def find(self, public_id: str) -> Run:
        """The run with its report; raises ServiceError when there is none."""
        with self._database.read() as session:
            run = session.scalar(select(BenchRun).filter_by(public_id=public_id))
            if run is None:
                raise ServiceError(Fault.NOT_FOUND, "This run could not be found.", retryable=False)
            return self._view(run, _accepted_before(session, run) if run.state == DONE else None)

    def latest(self, grader: Grader, domain: Domain | None = None, *, done: bool = False) -> Run | None:
        """The newest run by exactly this grader and its prompt, of exactly this domain's content or of any domain.

        `done` leaves out those that did not come to their end.
        """
        query = (
            select(BenchRun.public_id)
            .filter_by(engine=grader.name, model=grader.model, prompt_digest=grader.prompt_digest)
            .order_by(BenchRun.started_at.desc(), BenchRun.id.desc())
            .limit(1)
        )
        if done:
            query = query.filter_by(state=DONE)
        if domain is not None:
            query = query.filter_by(domain=domain.key, domain_digest=digest_of(domain))
        with self._database.read() as session:
            public_id = session.scalar(query)
        return self.find(public_id) if public_id else None

    def running(self) -> Run | None:
        """The run that goes on at the moment, in any process."""
        query = select(BenchRun).where(BenchRun.state == RUNNING, BenchRun.lease_until >= self._now())
        with self._database.read() as session:
            run = session.scalar(query.options(defer(BenchRun.scores)).limit(1))
            return self._view(run, None) if run else None

    def close(self) -> None:
        """Stops the run that this process holds, and waits for that."""
        self._stopping.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _begin(self, domain: Domain, grader: Grader, limit: int | None, by: int | None) -> tuple[str, list[Case]]:
        if limit is not None and limit < 1:
            raise refuse("A run needs at least one question.")
        cases = cases_of(domain, limit)
        if not cases:
            raise refuse(f"No question of {domain.name} has authored answers, so there is nothing to grade.")
        if self.running() is not None:
            raise refuse("A run of the rubric bench goes on already; wait for it or stop it.")
        public_id, now = new_public_id(), self._now()

        def work(session: Session) -> None:
            if session.scalar(select(BenchRun.id).filter_by(public_id=public_id)) is None:
                session.add(
                    BenchRun(
                        public_id=public_id, domain=domain.key, domain_digest=digest_of(domain), engine=grader.name,
                        model=grader.model, prompt_digest=grader.prompt_digest, state=RUNNING, total=len(cases),
                        started_at=now, started_by=by, lease_until=now + LEASE,
                    )
                )  # fmt: skip

        self._database.run(work)
        return public_id, cases

    def _hold(self, public_id: str, cases: list[Case], grader: Grader) -> None:
        scored: list[Scored] = []
        try:
            with closing(grade_all(cases, grader, self._threads, self._tick)) as graded:
                for ready in graded:
                    scored += ready
                    if self._stopping.is_set() or not self._go_on(public_id, len(scored)):
                        break
            state = DONE if len(scored) == len(cases) else STOPPED
            self._database.run(lambda session: self._end(session, public_id, state, scored))
        except Exception:  # the thread's outermost frame: a fault of ours must reach the page as a state
            log.exception("the run %s of the rubric bench failed", public_id)
            self._database.run(lambda session: self._end(session, public_id, FAILED))

    def _go_on(self, public_id: str, done: int) -> bool:
        """Writes the progress down; False when the run was stopped."""
        values = {"done": done, "lease_until": self._now() + LEASE}
        statement = update(BenchRun).where(BenchRun.public_id == public_id, BenchRun.state == RUNNING).values(values)
        return bool(self._database.run(lambda session: session.execute(statement).rowcount))  # type: ignore[attr-defined] # an UPDATE has a row count

    def _end(self, session: Session, public_id: str, state: str, scored: list[Scored] | None = None) -> None:
        run = session.scalar(select(BenchRun).filter_by(public_id=public_id).with_for_update())
        if run is not None and run.state == RUNNING:
            run.state, run.finished_at = state, self._now()
            run.scores = [list(asdict(case).values()) for case in scored or []] if state == DONE else []

    def _view(self, run: BenchRun, accepted: BenchRun | None) -> Run:
        dead = run.state == RUNNING and run.lease_until < self._now()
        return Run(
            public_id=run.public_id,
            domain=run.domain,
            domain_digest=run.domain_digest,
            engine=run.engine,
            model=run.model,
            prompt_digest=run.prompt_digest,
            state=INTERRUPTED if dead else run.state,
            done=run.done,
            total=run.total,
            started_at=run.started_at,
            accepted_at=run.accepted_at,
            compared_with=accepted.accepted_at if accepted else None,
            report=report(_scored(run), _scored(accepted) if accepted else ()) if run.state == DONE else None,
        )


def _accepted_before(session: Session, run: BenchRun) -> BenchRun | None:
    """The accepted run that this one is compared with: another engine's scores would say nothing of drift."""
    query = (
        select(BenchRun.id)
        .filter_by(domain=run.domain, engine=run.engine)
        .where(BenchRun.id != run.id, BenchRun.accepted_at.is_not(None))
        .order_by(BenchRun.accepted_at.desc())
        .limit(1)
    )
    if run.accepted_at is not None:
        query = query.where(BenchRun.accepted_at < run.accepted_at)
    id_ = session.scalar(query)
    return session.get(BenchRun, id_) if id_ else None


def _scored(run: BenchRun) -> list[Scored]:
    return [Scored(*case) for case in run.scores]


def only_admins(viewer: Viewer) -> None:
    """Raises ServiceError for anybody else."""
    if viewer.role is not Role.ADMIN:
        raise refuse("Only administrators work on prompts and domains.")
