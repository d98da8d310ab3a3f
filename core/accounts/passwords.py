"""Passwords: argon2id at 19 MiB and two passes (OWASP's floor), never more than a few at once."""

import functools
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from core.engines.base import Fault, ServiceError

SHORTEST = 12
LONGEST = 256
PATIENCE = 10.0
AT_ONCE = 2

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=Type.ID)
_slots = threading.BoundedSemaphore(AT_ONCE)  # a flood of sign-ins may take neither all memory nor all cores


def check_password(password: str) -> None:
    """Refuses a password that may not be chosen: ValueError with one sentence."""
    if len(password) < SHORTEST:
        raise ValueError(
            f"The password must have at least {SHORTEST} characters; a short sentence is easy to remember."
        )
    if len(password) > LONGEST:
        raise ValueError(f"The password may have at most {LONGEST} characters.")
    if len(set(password)) < 5:
        raise ValueError("The password repeats too few characters; a short sentence is easy to remember.")


def hash_password(password: str) -> str:
    """What is stored of a password that `check_password` lets pass."""
    check_password(password)
    with _slot():
        return _hasher.hash(_bytes(password))


def password_matches(stored: str | None, password: str) -> bool:
    """Whether this is the password; without a stored one it does the same work and says no."""
    with _slot():
        try:
            return _hasher.verify(stored or _nobody(), _bytes(password[: LONGEST + 1])) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")  # a lone surrogate is a poor password, not a crash


@functools.cache
def _nobody() -> str:
    return _hasher.hash(secrets.token_bytes(16))


@contextmanager
def _slot() -> Iterator[None]:
    if not _slots.acquire(timeout=PATIENCE):
        raise ServiceError(Fault.BUSY, "Many people are signing in at this moment; please try again shortly.")
    try:
        yield
    finally:
        _slots.release()
