"""Removes recordings that nobody will send any more: at the start, after a crash, and every hour."""

import datetime as dt
from collections.abc import Callable

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.orm import Session

from core.interview.model import Phase
from core.rounds import Rounds
from core.speech.recordings import KEPT, NEW, Recordings
from core.storage.database import Database
from core.storage.recording_tables import Recording
from core.storage.tables import Interview, Turn

LONGEST = dt.timedelta(days=7)
"""How long a recording waits for an answer that is never sent."""
PAUSE = 3600.0


class Sweeper:
    """Sweeps at the start and every hour."""

    def __init__(self, database: Database, recordings: Recordings, now: Callable[[], dt.datetime]) -> None:
        self._database, self._recordings, self._now = database, recordings, now
        self.rounds = Rounds("recordings", PAUSE, self.sweep)

    def sweep(self) -> None:
        """Settle what a crash left, give up what waits for too long, and remove files that no row names."""
        for public_id in self._overdue():
            self._recordings.settle(public_id)
        self._database.run(self._give_up)
        with self._database.read() as session:
            wanted = {name for name in session.scalars(select(Recording.name)) if name}
        files = self._recordings.files
        files.remove(files.strays(wanted))

    def _overdue(self) -> list[str]:
        """Interviews with recordings to questions that are closed."""
        closed = exists().where(
            Turn.interview_id == Recording.interview_id,
            Turn.number == Recording.number,
            or_(Turn.answer.is_not(None), Turn.skipped),
        )
        overdue = (
            select(Interview.public_id)
            .join(Recording, Recording.interview_id == Interview.id)
            .where(Recording.state != KEPT, or_(closed, Interview.phase == Phase.FINISHED))
        )
        with self._database.read() as session:
            return list(session.scalars(overdue.distinct()))

    def _give_up(self, session: Session) -> None:
        old = (Recording.state != KEPT, Recording.made_at < self._now() - LONGEST)
        session.execute(delete(Recording).where(*old, Recording.state == NEW))
        session.execute(update(Recording).where(*old).values(name=None))  # its text belongs to a draft
