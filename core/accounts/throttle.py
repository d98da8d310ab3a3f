"""Slows down guessing of passwords, without letting a stranger lock anybody out.

Five failures of one e-mail from one address, or a hundred from one address, and that address waits. Failures of one
e-mail from many addresses only make every answer about it slower: its owner still gets in.
"""

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core.storage.database import Database
from core.storage.sign_in_tables import SignInFailure

WINDOW = dt.timedelta(minutes=15)
PER_PAIR = 5
PER_ADDRESS = 100
PER_EMAIL = 20
LONGEST_DELAY = 5.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """Leave to try: `refused` says no, else wait `delay` seconds first; `rows` are what success takes back."""

    refused: bool
    delay: float
    rows: tuple[int, ...] = ()


class Throttle:
    """Counts sign-ins that failed in the last quarter of an hour."""

    def __init__(self, database: Database, now: Callable[[], dt.datetime]) -> None:
        self._database, self._now = database, now

    def begin(self, email: str, address: str) -> Attempt:
        """Counts the attempt as failed before it is made, so that many at once can't slip through; ask each time."""
        pair, by_address, by_email = _keys(email, address)
        rows = self._database.run(lambda session: self._note(session, (pair, by_address, by_email)))
        counts = self._counts((pair, by_address, by_email))
        if counts[pair] > PER_PAIR or counts[by_address] > PER_ADDRESS:
            self._forget(rows)  # a refused attempt doesn't make the wait longer
            return Attempt(refused=True, delay=0.0)
        return Attempt(False, min(LONGEST_DELAY, 0.25 * max(0, counts[by_email] - PER_EMAIL)), rows)

    def succeeded(self, attempt: Attempt, email: str, address: str) -> None:
        """Takes the attempt back, and what this address failed at this e-mail before."""
        pair, _, _ = _keys(email, address)

        def work(session: Session) -> None:
            session.execute(delete(SignInFailure).where(SignInFailure.id.in_(attempt.rows)))
            session.execute(delete(SignInFailure).where(SignInFailure.key_hash == pair))

        self._database.run(work)

    def _note(self, session: Session, keys: tuple[str, ...]) -> tuple[int, ...]:
        now = self._now()
        session.execute(delete(SignInFailure).where(SignInFailure.at < now - WINDOW))
        rows = [SignInFailure(key_hash=key, at=now) for key in keys]
        session.add_all(rows)
        session.flush()
        return tuple(row.id for row in rows)

    def _counts(self, keys: tuple[str, ...]) -> dict[str, int]:
        recent = select(SignInFailure.key_hash, func.count()).where(
            SignInFailure.key_hash.in_(keys), SignInFailure.at >= self._now() - WINDOW
        )
        with self._database.read() as session:
            found = dict(session.execute(recent.group_by(SignInFailure.key_hash)).all())
        return {key: found.get(key, 0) for key in keys}

    def _forget(self, rows: tuple[int, ...]) -> None:
        self._database.run(lambda session: session.execute(delete(SignInFailure).where(SignInFailure.id.in_(rows))))


def _keys(email: str, address: str) -> tuple[str, str, str]:
    """Hashes: the table holds no addresses, nor what people typed by mistake."""
    email = email.strip().lower()

    def hashed(*parts: str) -> str:
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()

    return hashed("pair", email, address), hashed("address", address), hashed("email", email)
