"""Links that work once: to set up Viva, to accept an invitation, to choose a new password."""

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from core.accounts.names import clean_email, clean_name
from core.accounts.passwords import hash_password
from core.accounts.people import has_real_account, insert_person, note
from core.accounts.permissions import Role
from core.accounts.sessions import hash_token, revoke_all
from core.storage.database import Database
from core.storage.sign_in_tables import OneTimeLink
from core.storage.tables import Person


class Purpose(StrEnum):
    SETUP = "setup"
    INVITATION = "invitation"
    RESET = "reset"


LASTS = {
    Purpose.SETUP: dt.timedelta(minutes=60),
    Purpose.INVITATION: dt.timedelta(hours=72),
    Purpose.RESET: dt.timedelta(hours=2),
}
DEAD = "This link has been used or has expired; please ask for a new one."


@dataclass(frozen=True, slots=True)
class Link:
    """A link that still works, and whom it is for (nobody, for the first administrator's)."""

    purpose: Purpose
    email: str | None
    name: str | None


class Links:
    """One-time links; what is wrong with one is a ValueError with one sentence."""

    def __init__(self, database: Database, now: Callable[[], dt.datetime]) -> None:
        self._database, self._now = database, now

    def issue(self, purpose: Purpose, person_id: int | None = None, *, actor_id: int | None = None) -> str:
        """A new link's token, 256 bits; older links for the same person stop working."""
        token = secrets.token_urlsafe(32)

        def work(session: Session) -> None:
            now = self._now()
            session.execute(delete(OneTimeLink).where(OneTimeLink.expires_at < now))
            if person_id is not None:
                session.execute(delete(OneTimeLink).where(OneTimeLink.person_id == person_id))
                note(session, now, actor_id, person_id, f"link.{purpose.value}")
            session.add(
                OneTimeLink(
                    token_hash=hash_token(token),
                    purpose=purpose.value,
                    person_id=person_id,
                    expires_at=now + LASTS[purpose],
                )
            )

        self._database.run(work)
        return token

    def find(self, token: str) -> Link | None:
        """The link with this token if it still works; looking does not use it up."""
        with self._database.read() as session:
            row = self._live(session, token)
            if row is None:
                return None
            person = session.get(Person, row.person_id) if row.person_id is not None else None
            purpose = Purpose(row.purpose)
        if purpose is not Purpose.SETUP and (person is None or person.disabled):
            return None
        return Link(purpose, person.email if person else None, person.name if person else None)

    def set_up(self, token: str, email: str, name: str, password: str) -> int:
        """Makes the first administrator and uses the link up; returns their id."""
        self._expect(token, setup=True)
        email = clean_email(email)
        name = clean_name(name, email)
        password_hash = hash_password(password)

        def work(session: Session) -> int:
            now = self._now()
            # Whoever comes second waits here until the first is done, and so sees their account.
            links = select(OneTimeLink.token_hash).filter_by(purpose=Purpose.SETUP.value)
            session.execute(links.order_by(OneTimeLink.token_hash).with_for_update()).all()
            self._use(session, token)
            if has_real_account(session):
                raise ValueError("Viva has been set up already; sign in with your account.")
            person = insert_person(session, now, email, name, Role.ADMIN)
            person.password_hash = password_hash
            note(session, now, person.id, person.id, "viva.set_up")
            return person.id

        return self._database.run(work)

    def choose_password(self, token: str, password: str) -> int:
        """Sets the person's password, ends all their sign-ins and uses the link up; returns their id."""
        self._expect(token, setup=False)
        password_hash = hash_password(password)

        def work(session: Session) -> int:
            now = self._now()
            person = session.get_one(Person, self._use(session, token))
            if person.disabled:
                raise ValueError(DEAD)
            person.password_hash = password_hash
            revoke_all(session, now, person.id)
            note(session, now, person.id, person.id, "password.set")
            return person.id

        return self._database.run(work)

    def _live(self, session: Session, token: str) -> OneTimeLink | None:
        row = session.scalar(select(OneTimeLink).filter_by(token_hash=hash_token(token), used_at=None))
        if row is None or row.expires_at <= self._now():
            return None
        if row.purpose == Purpose.SETUP and has_real_account(session):
            return None
        return row

    def _expect(self, token: str, *, setup: bool) -> None:
        """Looks before the slow hash, so that nobody without a link can ask for one."""
        link = self.find(token)
        if link is None or (link.purpose is Purpose.SETUP) is not setup:
            raise ValueError(DEAD)

    def _use(self, session: Session, token: str) -> int | None:
        """Uses the link up, which only one of two at once can; returns whom it is for."""
        now = self._now()
        mine = (OneTimeLink.token_hash == hash_token(token), OneTimeLink.used_at.is_(None))
        used = cast(
            CursorResult[Any],
            session.execute(update(OneTimeLink).where(*mine, OneTimeLink.expires_at > now).values(used_at=now)),
        )
        if used.rowcount != 1:
            raise ValueError(DEAD)
        return session.scalar(select(OneTimeLink.person_id).filter_by(token_hash=hash_token(token)))
