"""Loads the sample programme: the people, then what they did, cohort by cohort."""

import datetime as dt
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from operator import attrgetter
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.domains import Catalogue, Domain
from core.interview.model import Mode, Move, Phase
from core.sample.people import LOADING, PROGRAMME, Learner, add_people, size_for
from core.sample.sittings import Pool, Sitting, sittings_of
from core.sample.writing import Writer
from core.storage import counts, recounting
from core.storage.bulk import uncollected
from core.storage.database import Database
from core.storage.ids import new_public_id, week_of
from core.storage.tables import Interview, Programme, Turn

CHUNK = 20_000
"""Responses written at a time; programmes with no more are loaded in one transaction."""


@dataclass(frozen=True, slots=True)
class SampleReport:
    """What was loaded; `fresh` is False when the sample programme was there already."""

    learners: int
    interviews: int
    responses: int
    fresh: bool = True

    def __str__(self) -> str:
        if not self.fresh:
            return "The sample programme is there already; nothing was changed."
        return (
            f"Loaded the sample programme: {self.learners:,} learners, {self.interviews:,} interviews, "
            f"{self.responses:,} responses."
        )


def load_sample(
    database: Database, catalogue: Catalogue, *, responses: int | None = None, seed: int = 7, now: dt.datetime
) -> SampleReport:
    """Load the sample programme of the last weeks; a second time changes nothing.

    `responses` asks for about that many, with more learners and cohorts the more there are. Deterministic by `seed` and
    `now`. A large one is stored part by part: when it is broken off, what is there must be removed first.
    """
    if not catalogue.domains:
        raise ValueError("There is no domain to make sample interviews from: add a file under prompts/domains/.")
    load = _Load(catalogue, responses, seed, now)
    if responses is None or responses <= CHUNK:
        with database.write() as session:
            return load.everything(lambda work: work(session))
    with uncollected(), ThreadPoolExecutor(1) as aside:
        return load.everything(_Written(database, aside))


class _Written:
    """Does work in transactions; what one wrote goes to its place while the next one's interviews are made up."""

    def __init__(self, database: Database, aside: Executor) -> None:
        self._database, self._aside = database, aside
        self._last: Future[None] | None = None

    def __call__(self, work: Callable[[Session], None]) -> None:
        if self._last is not None:
            self._last.result()
        self._database.run(work)
        self._last = self._aside.submit(self._database.write_back)


class _Load:
    """One loading; every part of it is work for a transaction."""

    def __init__(self, catalogue: Catalogue, responses: int | None, seed: int, now: dt.datetime) -> None:
        self._domains, self._now, self._rng = catalogue.domains, now, Random(seed)
        self._wanted = math.inf if responses is None else responses
        self._size = size_for(responses)
        self._pools = {key: Pool(domain) for key, domain in catalogue.domains.items()}
        self._learners: list[Learner] = []
        self._writer = Writer(self._pools)

    def everything(self, run: Callable[[Callable[[Session], None]], None]) -> SampleReport:
        """Does all the work, each part by `run`."""
        run(self._begin)
        if not self._learners:
            return SampleReport(0, 0, 0, fresh=False)
        for cohort_id, learners in groupby(self._learners, key=attrgetter("cohort_id")):
            for sitting in self._sittings(learners):
                self._writer.add(sitting)
                if self._writer.pending >= CHUNK:
                    run(self._writer.write)
                    self._writer.forget()
            run(partial(self._writer.end_cohort, cohort_id=cohort_id))
            self._writer.forget()
        run(self._end)
        return SampleReport(len(self._learners), self._writer.interviews, self._writer.responses)

    def _begin(self, session: Session) -> None:
        """Adds the people, unless the programme is there already."""
        found = session.scalar(select(Programme).where(Programme.name.in_((PROGRAMME, LOADING))))
        if found is not None and not found.is_sample:
            raise ValueError(f"A programme of real people is called “{found.name}”; give it another name first.")
        if found is not None and found.name == LOADING:
            raise ValueError(
                "The sample programme is being loaded, or was broken off: remove it before you load it again."
            )
        if found is None:
            self._learners = add_people(session, self._size, sorted(self._domains), self._rng, self._now)

    def _sittings(self, learners: Iterable[Learner]) -> Iterator[Sitting]:
        """The interviews of these learners until there are as many responses as were asked for."""
        for learner in learners:
            for sitting in sittings_of(learner, self._size, self._pools, self._rng, self._now):
                if self._writer.responses >= self._wanted:
                    return
                yield sitting

    def _end(self, session: Session) -> None:
        _open_interview(session, self._domains, self._learners[0], self._rng, self._now)
        loaded = session.scalars(select(Programme).filter_by(name=LOADING)).one()
        loaded.name = PROGRAMME
        recounting.add_up_programme(session, loaded.id)


def _open_interview(
    session: Session, domains: Mapping[str, Domain], learner: Learner, rng: Random, now: dt.datetime
) -> None:
    """One interview that the sample learner can resume; the offline engine goes on with it."""
    domain = domains[learner.fields[0]]
    question = min(domain.questions, key=lambda one: (abs(one.level - 3), one.id))
    started = now - dt.timedelta(hours=3)
    interview = Interview(
        public_id=new_public_id(), learner_id=learner.id, cohort_id=learner.cohort_id, domain=domain.key, level=3,
        mode=Mode.PRACTICE, question_limit=8, phase=Phase.ANSWERING, engine="offline", model="bank-1",
        seed=rng.randrange(2**31), started_at=started, week=week_of(started), is_sample=True,
    )  # fmt: skip
    session.add(interview)
    session.flush()
    counts.started(session, interview)
    session.add(
        Turn(
            interview_id=interview.id, number=1, move=Move.OPENING, skill=question.skill, level=question.level,
            question_id=question.id, message=question.text, asked_at=started, engine="offline", model="bank-1",
            prompt_digest="", hints=[],
        )
    )  # fmt: skip
