"""Sign-ins, one-time links and the throttle: what opens a door, how long, and how often; on both databases."""

import datetime as dt
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts import sessions as sign_ins
from core.accounts import throttle as limits
from core.accounts.links import LASTS, Links, Purpose
from core.accounts.people import People, has_real_account
from core.accounts.sessions import Sessions
from core.accounts.throttle import Throttle
from core.storage.database import Database
from core.storage.sign_in_tables import OneTimeLink, SignInFailure, WebSession
from tests.hall import Clock, add_person
from tests.storage.rows import mentions

PASSWORD = "correct horse battery"
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sessions(database: Database, clock: Clock) -> Sessions:
    return Sessions(database, clock)


@pytest.fixture
def links(database: Database, clock: Clock) -> Links:
    return Links(database, clock)


@pytest.fixture
def throttle(database: Database, clock: Clock) -> Throttle:
    return Throttle(database, clock)


@pytest.fixture
def ann(database: Database) -> int:
    return add_person(database, "ann@example.org")


def signed_in(sessions: Sessions, token: str) -> bool:
    ticket = sessions.by_token(token)
    return ticket is not None and ticket.viewer is not None


def test_a_sign_in_is_known_by_its_token_of_which_only_a_hash_is_stored(
    sessions: Sessions, database: Database, ann: int
) -> None:
    token = sessions.open(ann)
    assert re.fullmatch(r"[\w-]{43}", token)
    ticket = sessions.by_token(token)
    assert ticket is not None
    assert ticket.viewer is not None
    assert (ticket.viewer.id, ticket.viewer.email) == (ann, "ann@example.org")
    assert mentions(database, [token]) == []


@pytest.mark.parametrize("token", [None, "", "forged", "x" * 43, "x" * 10_000, "\udce4"])
def test_what_is_no_token_opens_nothing(sessions: Sessions, ann: int, token: str | None) -> None:
    sessions.open(ann)
    assert sessions.by_token(token) is None


def test_the_public_id_opens_nothing_as_a_token(sessions: Sessions, ann: int) -> None:
    ticket = sessions.by_token(sessions.open(ann))
    assert ticket is not None
    assert sessions.by_token(ticket.public_id) is None


def test_a_sign_in_that_is_not_used_ends(sessions: Sessions, clock: Clock, ann: int) -> None:
    token = sessions.open(ann)
    clock.now += sign_ins.IDLE - SECOND
    assert signed_in(sessions, token)
    clock.now += sign_ins.IDLE - SECOND
    assert signed_in(sessions, token)
    clock.now += sign_ins.IDLE
    assert not signed_in(sessions, token)


def test_a_sign_in_ends_however_busy_it_is(sessions: Sessions, clock: Clock, ann: int) -> None:
    token, began = sessions.open(ann), clock.now
    while clock.now < began + sign_ins.ABSOLUTE - dt.timedelta(hours=1):
        clock.now += dt.timedelta(hours=1)
        assert signed_in(sessions, token)
    clock.now = began + sign_ins.ABSOLUTE
    assert not signed_in(sessions, token)


def test_an_ended_sign_in_is_remembered_for_a_week_and_then_forgotten(
    sessions: Sessions, clock: Clock, ann: int
) -> None:
    token = sessions.open(ann)
    clock.now += sign_ins.ABSOLUTE + sign_ins.KEPT - SECOND
    sessions.open(ann)
    assert sessions.by_token(token) is not None
    clock.now += 2 * SECOND
    sessions.open(ann)
    assert sessions.by_token(token) is None


def test_signing_out_ends_this_one_alone_and_a_replay_of_it(sessions: Sessions, ann: int) -> None:
    here, there = sessions.open(ann), sessions.open(ann)
    sessions.close(here)
    assert (signed_in(sessions, here), signed_in(sessions, there)) == (False, True)
    sessions.close(here)
    sessions.close("never was")


def test_signing_in_again_ends_the_sign_in_before(sessions: Sessions, ann: int) -> None:
    before = sessions.open(ann)
    after = sessions.open(ann, replacing=before)
    assert before != after
    assert (signed_in(sessions, before), signed_in(sessions, after)) == (False, True)


def test_all_devices_but_this_one_can_be_signed_out(sessions: Sessions, database: Database, ann: int) -> None:
    here, there, bea = sessions.open(ann), sessions.open(ann), sessions.open(add_person(database, "bea@example.org"))
    ticket = sessions.by_token(here)
    assert ticket is not None
    sessions.close_all(ann, keep=ticket.public_id)
    assert [signed_in(sessions, token) for token in (here, there, bea)] == [True, False, True]
    sessions.close_all(ann)
    assert not signed_in(sessions, here)


def test_looking_writes_once_a_minute_at_most(sessions: Sessions, database: Database, clock: Clock, ann: int) -> None:
    token, seen = sessions.open(ann), []
    for pause in (30, 29, 2, 30):
        clock.now += dt.timedelta(seconds=pause)
        sessions.by_token(token)
        with database.read() as session:
            seen.append(session.scalars(select(WebSession.seen_at)).one())
    assert len(set(seen)) == 2


def test_sample_people_are_out_when_the_first_real_account_is_made(
    sessions: Sessions, database: Database, clock: Clock
) -> None:
    people = People(database, clock)
    maya = people.add("maya@sample.example.org", "Maya", "learner", is_sample=True)
    token = sessions.open(maya.id)
    assert signed_in(sessions, token)
    people.add("ann@example.org", "Ann", "learner")
    assert not signed_in(sessions, token)


def test_the_first_administrator_sets_viva_up_once(links: Links, database: Database, clock: Clock) -> None:
    token, other = links.issue(Purpose.SETUP), links.issue(Purpose.SETUP)
    found = links.find(token)
    assert found is not None
    assert (found.purpose, found.email) == (Purpose.SETUP, None)
    links.set_up(token, "ada@example.org", "Ada", PASSWORD)
    person = People(database, clock).authenticate("ada@example.org", PASSWORD)
    assert person is not None
    assert person.role == "admin"
    for used in (token, other):
        assert links.find(used) is None
        with pytest.raises(ValueError, match="used or has expired"):
            links.set_up(used, "eve@example.org", "Eve", PASSWORD)


def test_of_two_at_once_one_becomes_administrator(links: Links, database: Database) -> None:
    tokens = [links.issue(Purpose.SETUP) for _ in range(3)]

    def set_up(number: int) -> bool:
        try:
            links.set_up(tokens[number % 3], f"eve{number}@example.org", "Eve", PASSWORD)
        except ValueError:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(set_up, range(6))) == 1


def test_two_who_look_at_the_same_moment_are_not_both_the_first(
    links: Links, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = [links.issue(Purpose.SETUP) for _ in range(2)]
    both = threading.Barrier(2)

    def looked(session: Session) -> bool:
        found = has_real_account(session)
        with suppress(threading.BrokenBarrierError):  # whoever has to wait for the other doesn't come
            both.wait(1)
        return found

    monkeypatch.setattr("core.accounts.links.has_real_account", looked)

    def set_up(number: int) -> bool:
        try:
            links.set_up(tokens[number], f"eve{number}@example.org", "Eve", PASSWORD)
        except ValueError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(set_up, range(2))) == 1


@pytest.mark.parametrize(("email", "password"), [("no address", PASSWORD), ("ada@example.org", "short")])
def test_a_slip_in_setting_up_leaves_the_link_alive(links: Links, email: str, password: str) -> None:
    token = links.issue(Purpose.SETUP)
    with pytest.raises(ValueError, match=r"\.$"):
        links.set_up(token, email, "Ada", password)
    assert links.find(token) is not None


@pytest.mark.parametrize("purpose", [Purpose.INVITATION, Purpose.RESET])
def test_a_link_to_a_password_works_once(
    links: Links, database: Database, clock: Clock, ann: int, purpose: Purpose
) -> None:
    token = links.issue(purpose, ann)
    assert links.find(token) == links.find(token)  # looking does not use it up
    assert links.choose_password(token, PASSWORD) == ann
    assert People(database, clock).authenticate("ann@example.org", PASSWORD) is not None
    assert links.find(token) is None
    with pytest.raises(ValueError, match="used or has expired"):
        links.choose_password(token, "another long sentence")


def test_a_link_to_a_password_ends_all_sign_ins(links: Links, sessions: Sessions, ann: int) -> None:
    signed = sessions.open(ann)
    links.choose_password(links.issue(Purpose.RESET, ann), PASSWORD)
    assert not signed_in(sessions, signed)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_link_dies_when_its_time_is_over(links: Links, clock: Clock, database: Database, purpose: Purpose) -> None:
    token = links.issue(purpose, None if purpose is Purpose.SETUP else add_person(database, "ann@example.org"))
    clock.now += LASTS[purpose] - SECOND
    assert purpose is Purpose.SETUP or links.find(token) is not None  # somebody has an account by now
    clock.now += SECOND
    assert links.find(token) is None
    with pytest.raises(ValueError, match="used or has expired"):
        links.choose_password(token, PASSWORD)


def test_a_newer_link_for_the_same_person_ends_the_older(links: Links, database: Database, ann: int) -> None:
    bea = links.issue(Purpose.RESET, add_person(database, "bea@example.org"))
    older, newer = links.issue(Purpose.INVITATION, ann), links.issue(Purpose.RESET, ann)
    assert [links.find(token) is not None for token in (older, newer, bea)] == [False, True, True]


def test_a_link_opens_no_closed_account(links: Links, database: Database, clock: Clock, ann: int) -> None:
    token = links.issue(Purpose.RESET, ann)
    People(database, clock).disable(ann)
    assert links.find(token) is None
    with pytest.raises(ValueError, match="used or has expired"):
        links.choose_password(token, PASSWORD)


def test_each_kind_of_link_opens_its_own_door_only(links: Links, ann: int) -> None:
    with pytest.raises(ValueError, match="used or has expired"):
        links.set_up(links.issue(Purpose.INVITATION, ann), "eve@example.org", "Eve", PASSWORD)
    with pytest.raises(ValueError, match="used or has expired"):
        links.choose_password(links.issue(Purpose.SETUP), PASSWORD)


@pytest.mark.parametrize("token", ["", "forged", "x" * 43, "é", "\udce4"])
def test_what_is_no_link_is_none(links: Links, token: str) -> None:
    assert links.find(token) is None
    with pytest.raises(ValueError, match="used or has expired"):
        links.choose_password(token, PASSWORD)


def test_only_a_hash_of_a_link_is_stored_and_old_ones_are_cleared(
    links: Links, database: Database, clock: Clock, ann: int
) -> None:
    token = links.issue(Purpose.RESET, ann)
    assert mentions(database, [token]) == []
    clock.now += LASTS[Purpose.RESET] + SECOND
    links.issue(Purpose.SETUP)
    with database.read() as session:
        assert session.scalars(select(OneTimeLink.purpose)).all() == ["setup"]


def fail(throttle: Throttle, times: int, email: str = "ann@example.org", address: str = "203.0.113.9") -> list[bool]:
    return [throttle.begin(email, address).refused for _ in range(times)]


def test_guessing_one_persons_password_from_one_address_is_stopped(throttle: Throttle) -> None:
    assert fail(throttle, limits.PER_PAIR + 2) == [False] * limits.PER_PAIR + [True, True]


def test_the_owner_still_gets_in_from_elsewhere(throttle: Throttle) -> None:
    fail(throttle, limits.PER_PAIR + 2)
    assert not throttle.begin("ann@example.org", "198.51.100.7").refused
    assert not throttle.begin("bea@example.org", "203.0.113.9").refused


def test_a_spelling_of_the_address_is_the_same_person(throttle: Throttle) -> None:
    fail(throttle, limits.PER_PAIR)
    assert throttle.begin(" ANN@example.org ", "203.0.113.9").refused


def test_many_persons_from_one_address_are_stopped(throttle: Throttle) -> None:
    tried = [
        throttle.begin(f"p{number}@example.org", "203.0.113.9").refused for number in range(limits.PER_ADDRESS + 1)
    ]
    assert tried == [False] * limits.PER_ADDRESS + [True]


def test_one_person_from_many_addresses_is_slowed_and_never_refused(throttle: Throttle) -> None:
    attempts = [throttle.begin("ann@example.org", f"203.0.113.{number}") for number in range(limits.PER_EMAIL + 30)]
    assert not any(attempt.refused for attempt in attempts)
    delays = [attempt.delay for attempt in attempts]
    assert delays == sorted(delays)
    assert (delays[0], delays[-1]) == (0.0, limits.LONGEST_DELAY)


def test_waiting_is_over_after_the_window_and_refusals_do_not_prolong_it(throttle: Throttle, clock: Clock) -> None:
    fail(throttle, limits.PER_PAIR)
    clock.now += limits.WINDOW - SECOND
    assert fail(throttle, 5) == [True] * 5
    clock.now += 2 * SECOND
    assert not throttle.begin("ann@example.org", "203.0.113.9").refused


def test_success_takes_the_failures_of_this_address_back(throttle: Throttle) -> None:
    fail(throttle, limits.PER_PAIR - 1)
    throttle.succeeded(throttle.begin("ann@example.org", "203.0.113.9"), "ann@example.org", "203.0.113.9")
    assert fail(throttle, limits.PER_PAIR) == [False] * limits.PER_PAIR


def test_many_guesses_at_once_do_not_slip_through(throttle: Throttle) -> None:
    with ThreadPoolExecutor(8) as pool:
        refused = list(pool.map(lambda _: throttle.begin("ann@example.org", "203.0.113.9").refused, range(16)))
    assert refused.count(False) <= limits.PER_PAIR


def test_what_was_typed_is_stored_nowhere_and_goes_with_the_window(
    throttle: Throttle, database: Database, clock: Clock
) -> None:
    fail(throttle, 2, email="my password by mistake")
    assert mentions(database, ["password", "203.0.113"]) == []
    clock.now += limits.WINDOW + SECOND
    throttle.begin("\ud800", "198.51.100.7")
    with database.read() as session:
        assert len(session.scalars(select(SignInFailure)).all()) == 3
