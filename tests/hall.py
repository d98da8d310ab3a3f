"""A place to hold interviews in: the real loop on a real database, with engines that follow a script."""

import datetime as dt
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from core.domains import DomainStore
from core.engines.base import Grade, Grader, GradeTask, Interviewer, ServiceError, Writer
from core.engines.scripted import ScriptedInterviewer
from core.interview.asking import Asker
from core.interview.jobs import Handler, Workers
from core.interview.live import Live
from core.interview.marking import Marker
from core.interview.model import Phase
from core.interview.records import InterviewView
from core.interview.service import Interviews, Plan, Words
from core.interview.summing_up import Summariser
from core.prompts import PromptStore
from core.storage.database import Database
from core.storage.ids import new_public_id
from core.storage.tables import Person

ROOT = Path(__file__).resolve().parents[1]
DOMAINS = Path(__file__).parent / "fixtures" / "domains"
START = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


def reply(text: str, band: str = "partial", move: str = "follow_up", skill: str = "brewing") -> str:
    """An interviewer's reply as a model writes it."""
    return f'{{"band": "{band}", "move": "{move}", "skill": "{skill}"}}\n{text}'


class ScriptedGrader:
    """Each entry is a score, or the reason why there is none."""

    name, model, prompt_digest = "scripted", "script-1", "0" * 64

    def __init__(self, script: Iterable[int | str]) -> None:
        self._script = iter(script)
        self.tasks: list[GradeTask] = []

    def grade(self, task: GradeTask) -> Grade:
        self.tasks.append(task)
        entry = next(self._script, None)
        assert entry is not None, "the script has run out"
        score, reason = (entry, None) if isinstance(entry, int) else (None, entry)
        return Grade(score, reason, self.name, self.model, self.prompt_digest)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> dt.datetime:
        return self.now


@dataclass
class Hall:
    """The service under test and what a learner does with it."""

    database: Database
    interviews: Interviews
    workers: Workers
    live: Live
    clock: Clock
    learner: int
    grader: ScriptedGrader
    interviewer: Interviewer
    handlers: dict[str, Handler]

    def begin(self, **plan: object) -> str:
        """A new interview, with its first question asked."""
        public_id = self.interviews.start(self.learner, Plan("tiny", **{"level": 3, **plan}))  # type: ignore[arg-type]
        self.until(public_id, lambda view: view.phase is not Phase.ASKING or _failed(view))
        return public_id

    def answer(self, public_id: str, number: int, text: str) -> InterviewView:
        """Answer a question and wait for the grade and the next question, or for what failed."""
        self.interviews.submit_answer(self.learner, public_id, number, Words(text))
        return self.until(
            public_id, lambda view: (view.phase is not Phase.ASKING or _failed(view)) and _settled(view, number)
        )

    def view(self, public_id: str) -> InterviewView:
        return self.interviews.view(self.learner, public_id)

    def until(self, public_id: str, ready: Callable[[InterviewView], bool]) -> InterviewView:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            view = self.view(public_id)
            if ready(view):
                return view
            time.sleep(0.01)
        raise AssertionError(f"still waiting: {view}")


def _failed(view: InterviewView) -> bool:
    return view.asking is not None and view.asking.state == "failed"


def _settled(view: InterviewView, number: int) -> bool:
    turn = view.turns[number - 1]
    return turn.grade is not None or (turn.grading is not None and turn.grading.state == "failed")


class Moments:
    """A stopwatch that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def add_person(database: Database, email: str, role: str = "learner") -> int:
    """A person row; returns its id."""
    with database.write() as session:
        person = Person(public_id=new_public_id(), email=email, name=email, role=role, created_at=START)
        session.add(person)
        session.flush()
        return person.id


def open_hall(
    database: Database,
    interviewer: Interviewer | Sequence[str | Sequence[str | ServiceError] | ServiceError],
    grades: Iterable[int | str] = (),
    *,
    engine: str = "openai",
    lease_seconds: float = 60.0,
    domains: Path = DOMAINS,
    writers: Mapping[str, Writer] = MappingProxyType({}),
) -> Hall:
    """A started hall; the interviewer's script is its replies in order."""
    speaker = ScriptedInterviewer(interviewer) if isinstance(interviewer, Sequence) else interviewer
    grader, clock, live = ScriptedGrader(grades), Clock(), Live()
    store, prompts = DomainStore(domains), PromptStore(ROOT / "prompts")
    graders: dict[str, Grader] = {engine: grader}
    asker = Asker(database, store, prompts, {engine: speaker}, grader, live, clock)
    handlers: dict[str, Handler] = {"ask": asker, "grade": Marker(database, store, graders, clock, summarised=writers)}
    handlers["summary"] = Summariser(database, store, prompts, writers)
    workers = Workers(
        database,
        handlers,
        threads=2,
        lease_seconds=lease_seconds,
        now=lambda: dt.datetime.now(dt.UTC),
    )
    interviews = Interviews(
        database, store, engine=engine, model="script-1", now=clock, kick=workers.kick, summarised=writers
    )
    learner = add_person(database, "ann@example.org")
    workers.start()
    return Hall(database, interviews, workers, live, clock, learner, grader, speaker, handlers)
