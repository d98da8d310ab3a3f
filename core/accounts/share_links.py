"""Links by which a mentor reads one interview's report without an account: they expire, and can be revoked."""

import datetime as dt
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from core.accounts.people import note
from core.accounts.sessions import hash_token
from core.domains import DomainStore
from core.interview.model import Phase
from core.interview.plans import refuse
from core.interview.records import InterviewView, find_interview, view_of
from core.storage.database import Database
from core.storage.ids import new_public_id
from core.storage.review_tables import ShareLink
from core.storage.tables import Interview, Person

DAYS = (7, 30, 90)
"""How long a link may last."""

MOST = 10
"""Links of one interview that work at the same time."""


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link that still works, as its learner sees it; `opened_at` is when it was last opened."""

    public_id: str
    created_at: dt.datetime
    expires_at: dt.datetime
    opened: int
    opened_at: dt.datetime | None


class ShareLinks:
    """The learner's commands raise ServiceError with a sentence, and then have changed nothing."""

    def __init__(self, database: Database, domains: DomainStore, now: Callable[[], dt.datetime]) -> None:
        self._database, self._domains, self._now = database, domains, now

    def create(self, learner_id: int, interview: str, days: int) -> str:
        """A new link's token, 256 bits, which is stored nowhere."""
        if days not in DAYS:
            raise refuse(f"A link lasts {', '.join(map(str, DAYS[:-1]))} or {DAYS[-1]} days.")
        token = secrets.token_urlsafe(32)

        def work(session: Session) -> None:
            now = self._now()
            found = find_interview(session, learner_id, interview, lock=True)
            if found.phase != Phase.FINISHED:
                raise refuse("An interview can be shared when it is over.")
            live = select(func.count()).select_from(ShareLink).where(ShareLink.interview_id == found.id, *_live(now))
            if (session.scalar(live) or 0) >= MOST:
                raise refuse(f"There are {MOST} links to this interview already; revoke one first.")
            link = ShareLink(public_id=new_public_id(), token_hash=hash_token(token), interview_id=found.id)
            link.created_at, link.expires_at, link.opened = now, now + dt.timedelta(days=days), 0
            session.add(link)
            note(session, now, learner_id, learner_id, "link.shared", interview=interview, link=link.public_id)

        self._database.run(work)
        return token

    def of(self, learner_id: int, interview: str) -> Sequence[LinkView]:
        """The links to the learner's interview that still work, the newest first."""
        query = (
            select(ShareLink)
            .join(Interview, Interview.id == ShareLink.interview_id)
            .where(Interview.public_id == interview, Interview.learner_id == learner_id, *_live(self._now()))
            .order_by(ShareLink.created_at.desc())
        )
        with self._database.read() as session:
            return [
                LinkView(row.public_id, row.created_at, row.expires_at, row.opened, row.opened_at)
                for row in session.scalars(query)
            ]

    def revoke(self, learner_id: int, interview: str, link: str) -> None:
        """End a link of the learner's interview at once; a second time changes nothing."""

        def work(session: Session) -> None:
            now = self._now()
            found = find_interview(session, learner_id, interview)
            mine = (ShareLink.interview_id == found.id, ShareLink.public_id == link, *_live(now))
            if session.scalar(select(ShareLink.id).where(*mine)) is not None:
                session.execute(update(ShareLink).where(*mine).values(revoked_at=now))
                note(session, now, learner_id, learner_id, "link.revoked", interview=interview, link=link)

        self._database.run(work)

    def open(self, token: str) -> tuple[InterviewView, str] | None:
        """The interview behind the token and its learner's name, or None; each opening is counted and noted."""

        now = self._now()
        query = (
            select(ShareLink, Interview, Person)
            .join(Interview, Interview.id == ShareLink.interview_id)
            .join(Person, Person.id == Interview.learner_id)
            .where(ShareLink.token_hash == hash_token(token), Person.disabled.is_(False), *_live(now))
        )

        def work(session: Session) -> tuple[InterviewView, str] | None:
            found = session.execute(query).one_or_none()
            if found is None:
                return None
            link, interview, learner = found
            link.opened, link.opened_at = ShareLink.opened + 1, now
            note(session, now, None, learner.id, "interview.read", interview=interview.public_id, link=link.public_id)
            domain = self._domains.catalogue().domains.get(interview.domain)
            return view_of(session, interview, domain), learner.name

        with self._database.read() as session:  # a stranger's guesses must not queue up to write
            if session.execute(query).one_or_none() is None:
                return None
        return self._database.run(work)


def _live(now: dt.datetime) -> tuple[ColumnElement[bool], ...]:
    return (ShareLink.revoked_at.is_(None), ShareLink.expires_at > now)
