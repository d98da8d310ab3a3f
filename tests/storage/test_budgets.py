"""Budgets: every call is counted, refused when a limit is reached, and never by much too late; on both databases."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from core.accounts.people import People
from core.accounts.permissions import Role, Viewer
from core.accounts.places import merge_programmes, programmes
from core.accounts.sessions import viewer_from
from core.budgets.accounts import Account, charged, charging
from core.budgets.costs import Price, Prices
from core.budgets.ledger import Budgets
from core.budgets.limits import Given, Limit, Limits
from core.budgets.metered import MeteredAssessor, MeteredInterviewer, MeteredTranscriber, MeteredWriter
from core.budgets.spending import OUTSIDE, set_budget, spending
from core.engines import metering
from core.engines.base import Assessment, Clip, Fault, Feedback, GradeTask, ServiceError, SpeechHints
from core.engines.metering import Usage
from core.engines.scripted import ScriptedAssessor, ScriptedInterviewer, ScriptedTranscriber, ScriptedWriter
from core.interview.jobs import Ticket
from core.interview.service import Plan
from core.storage.database import Database
from core.storage.usage_tables import LearnerUsage, ProgrammeUsage
from tests.hall import Clock, add_person, open_hall, reply

PLENTY = Limit(1000, 1_000_000, 10_000)
JUDGEMENT = Assessment((), (), (), Feedback("", "", ""), "high")
TASK = GradeTask("How do you brew?", "With hot water.")
CLIP = Clip("answer.wav", "audio/wav", b"", 90.5)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def open_books(database: Database, clock: Clock) -> Callable[..., Budgets]:
    """`open_books(day=…, month=…)`; what isn't given is plenty."""
    return lambda day=PLENTY, month=PLENTY: Budgets(database, clock, Limits(day, month))


@pytest.fixture
def ann(database: Database) -> int:
    return add_person(database, "ann@example.org")


def as_learner(person_id: int, programme_id: int = 7) -> Any:
    return charging(lambda: Account(person_id, programme_id))


def write(budgets: Budgets, times: int = 1) -> None:
    """Calls for closing words, whose server tells no tokens."""
    writer = MeteredWriter(ScriptedWriter(["x" * 40] * times), budgets)
    for _ in range(times):
        writer.write("s" * 38, {})


def day_of(database: Database, person_id: int) -> tuple[int, ...]:
    with database.read() as session:
        row = session.scalars(select(LearnerUsage).filter_by(person_id=person_id)).one()
        return row.calls, row.tokens_in, row.tokens_out, row.seconds, row.estimated


def kinds(database: Database) -> dict[tuple[int, str], int]:
    with database.read() as session:
        return {(row.programme_id, row.kind): row.calls for row in session.scalars(select(ProgrammeUsage))}


def test_a_call_whose_server_tells_nothing_is_counted_by_its_length_and_marked(
    open_books: Callable[..., Budgets], database: Database, ann: int
) -> None:
    with as_learner(ann):
        write(open_books())
    assert day_of(database, ann) == (1, 10, 10, 0, 1)


def test_what_the_server_tells_takes_the_place_of_the_guess(
    open_books: Callable[..., Budgets], database: Database, ann: int
) -> None:
    class Telling(ScriptedAssessor):
        def assess(self, task: GradeTask) -> Assessment:
            metering.tell(tokens_in=700, tokens_out=80)
            metering.tell(tokens_in=800, tokens_out=90)
            return super().assess(task)

    with as_learner(ann):
        MeteredAssessor(Telling([JUDGEMENT]), open_books()).assess(TASK)
    assert day_of(database, ann) == (2, 1500, 170, 0, 0)
    assert kinds(database) == {(7, "grade"): 2}


def test_audio_is_counted_in_seconds(open_books: Callable[..., Budgets], database: Database, ann: int) -> None:
    with as_learner(ann):
        MeteredTranscriber(ScriptedTranscriber(["hot water"]), open_books()).transcribe(CLIP, SpeechHints())
    assert day_of(database, ann) == (1, 0, 0, 91, 0)


@pytest.mark.parametrize(
    ("kind", "calls"), [(Fault.UNREACHABLE, 0), (Fault.BUSY, 0), (Fault.TIMEOUT, 1), (Fault.BAD_REPLY, 1)]
)
def test_only_what_a_model_may_have_worked_on_counts(
    open_books: Callable[..., Budgets], database: Database, ann: int, kind: Fault, calls: int
) -> None:
    writer = MeteredWriter(ScriptedWriter([ServiceError(kind, "No.")]), open_books())
    with as_learner(ann), pytest.raises(ServiceError, match="No"):
        writer.write("", {})
    assert day_of(database, ann)[0] == calls


@pytest.mark.parametrize(
    ("day", "what"),
    [(Limit(2, 1000, 0), "calls to the model"), (Limit(9, 30, 0), "tokens of the model")],
    ids=["calls", "tokens"],
)
def test_the_call_after_the_last_is_refused_in_one_sentence(
    open_books: Callable[..., Budgets], database: Database, ann: int, day: Limit, what: str
) -> None:
    budgets = open_books(day=day)
    with as_learner(ann):
        write(budgets, 2)
        with pytest.raises(ServiceError) as caught:
            write(budgets)
    assert caught.value.kind is Fault.BUDGET
    assert caught.value.sentence == (
        f"Your budget of {what} for today is spent; it is new at midnight UTC. What you answered is kept."
    )
    assert day_of(database, ann)[0] == 2


def test_speech_is_refused_while_typing_goes_on(open_books: Callable[..., Budgets], ann: int) -> None:
    budgets = open_books(day=Limit(9, 1000, 60))
    speech = MeteredTranscriber(ScriptedTranscriber(["hot water", "more"]), budgets)
    with as_learner(ann):
        speech.transcribe(CLIP, SpeechHints())
        with pytest.raises(ServiceError, match=r"speech recognition for today is spent.*Please type your answer"):
            speech.transcribe(CLIP, SpeechHints())
        write(budgets)


def test_a_new_day_and_a_new_month_are_new_budgets(open_books: Callable[..., Budgets], clock: Clock, ann: int) -> None:
    budgets = open_books(day=Limit(1, 1000, 0), month=Limit(2, 1000, 0))
    with as_learner(ann):
        for _ in range(2):
            write(budgets)
            clock.now += dt.timedelta(days=1)
        with pytest.raises(ServiceError, match="Your programme's budget of calls to the model for this month is spent"):
            write(budgets)
        clock.now += dt.timedelta(days=31)
        write(budgets)


def test_one_learners_day_is_nobody_elses(open_books: Callable[..., Budgets], database: Database, ann: int) -> None:
    budgets = open_books(day=Limit(1, 1000, 0))
    for person_id in (ann, add_person(database, "bea@example.org")):
        with as_learner(person_id):
            write(budgets)
    assert kinds(database) == {(7, "summary"): 2}


def test_the_rubric_bench_is_charged_to_nobody_and_has_the_months_limit(
    open_books: Callable[..., Budgets], database: Database
) -> None:
    assessor = MeteredAssessor(ScriptedAssessor([JUDGEMENT] * 2), open_books(month=Limit(1, 10_000, 0)))
    assessor.assess(TASK)
    with pytest.raises(ServiceError, match=r"^The budget of calls to the model for this month"):
        assessor.assess(TASK)
    assert kinds(database) == {(0, "bench"): 1}


def test_sixteen_calls_at_once_stay_within_the_limit(
    open_books: Callable[..., Budgets], database: Database, ann: int
) -> None:
    budgets = open_books(day=Limit(5, 1_000_000, 0))
    with as_learner(ann):
        write(budgets)
    together = threading.Barrier(16)

    def call() -> bool:
        together.wait(20)
        try:
            with as_learner(ann):
                write(budgets)
        except ServiceError as error:
            return error.kind is not Fault.BUDGET
        return True

    with ThreadPoolExecutor(16) as pool:
        made = [done.result() for done in [pool.submit(call) for _ in range(16)]]
    assert sum(made) == 4
    assert day_of(database, ann)[0] == 5


def test_a_stream_that_breaks_off_counts_as_far_as_it_came(
    open_books: Callable[..., Budgets], database: Database, ann: int
) -> None:
    class Broken:
        name, model = "broken", "m"

        def ask(self, brief: Any) -> Iterator[str]:
            yield "x" * 80
            raise ServiceError(Fault.INTERRUPTED, "It broke off.")

    class Brief:
        system, context, history, card_text = "s" * 400, "", (), ""

    with as_learner(ann), pytest.raises(ServiceError, match="broke off"):
        list(MeteredInterviewer(Broken(), open_books()).ask(Brief()))  # type: ignore[arg-type]
    assert day_of(database, ann) == (1, 100, 20, 0, 1)


def test_jobs_are_charged_to_the_learner_and_the_programme_of_their_interview(
    open_books: Callable[..., Budgets], database: Database
) -> None:
    people, budgets = People(database, Clock()), open_books()
    hall = open_hall(database, [])
    hall.workers.stop()
    people.ensure_cohort("Tea", "Spring")
    place = people.add("bea@example.org", "Bea", "learner", cohort="Spring", programme="Tea")
    public_id = hall.interviews.start(place.id, Plan("tiny"))
    found: list[Account] = []
    job = budgets.for_jobs(lambda ticket: found.append(charged()))
    job(Ticket(1, hall.interviews.view(place.id, public_id).id, "ask", 1, "me"))
    assert found == [Account(place.id, 1)]
    assert charged() == Account(None, 0)


@pytest.fixture
def boss(database: Database) -> tuple[People, Viewer]:
    people = People(database, Clock())
    for programme in ("Tea", "Coffee"):
        people.ensure_cohort(programme, "Spring")
    return people, viewer_from(people.add("boss@example.org", "Boss", "admin"))


def test_an_administrator_sets_a_programmes_own_budget(
    open_books: Callable[..., Budgets], boss: tuple[People, Viewer], ann: int
) -> None:
    people, viewer = boss
    budgets = open_books()
    set_budget(people, viewer, 1, Given(day_calls=0))
    with as_learner(ann, 1), pytest.raises(ServiceError, match="for today is spent"):
        write(budgets)
    set_budget(people, viewer, 1, Given(month_calls=1))
    with as_learner(ann, 1):
        write(budgets)
        with pytest.raises(ServiceError, match="an administrator can raise it"):
            write(budgets)


def test_budgets_that_are_none_and_those_who_may_not_are_refused(boss: tuple[People, Viewer]) -> None:
    people, viewer = boss
    theo = viewer_from(people.add("theo@example.org", "Theo", "manager", cohort="Spring", programme="Tea"))
    for wrong in (-1, 2_000_000_001):
        with pytest.raises(ValueError, match="whole number from 0"):
            set_budget(people, viewer, 1, Given(day_calls=wrong))
    with pytest.raises(ValueError, match="could not be found"):
        set_budget(people, viewer, 99, Given())
    with pytest.raises(ValueError, match="Only an administrator"):
        set_budget(people, theo, 1, Given())


def test_managers_see_what_their_programmes_used_and_administrators_everything(
    open_books: Callable[..., Budgets], boss: tuple[People, Viewer], clock: Clock, ann: int
) -> None:
    people, viewer = boss
    with as_learner(ann, 1):
        write(open_books())
    theo = viewer_from(people.add("theo@example.org", "Theo", Role.MANAGER, cohort="Spring", programme="Tea"))
    (tea,) = spending(people, theo, clock.now.date())
    assert (tea.name, tea.total, tea.estimated) == ("Tea", Usage(1, 10, 10, 0), 1)
    assert tea.share_of(Limit(4, 1000, 10)) == 0.25
    everything = {one.name: one.total.calls for one in spending(people, viewer, clock.now.date())}
    assert everything == {"Coffee": 0, "Tea": 1, OUTSIDE: 0}


def test_merged_programmes_have_used_together_what_each_used(
    open_books: Callable[..., Budgets], boss: tuple[People, Viewer], clock: Clock, ann: int
) -> None:
    people, viewer = boss
    set_budget(people, viewer, 1, Given(day_calls=3))
    for programme_id in (1, 2):
        with as_learner(ann, programme_id):
            write(open_books())
    merge_programmes(people, viewer, 1, 2)
    assert [one.total.calls for one in spending(people, viewer, clock.now.date())] == [2, 0]
    assert [entry.name for entry in programmes(people, viewer)] == ["Coffee"]


def test_the_interviewer_books_and_the_offline_engine_does_not(
    open_books: Callable[..., Budgets], database: Database
) -> None:
    hall = open_hall(
        database, MeteredInterviewer(ScriptedInterviewer([reply("How?", "none", "opening")]), open_books())
    )
    hall.begin()
    assert kinds(database) == {(0, "ask"): 1}
    hall.workers.stop()


def test_costs_go_by_kind_and_are_none_without_prices() -> None:
    used = {
        "ask": Usage(1, 1_000_000, 500_000),
        "grade": Usage(1, 2_000_000),
        "transcribe": Usage(1, 999_999, 0, 120),
    }
    prices = Prices(Price(1.0, 2.0), Price(3.0, 0.0), 0.5, "EUR")
    assert prices.cost(used) == pytest.approx(1 + 1 + 6 + 1)
    assert Prices(Price(0, 0), Price(0, 0), 0, "EUR").cost(used) is None
