"""Sign-ins: an opaque cookie, whose hash is a row, which is looked at before every page and at every rerun."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from core.accounts.permissions import Role, Viewer
from core.storage.database import Database
from core.storage.ids import new_public_id
from core.storage.sign_in_tables import WebSession
from core.storage.tables import Person

IDLE = dt.timedelta(hours=2)
ABSOLUTE = dt.timedelta(hours=12)
KEPT = dt.timedelta(days=7)
"""How long an ended sign-in is remembered, so that a tab left open can say that it has ended."""

_TOUCH_EVERY = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a cookie stands for: `public_id` is all that a page sees of it; `viewer` is None once it has ended."""

    public_id: str
    viewer: Viewer | None


class Sessions:
    """Sign-ins of people; those of sample people end when the first real account is made."""

    def __init__(self, database: Database, now: Callable[[], dt.datetime]) -> None:
        self._database, self._now = database, now

    def open(self, person_id: int, *, replacing: str | None = None) -> str:
        """A new sign-in's token, 256 bits; the sign-in of the token `replacing` ends."""
        token = secrets.token_urlsafe(32)

        def work(session: Session) -> None:
            now = self._now()
            if replacing:
                _revoke(session, now, replacing)
            session.execute(delete(WebSession).where(WebSession.expires_at < now - KEPT))
            session.add(
                WebSession(
                    public_id=new_public_id(),
                    token_hash=hash_token(token),
                    person_id=person_id,
                    created_at=now,
                    seen_at=now,
                    expires_at=now + ABSOLUTE,
                )
            )
            session.get_one(Person, person_id).last_active_at = now

        self._database.run(work)
        return token

    def by_token(self, token: str | None) -> Ticket | None:
        """The sign-in with this token; None when there never was one, or so long ago that it is forgotten."""
        if not token or len(token) > 100:
            return None
        with self._database.read() as session:
            row = session.scalar(select(WebSession).filter_by(token_hash=hash_token(token)))
        return None if row is None else Ticket(row.public_id, self.viewer_of(row.public_id))

    def viewer_of(self, public_id: str) -> Viewer | None:
        """Who is signed in there at this moment, with the role of this moment; None when the sign-in has ended."""
        now = self._now()
        with self._database.read() as session:
            found = session.execute(
                select(WebSession, Person)
                .join(Person, Person.id == WebSession.person_id)
                .where(
                    WebSession.public_id == public_id,
                    WebSession.revoked_at.is_(None),
                    WebSession.expires_at > now,
                    WebSession.seen_at > now - IDLE,
                    Person.disabled.is_(False),
                )
            ).one_or_none()
            if found is None:
                return None
            signed_in, person = found
            if person.is_sample and session.scalar(select(exists().where(Person.is_sample.is_(False)))):
                return None
        if now - signed_in.seen_at > _TOUCH_EVERY:
            self._touch(signed_in.id, now)
        return viewer_from(person)

    def close(self, token: str) -> None:
        """Ends the sign-in with this token."""

        def work(session: Session) -> None:
            _revoke(session, self._now(), token)

        self._database.run(work)

    def close_all(self, person_id: int, *, keep: str | None = None) -> None:
        """Ends all sign-ins of this person but the one with the public id `keep`."""

        def work(session: Session) -> None:
            revoke_all(session, self._now(), person_id, keep=keep)

        self._database.run(work)

    def _touch(self, session_id: int, now: dt.datetime) -> None:
        def work(session: Session) -> None:
            session.execute(update(WebSession).where(WebSession.id == session_id).values(seen_at=now))

        self._database.run(work)


def hash_token(token: str) -> str:
    """What is stored of a token: its 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def viewer_from(person: Person) -> Viewer:
    """The person as pages know them."""
    return Viewer(
        id=person.id,
        public_id=person.public_id,
        email=person.email,
        name=person.name,
        role=Role(person.role),
        is_sample=person.is_sample,
        settings=dict(person.settings),
    )


def revoke_all(session: Session, now: dt.datetime, person_id: int, *, keep: str | None = None) -> None:
    """Ends all sign-ins of this person but the one with the public id `keep`."""
    ended = update(WebSession).where(WebSession.person_id == person_id, WebSession.revoked_at.is_(None))
    if keep is not None:
        ended = ended.where(WebSession.public_id != keep)
    session.execute(ended.values(revoked_at=now))


def _revoke(session: Session, now: dt.datetime, token: str) -> None:
    mine = update(WebSession).where(WebSession.token_hash == hash_token(token), WebSession.revoked_at.is_(None))
    session.execute(mine.values(revoked_at=now))
