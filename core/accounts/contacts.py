"""Notes of managers on learners whom they called."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts.manage import within_reach
from core.accounts.people import note
from core.accounts.permissions import Viewer
from core.engines.base import Fault, ServiceError
from core.storage.database import Database
from core.storage.programme_tables import ContactNote
from core.storage.tables import Person

MOST = 2000
"""Characters in a note."""


@dataclass(frozen=True, slots=True)
class Contact:
    at: dt.datetime
    author: str
    words: str


def note_contact(database: Database, viewer: Viewer, learner_id: int, words: str, now: dt.datetime) -> None:
    """Write down that the learner was called; they can read it in the data that they download."""
    said = words.strip()
    if len(said) > MOST:
        raise ServiceError(
            Fault.BAD_INPUT, f"The note has {len(said):,} characters; {MOST:,} is the most.", retryable=False
        )

    def work(session: Session) -> None:
        if session.scalar(select(Person.id).where(Person.id == learner_id, within_reach(viewer))) is None:
            raise ServiceError(Fault.NOT_FOUND, "This learner could not be found.", retryable=False)
        session.add(ContactNote(learner_id=learner_id, author_id=viewer.id, at=now, words=said))
        note(session, now, viewer.id, learner_id, "learner.called")

    database.run(work)


def last_contacts(session: Session, learner_ids: Sequence[int]) -> dict[int, Contact]:
    """The last note on each of these learners."""
    query = (
        select(ContactNote, Person.name)
        .outerjoin(Person, Person.id == ContactNote.author_id)
        .where(ContactNote.learner_id.in_(learner_ids))
        .order_by(ContactNote.at, ContactNote.id)
    )
    return {
        row.learner_id: Contact(row.at, name or "somebody who has left", row.words)
        for row, name in session.execute(query)
    }
