"""Passwords: what may be chosen, what is stored, and that an unknown person costs the same work."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.accounts import passwords
from core.engines.base import Fault, ServiceError

GOOD = "correct horse battery"


def test_a_password_fits_its_hash_and_no_other_does() -> None:
    stored = passwords.hash_password(GOOD)
    assert passwords.password_matches(stored, GOOD)
    for other in ("", GOOD + " ", GOOD.upper(), GOOD[:-1]):
        assert not passwords.password_matches(stored, other)


def test_what_is_stored_is_argon2id_with_a_salt_of_its_own() -> None:
    first, second = passwords.hash_password(GOOD), passwords.hash_password(GOOD)
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert first != second
    assert len(first) <= 255


@pytest.mark.parametrize("password", ["", "short", "x" * 11, "aaaaaaaaaaaaaaaa", "abababababab", "x y" * 100])
def test_a_poor_password_is_refused_in_one_sentence(password: str) -> None:
    with pytest.raises(ValueError, match=r"^The password [^.]*\.$"):
        passwords.hash_password(password)


@pytest.mark.parametrize(
    "password",
    ["p\u00e4ssword \u0645\u0631\u062d\u0628\u0627 \U0001f600", "half \ud83d a pair of it", "nul \0 in the middle"],
)
def test_any_letters_will_do(password: str) -> None:
    assert passwords.password_matches(passwords.hash_password(password), password)


@pytest.mark.parametrize("stored", [None, "", "not a hash", "$argon2id$v=19$m=19456,t=2,p=1$broken"])
def test_without_a_usable_hash_nothing_matches(stored: str | None) -> None:
    assert not passwords.password_matches(stored, GOOD)
    assert not passwords.password_matches(stored, "")


def test_an_unknown_person_costs_a_hash_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    verified = []

    class Counting:
        def verify(self, stored: str, password: bytes) -> bool:
            verified.append(stored)
            return True

        def hash(self, password: bytes) -> str:
            return "a hash that nobody has"

    passwords._nobody.cache_clear()
    monkeypatch.setattr(passwords, "_hasher", Counting())
    assert not passwords.password_matches(None, GOOD)
    passwords._nobody.cache_clear()
    assert verified == ["a hash that nobody has"]


def test_a_password_longer_than_any_is_not_hashed_whole() -> None:
    assert not passwords.password_matches(passwords.hash_password(GOOD), "x" * 1_000_000)


def test_no_more_than_a_few_are_hashed_at_once_and_the_others_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "PATIENCE", 0.05)
    monkeypatch.setattr(passwords, "_slots", threading.BoundedSemaphore(1))
    started, go_on = threading.Event(), threading.Event()

    class Slow:
        def verify(self, stored: str, password: bytes) -> bool:
            started.set()
            return go_on.wait(10)

    monkeypatch.setattr(passwords, "_hasher", Slow())
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(passwords.password_matches, "h", GOOD)
        assert started.wait(10)
        with pytest.raises(ServiceError) as caught:
            passwords.password_matches("h", GOOD)
        go_on.set()
        assert first.result(10)
    assert caught.value.kind is Fault.BUSY
