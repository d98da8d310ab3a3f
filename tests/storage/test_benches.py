"""Runs of the rubric bench as they are kept: followed, stopped, accepted, compared; on both databases."""

import datetime as dt
import threading
from collections.abc import Iterator

import pytest

from core.accounts.permissions import Role, Viewer
from core.accounts.personal_data import erase_person, export_person
from core.domains import Domain
from core.engines.base import Fault, Grade, GradeTask, ServiceError
from core.grading.lexical import LexicalGrader
from core.quality.benches import LEASE, Benches
from core.storage.database import Database
from tests.hall import START, Clock, add_person
from tests.storage.waiting import until

LEXICAL = LexicalGrader()


class Shifted(LexicalGrader):
    """The offline grader with another prompt, and every score moved by so much."""

    def __init__(self, by: int, prompt_digest: str = "") -> None:
        super().__init__()
        self.by, self.prompt_digest = by, prompt_digest

    def grade(self, task: GradeTask) -> Grade:
        score = super().grade(task).score or 0
        return Grade(min(10, max(1, score + self.by)), None, self.name, self.model, self.prompt_digest)


class Gate(LexicalGrader):
    """The offline grader, behind a door."""

    def __init__(self) -> None:
        super().__init__()
        self.open = threading.Event()

    def grade(self, task: GradeTask) -> Grade:
        self.open.wait()
        return super().grade(task)


class Failing(LexicalGrader):
    def grade(self, task: GradeTask) -> Grade:
        raise RuntimeError("a fault of our own")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def benches(database: Database, clock: Clock) -> Iterator[Benches]:
    made = Benches(database, clock, threads=2, tick=0.01)
    yield made
    made.close()


@pytest.fixture
def ada(database: Database) -> Viewer:
    return Viewer(add_person(database, "ada@example.org", "admin"), "", "", "", Role.ADMIN)


def test_a_run_is_kept_with_what_was_graded_by_what(benches: Benches, tiny_domain: Domain) -> None:
    run = benches.hold(tiny_domain, Shifted(0, "d" * 64))
    assert (run.engine, run.model, run.prompt_digest, run.state) == ("offline", "lexical-1", "d" * 64, "done")
    assert run.report is not None
    assert run.report.faults() == []
    assert benches.find(run.public_id) == run
    assert benches.running() is None


def test_a_run_in_the_background_can_be_followed(
    benches: Benches, database: Database, clock: Clock, tiny_domain: Domain, ada: Viewer
) -> None:
    gate = Gate()
    public_id = benches.start(ada, tiny_domain, gate)
    elsewhere = Benches(database, clock, threads=1)
    seen = elsewhere.running()
    assert seen is not None
    assert (seen.public_id, seen.state, seen.report) == (public_id, "running", None)
    gate.open.set()
    until(lambda: benches.find(public_id).state == "done")
    assert elsewhere.find(public_id).done == elsewhere.find(public_id).total
    elsewhere.close()


def test_one_run_at_a_time(benches: Benches, tiny_domain: Domain, ada: Viewer) -> None:
    gate = Gate()
    first = benches.start(ada, tiny_domain, gate)
    with pytest.raises(ServiceError, match="goes on already"):
        benches.start(ada, tiny_domain, LEXICAL)
    benches.stop(ada, first)
    gate.open.set()
    assert benches.hold(tiny_domain, LEXICAL).state == "done"
    assert benches.find(first).state == "stopped"


def test_a_run_whose_process_died_is_interrupted_and_in_nobodys_way(
    benches: Benches, clock: Clock, tiny_domain: Domain, ada: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(benches, "_hold", lambda *_: None)  # as if the process ended just after the row was written
    dead = benches.start(ada, tiny_domain, LEXICAL)
    monkeypatch.undo()
    clock.now += LEASE + dt.timedelta(seconds=1)
    assert benches.find(dead).state == "interrupted"
    assert benches.hold(tiny_domain, LEXICAL).state == "done"


def test_a_run_that_fails_says_so(benches: Benches, tiny_domain: Domain) -> None:
    assert benches.hold(tiny_domain, Failing()).state == "failed"


def test_closing_stops_the_run_in_hand(database: Database, clock: Clock, tiny_domain: Domain, ada: Viewer) -> None:
    gate, benches = Gate(), Benches(database, clock, threads=1, tick=0.01)
    public_id = benches.start(ada, tiny_domain, gate)
    closing = threading.Thread(target=benches.close)
    closing.start()
    until(lambda: benches.find(public_id).state == "stopped")
    gate.open.set()
    closing.join()


def test_drift_is_held_against_the_last_accepted_run(benches: Benches, clock: Clock, tiny_domain: Domain) -> None:
    first = benches.hold(tiny_domain, LEXICAL)
    assert first.compared_with is None
    benches.accept(first.public_id)
    clock.now += dt.timedelta(minutes=1)
    other = benches.hold(tiny_domain, Shifted(-1, "e" * 64))
    assert other.compared_with == START
    assert other.report is not None
    assert any(band.drifted for band in other.report.bands)
    benches.accept(other.public_id)
    assert benches.find(other.public_id).compared_with == START
    clock.now += dt.timedelta(minutes=1)
    again = benches.hold(tiny_domain, Shifted(-1, "e" * 64))
    assert again.report is not None
    assert [band.drift for band in again.report.bands] == [0, 0, 0]


def test_another_engines_run_is_nothing_to_compare_with(benches: Benches, tiny_domain: Domain) -> None:
    benches.accept(benches.hold(tiny_domain, LEXICAL).public_id)
    elsewhere = Shifted(0)
    elsewhere.name = "openai"
    assert benches.hold(tiny_domain, elsewhere).compared_with is None


def test_the_latest_run_is_that_of_the_same_text_prompt_and_model(
    benches: Benches, clock: Clock, tiny_domain: Domain
) -> None:
    benches.hold(tiny_domain, LEXICAL)
    clock.now += dt.timedelta(minutes=1)
    second = benches.hold(tiny_domain, LEXICAL)
    assert benches.latest(LEXICAL, tiny_domain) == benches.latest(LEXICAL) == second
    assert benches.latest(Shifted(0, "e" * 64)) is None
    assert benches.latest(LEXICAL, tiny_domain.model_copy(update={"persona": "You are curt."})) is None


def test_a_run_without_scores_is_not_accepted(benches: Benches, tiny_domain: Domain) -> None:
    failed = benches.hold(tiny_domain, Failing())
    with pytest.raises(ServiceError, match="Only a finished run"):
        benches.accept(failed.public_id)


def test_only_administrators_start_stop_and_accept(benches: Benches, tiny_domain: Domain) -> None:
    run = benches.hold(tiny_domain, LEXICAL)
    eve = Viewer(7, "", "", "", Role.MANAGER)
    for command in (
        lambda: benches.start(eve, tiny_domain, LEXICAL),
        lambda: benches.stop(eve, run.public_id),
        lambda: benches.accept(run.public_id, eve),
    ):
        with pytest.raises(ServiceError, match="Only administrators"):
            command()


def test_what_cannot_be_run_is_refused(benches: Benches, tiny_domain: Domain) -> None:
    unwritten = [question.model_copy(update={"answers": None}) for question in tiny_domain.questions]
    for domain, limit in ((tiny_domain, 0), (tiny_domain.model_copy(update={"questions": unwritten}), None)):
        with pytest.raises(ServiceError) as refused:
            benches.hold(domain, LEXICAL, limit)
        assert refused.value.kind is Fault.BAD_INPUT


def test_an_erased_administrator_leaves_the_run_and_no_trace_in_it(
    benches: Benches, database: Database, tiny_domain: Domain, ada: Viewer
) -> None:
    add_person(database, "bea@example.org", "admin")
    public_id = benches.start(ada, tiny_domain, LEXICAL)
    until(lambda: benches.find(public_id).state == "done")
    benches.accept(public_id, ada)
    assert [run["public_id"] for run in export_person(database, "ada@example.org")["bench_runs"]] == [public_id]
    erase_person(database, "ada@example.org", START)
    assert benches.find(public_id).report is not None
    assert ada.id not in _people_of_runs(database)


def _people_of_runs(database: Database) -> set[int | None]:
    from sqlalchemy import select

    from core.storage.bench_tables import BenchRun

    with database.read() as session:
        return {by for row in session.execute(select(BenchRun.started_by, BenchRun.accepted_by)) for by in row}
