"""Misheard forms that learners taught Viva, as administrators see them: how often each was put right, and whether it is used."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.accounts.people import note
from core.accounts.permissions import Viewer
from core.quality.benches import only_admins
from core.speech.aliases import ENOUGH, Aliases
from core.storage.alias_tables import LearnedAlias
from core.storage.database import Database


@dataclass(frozen=True, slots=True)
class Alias:
    """A form with the term that learners wrote for it, and how often; used from ENOUGH on, unless revoked."""

    domain: str
    heard: str
    term: str
    times: int
    revoked: bool

    @property
    def is_used(self) -> bool:
        return self.times >= ENOUGH and not self.revoked


def aliases_of(database: Database, viewer: Viewer, domain: str) -> list[Alias]:
    """All forms of a domain, the ones corrected most first."""
    only_admins(viewer)
    query = select(LearnedAlias).filter_by(domain=domain).order_by(LearnedAlias.times.desc(), LearnedAlias.heard)
    with database.read() as session:
        return [Alias(row.domain, row.heard, row.term, row.times, row.revoked) for row in session.scalars(query)]


def set_revoked(
    database: Database, viewer: Viewer, aliases: Aliases, alias: Alias, revoked: bool, now: Callable[[], dt.datetime]
) -> None:
    """Takes a form out of use, or puts it back."""
    only_admins(viewer)
    this = {"domain": alias.domain, "heard": alias.heard, "term": alias.term}

    def work(session: Session) -> None:
        session.execute(update(LearnedAlias).filter_by(**this).values(revoked=revoked))
        note(session, now(), viewer.id, None, "alias.revoked" if revoked else "alias.restored", **this)

    database.run(work)
    aliases.forget()
