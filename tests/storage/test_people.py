"""People, programmes and cohorts: added once, found however they are written, and never without an administrator."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select

from core.accounts.people import FIRST_PROGRAMME, People
from core.accounts.permissions import Role, Viewer
from core.accounts.sessions import Sessions
from core.storage.database import Database
from core.storage.tables import Audit, Cohort, Enrolment, Person, Programme
from tests.hall import START, Clock
from tests.storage.rows import all_rows

PASSWORD = "correct horse battery"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def people(database: Database, clock: Clock) -> People:
    return People(database, clock)


def viewer(person: Person) -> Viewer:
    return Viewer(person.id, person.public_id, person.email, person.name, Role(person.role))


def number_of(database: Database, table: type[Any]) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_somebody_is_added_once_however_their_address_is_written(people: People) -> None:
    ann = people.add(" Ann@Example.org", None, "learner")
    assert (ann.email, ann.name, ann.role, ann.created_at) == ("ann@example.org", "ann", "learner", START)
    with pytest.raises(ValueError, match=r"ann@example\.org has an account already"):
        people.add("ANN@example.ORG", "Other", "admin")


def test_addresses_that_differ_in_an_accent_are_different_people(people: People) -> None:
    people.add("jose@example.org", "Jose", "learner")
    people.add("josé@example.org", "José", "learner")
    found = people.find_by_email("josé@example.org")
    assert found is not None
    assert found.name == "José"


@pytest.mark.parametrize("typed", ["ann@example.org", "  ANN@EXAMPLE.ORG ", "nobody@example.org", "not an address", ""])
def test_people_are_found_by_any_spelling_and_nobody_by_none(people: People, typed: str) -> None:
    people.add("ann@example.org", "Ann", "learner")
    assert (people.find_by_email(typed) is not None) is ("ann" in typed.lower())


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "x"},
        {"name": "A\u202e"},
        {"role": "boss"},
        {"password": "short"},
        {"cohort": " "},
        {"cohort": "x" * 201},
    ],
)
def test_what_can_not_be_stored_leaves_nothing_behind(
    people: People, database: Database, wrong: dict[str, str]
) -> None:
    before = all_rows(database)
    given = {"email": "ann@example.org", "name": "Ann", "role": "learner", "cohort": "Spring", **wrong}
    with pytest.raises(ValueError, match=r"\.$"):
        people.add(given.pop("email"), given.pop("name"), given.pop("role"), **given)  # type: ignore[arg-type]
    assert all_rows(database) == before


def test_two_who_add_the_same_person_at_once_make_one(people: People, database: Database) -> None:
    def add(_: int) -> str:
        try:
            return people.add("ann@example.org", "Ann", "learner", cohort="Spring").email
        except ValueError as error:
            return str(error)

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(add, range(4)))
    assert told.count("ann@example.org") == 1
    assert all(sentence.endswith(".") for sentence in told if sentence != "ann@example.org")
    assert (number_of(database, Person), number_of(database, Cohort), number_of(database, Enrolment)) == (1, 1, 1)


def test_a_cohort_is_made_with_the_first_who_joins_it(people: People) -> None:
    ann = people.add("ann@example.org", "Ann", "learner", cohort="  Spring   2027 ")
    bea = people.add("bea@example.org", "Bea", "learner", cohort="Spring 2027")
    (one,), (other,) = people.cohorts_of(viewer(ann)), people.cohorts_of(viewer(bea))
    assert one == other
    assert (one.name, one.programme, one.title) == ("Spring 2027", FIRST_PROGRAMME, f"{FIRST_PROGRAMME} ▸ Spring 2027")
    assert one.starts_on == START.date()


def test_cohorts_that_differ_in_case_are_different(people: People, database: Database) -> None:
    people.ensure_cohort("Tea", "Blue")
    people.ensure_cohort("Tea", "blue")
    assert number_of(database, Cohort) == 2


def test_a_cohort_name_in_two_programmes_needs_the_programme(people: People) -> None:
    people.ensure_cohort("Tea", "Blue")
    people.ensure_cohort("Coffee", "Blue")
    with pytest.raises(ValueError, match="name the programme too"):
        people.add("ann@example.org", "Ann", "learner", cohort="Blue")
    with pytest.raises(ValueError, match="more than one programme"):
        people.add("ann@example.org", "Ann", "learner", cohort="Green")
    assert people.add("ann@example.org", "Ann", "learner", cohort="Blue", programme="Tea").id


def test_a_new_cohort_goes_into_the_only_programme(people: People, database: Database) -> None:
    people.ensure_cohort("Tea", "Blue")
    assert people.ensure_cohort(None, "Green").programme == "Tea"
    assert number_of(database, Programme) == 1


def test_everyone_sees_their_own_cohorts_and_an_administrator_all(people: People) -> None:
    people.ensure_cohort("Tea", "Green")
    max_ = people.add("max@example.org", "Max", "manager", cohort="Blue")
    ada = people.add("ada@example.org", "Ada", "admin")
    assert [cohort.name for cohort in people.cohorts_of(viewer(max_))] == ["Blue"]
    assert [cohort.name for cohort in people.cohorts_of(viewer(ada))] == ["Blue", "Green"]


def test_the_learners_of_a_cohort_are_no_managers_and_come_by_name(people: People) -> None:
    for name, role in (("Zoe", "learner"), ("Max", "manager"), ("Ann", "learner")):
        people.add(f"{name.lower()}@example.org", name, role, cohort="Blue")
    cohort = people.ensure_cohort(None, "Blue")
    assert list(people.learners_of(cohort.id).values()) == ["Ann", "Zoe"]


def test_sign_in_takes_the_right_password_of_an_open_account(people: People) -> None:
    ann = people.add("ann@example.org", "Ann", "learner", password=PASSWORD)
    people.add("bea@example.org", "Bea", "learner")
    signed_in = people.authenticate("ANN@example.org", PASSWORD)
    assert signed_in is not None
    assert signed_in.id == ann.id
    assert people.authenticate("ann@example.org", PASSWORD + "!") is None
    assert people.authenticate("nobody@example.org", PASSWORD) is None
    assert people.authenticate("bea@example.org", "") is None
    people.disable(ann.id)
    assert people.authenticate("ann@example.org", PASSWORD) is None


def test_a_new_password_ends_every_sign_in_but_the_one_it_was_set_in(people: People, clock: Clock) -> None:
    sessions = Sessions(people.database, clock)
    ann = people.add("ann@example.org", "Ann", "learner", password=PASSWORD)
    here, there = sessions.open(ann.id), sessions.open(ann.id)
    ticket = sessions.by_token(here)
    assert ticket is not None
    people.change_password(viewer(ann), PASSWORD, "another long sentence", keep=ticket.public_id)
    ended = sessions.by_token(there)
    assert ended is not None
    assert ended.viewer is None
    assert sessions.viewer_of(ticket.public_id) is not None
    assert people.authenticate("ann@example.org", PASSWORD) is None
    assert people.authenticate("ann@example.org", "another long sentence") is not None


def test_a_new_password_takes_the_current_one(people: People) -> None:
    ann = people.add("ann@example.org", "Ann", "learner", password=PASSWORD)
    with pytest.raises(ValueError, match="current password"):
        people.change_password(viewer(ann), "wrong", "another long sentence")
    with pytest.raises(ValueError, match="12 characters"):
        people.change_password(viewer(ann), PASSWORD, "short")
    assert people.authenticate("ann@example.org", PASSWORD) is not None


def test_a_closed_account_is_out_at_once_everywhere_and_may_be_opened_again(people: People, clock: Clock) -> None:
    sessions = Sessions(people.database, clock)
    ann = people.add("ann@example.org", "Ann", "learner")
    token = sessions.open(ann.id)
    people.disable(ann.id)
    ended = sessions.by_token(token)
    assert ended is not None
    assert ended.viewer is None
    people.disable(ann.id, False)
    still_ended = sessions.by_token(token)
    assert still_ended is not None
    assert still_ended.viewer is None
    assert sessions.by_token(sessions.open(ann.id)) is not None


@pytest.mark.parametrize(
    "work", [lambda people, id_: people.disable(id_), lambda people, id_: people.set_role(id_, "learner")]
)
def test_there_is_always_an_administrator(people: People, work: Callable[[People, int], None]) -> None:
    ada = people.add("ada@example.org", "Ada", "admin")
    closed = people.add("old@example.org", "Old", "admin")
    people.disable(closed.id)
    with pytest.raises(ValueError, match=r"ada@example\.org is the only administrator"):
        work(people, ada.id)
    people.add("eve@example.org", "Eve", "admin")
    work(people, ada.id)


def test_a_role_counts_from_the_next_look_on(people: People, clock: Clock) -> None:
    sessions = Sessions(people.database, clock)
    ann = people.add("ann@example.org", "Ann", "learner")
    token = sessions.open(ann.id)
    people.set_role(ann.id, "manager")
    ticket = sessions.by_token(token)
    assert ticket is not None
    assert ticket.viewer is not None
    assert ticket.viewer.role is Role.MANAGER


def test_settings_keep_what_is_not_changed(people: People) -> None:
    ann = people.add("ann@example.org", "Ann", "learner")
    people.save_settings(ann.id, level=3, mode="mock")
    people.save_settings(ann.id, level=4)
    found = people.find_by_email("ann@example.org")
    assert found is not None
    assert found.settings == {"level": 4, "mode": "mock"}


def test_settings_that_are_changed_at_once_are_all_kept(people: People) -> None:
    ann = people.add("ann@example.org", "Ann", "learner")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: people.save_settings(ann.id, **{f"key{number}": number}), range(8)))
    found = people.find_by_email("ann@example.org")
    assert found is not None
    assert found.settings == {f"key{number}": number for number in range(8)}


def test_a_person_names_themself(people: People) -> None:
    ann = people.add("ann@example.org", "Ann", "learner")
    people.rename(viewer(ann), " Ann  Lee ")
    with pytest.raises(ValueError, match="can't be a name"):
        people.rename(viewer(ann), "Ann\u202e")
    found = people.find_by_email("ann@example.org")
    assert found is not None
    assert found.name == "Ann Lee"


def test_what_is_done_to_people_is_written_down(people: People, database: Database) -> None:
    ada = people.add("ada@example.org", "Ada", "admin")
    ann = people.add("ann@example.org", "Ann", "learner", actor_id=ada.id)
    people.set_role(ann.id, "manager", actor_id=ada.id)
    people.disable(ann.id, actor_id=ada.id)
    people.share_transcripts(ann.id, True)
    with database.read() as session:
        noted = session.execute(
            select(Audit.action, Audit.actor_id).filter_by(subject_id=ann.id).order_by(Audit.id)
        ).all()
    assert [tuple(row) for row in noted] == [
        ("person.added", ada.id),
        ("person.role", ada.id),
        ("person.disabled", ada.id),
        ("transcripts.shared", ann.id),
    ]


def test_only_sample_people_are_no_real_account(people: People) -> None:
    assert not people.any_real_account()
    people.add("maya@sample.example.org", "Maya", "learner", is_sample=True)
    assert not people.any_real_account()
    people.add("ann@example.org", "Ann", "learner")
    assert people.any_real_account()
