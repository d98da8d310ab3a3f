"""A small world to try every door of: two cohorts, whose managers and learners know nothing of each other."""

import shutil
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy import select

from core.accounts.permissions import Viewer
from core.accounts.sessions import viewer_from
from core.bootstrap import Services, build
from core.config import Settings
from core.interview.model import FlagKind, Phase
from core.interview.service import Plan, Words
from core.storage.feedback_tables import Flag
from core.storage.tables import Person
from tests.hall import DOMAINS, ROOT

PATIENCE = 20.0
NAME = "Ann Ownerson"
EMAIL = "ann@example.org"
PASSWORD = "a sentence to remember"
WORDS = "I would warm the pot of my grandmother"
DISPUTED = "I would ask the guest"
REASON = "I said it in other words"
WRONG = "Nobody could know this"
DRAFT = "a draft about porcelain"


class Asker(StrEnum):
    """Who is at the door; everything in this world is about Ann."""

    NOBODY = "somebody signed out"
    ANN = "Ann herself"
    LEARNER = "another learner"
    MANAGER = "the manager of Ann's cohort"
    OTHER = "the manager of another cohort"
    ADMIN = "an administrator"


SIGNED_IN = tuple(asker for asker in Asker if asker is not Asker.NOBODY)


@dataclass(frozen=True)
class World:
    """The services, and the numbers of what is in them."""

    services: Services
    people: dict[Asker, int]
    blue: int
    red: int
    blue_public: str
    finished: str
    finished_id: int
    open: str
    dispute: int
    flag: int
    run: str

    @property
    def ann(self) -> int:
        return self.people[Asker.ANN]

    def viewer(self, asker: Asker) -> Viewer:
        with self.services.database.read() as session:
            return viewer_from(session.get_one(Person, self.people[asker]))

    def cookie(self, asker: Asker) -> str:
        """The token of a new sign-in."""
        return self.services.sessions.open(self.people[asker])


def furnish(folder: Path) -> World:
    """A new world in the folder, with its workers at rest."""
    prompts = folder / "prompts"
    shutil.copytree(ROOT / "prompts", prompts, ignore=shutil.ignore_patterns("domains"))
    shutil.copytree(DOMAINS, prompts / "domains")
    services = open_services(folder)
    services.start()
    places = {name: services.people.ensure_cohort("Programme", name) for name in ("Blue", "Red")}
    people = {
        Asker.ANN: services.people.add(EMAIL, NAME, "learner", cohort="Blue", password=PASSWORD).id,
        Asker.LEARNER: services.people.add("lee@example.org", "Lee", "learner", cohort="Red").id,
        Asker.MANAGER: services.people.add("max@example.org", "Max", "manager", cohort="Blue").id,
        Asker.OTHER: services.people.add("eve@example.org", "Eve", "manager", cohort="Red").id,
        Asker.ADMIN: services.people.add("ada@example.org", "Ada", "admin").id,
    }
    ann = people[Asker.ANN]
    finished = _hold(services, ann, [DISPUTED, WORDS], questions=2)
    begun = _hold(services, ann, [WORDS], questions=2)
    services.interviews.save_draft(ann, begun, 2, DRAFT)
    services.flags.flag(ann, finished, 1, FlagKind.SCORE, REASON)
    services.flags.flag(ann, finished, 2, FlagKind.WRONG, WRONG)
    domain = services.domains.catalogue().domains["tiny"]
    run = services.benches.hold(domain, services.engines.graders["offline"])
    services.workers.stop()
    with services.database.read() as session:
        flags = {FlagKind(flag.kind): flag.id for flag in session.scalars(select(Flag))}
    return World(
        services,
        people,
        places["Blue"].id,
        places["Red"].id,
        places["Blue"].public_id,
        finished,
        services.interviews.view(ann, finished).id,
        begun,
        flags[FlagKind.SCORE],
        flags[FlagKind.WRONG],
        run.public_id,
    )


def open_services(folder: Path) -> Services:
    """Services on the world in the folder."""
    return build(Settings(data_dir=folder, prompts_dir=folder / "prompts", engine="offline", database_url=None))


def _hold(services: Services, learner: int, answers: list[str], *, questions: int) -> str:
    """An interview with these answers, each graded; returns its public id."""
    public_id = services.interviews.start(learner, Plan("tiny", level=3, questions=questions))
    for number, words in enumerate(answers, 1):
        _wait(services, learner, public_id, Phase.ANSWERING)
        services.interviews.submit_answer(learner, public_id, number, Words(words, sure=True))
    _wait(services, learner, public_id, Phase.ANSWERING, Phase.FINISHED)
    return public_id


def _wait(services: Services, learner: int, public_id: str, *phases: Phase) -> None:
    end = time.monotonic() + PATIENCE
    view = services.interviews.view(learner, public_id)
    while not (view.phase in phases and view.grading_done):
        if time.monotonic() > end:
            raise AssertionError(f"still waiting: {view}")
        time.sleep(0.01)
        view = services.interviews.view(learner, public_id)
