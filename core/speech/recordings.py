"""Recordings on their way to an answer: stored before anything else is done with them, gone when the answer is sent."""

import datetime as dt
import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from core.engines.base import Fault, ServiceError
from core.interview.model import Phase
from core.interview.plans import refuse
from core.interview.records import find_interview, turn_of
from core.speech.audio import describe
from core.speech.delivery import Sound
from core.speech.recording_files import RecordingFiles
from core.storage.database import Database
from core.storage.recording_tables import Recording
from core.storage.tables import Interview, Person

log = logging.getLogger(__name__)

NEW, HEARD, TAKEN, KEPT = "new", "heard", "taken", "kept"
KEEP = "keep_recordings"
"""The learner's setting: recordings stay with their answers."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording as pages show it; `here` tells whether its sound can be had from this process."""

    id: int
    number: int
    state: str
    name: str | None
    media: str
    seconds: float | None
    fault: Fault | None
    sentence: str | None
    raw: str | None
    corrected: str | None
    here: bool


class Recordings:
    """Stores recordings and forgets them; each command raises ServiceError, and then has changed nothing."""

    def __init__(self, database: Database, files: RecordingFiles, now: Callable[[], dt.datetime]) -> None:
        self.files = files
        self._database, self._now = database, now

    def store(self, learner_id: int, public_id: str, number: int, data: bytes) -> tuple[Recorded, str]:
        """The recording to turn `number`, stored, and why it is in memory only (empty where it isn't).

        It takes the place of the interview's earlier one, whose text stays; the same recording twice is stored once.
        """
        digest = hashlib.sha256(data).hexdigest()
        with self._database.read() as session:
            interview = find_interview(session, learner_id, public_id)
            same = select(Recording).filter_by(interview_id=interview.id, number=number, digest=digest)
            if (known := session.scalar(same.where(Recording.state != KEPT))) is not None:
                return self._shown(known), ""
        media, seconds = describe(data)
        name, reason = self.files.store(data)
        gone: list[str] = []

        def work(session: Session) -> Recording:
            gone.clear()
            interview = find_interview(session, learner_id, public_id, lock=True)
            if not _is_open(session, interview, number):
                raise refuse("This question is closed, so the recording was not taken.")
            keeps = _keeps(session, learner_id)
            for earlier in session.scalars(unsettled(interview.id)).all():
                if earlier.state == NEW:
                    session.delete(earlier)
                if earlier.name and not (keeps and earlier.state == TAKEN):
                    gone.append(earlier.name)
                    earlier.name = None
            values = {"digest": digest, "media": media, "seconds": seconds, "size": len(data), "made_at": self._now()}
            row = Recording(interview_id=interview.id, number=number, state=NEW, name=name, **values)
            session.add(row)
            session.flush()
            return row

        try:
            row = self._database.run(work)
        except ServiceError:
            self.files.remove([name])
            raise
        self.files.remove(gone)
        return self._shown(row), reason

    def of_turn(self, learner_id: int, public_id: str, number: int) -> list[Recorded]:
        """The recordings to a question that is still open, the first one first."""
        with self._database.read() as session:
            interview = find_interview(session, learner_id, public_id)
            rows = session.scalars(unsettled(interview.id).where(Recording.number == number))
            return [self._shown(row) for row in rows]

    def kept(self, learner_id: int, public_id: str) -> dict[int, list[Recorded]]:
        """The recordings that were kept of this learner's interview, by turn."""
        with self._database.read() as session:
            interview = find_interview(session, learner_id, public_id)
            rows = select(Recording).filter_by(interview_id=interview.id, state=KEPT).order_by(Recording.id)
            found: dict[int, list[Recorded]] = {}
            for row in session.scalars(rows):
                found.setdefault(row.number, []).append(self._shown(row))
            return found

    def written_down(self, recording_id: int, raw: str, corrected: str, sound: Sound | None = None) -> None:
        """Store what was heard in a recording; what went wrong with it before is forgotten."""
        told = sound.as_dict() if sound else None
        self._set(recording_id, state=HEARD, raw=raw, corrected=corrected, sound=told, fault=None, sentence=None)

    def failed(self, recording_id: int, error: ServiceError) -> None:
        """Store why a recording could not be written down."""
        self._set(recording_id, fault=error.kind.value, sentence=error.sentence[:500])

    def take(self, learner_id: int, public_id: str, recording_id: int) -> None:
        """Its text stands in the answer box now."""

        def work(session: Session) -> None:
            if (row := _own(session, learner_id, public_id, recording_id)) is not None:
                row.state = TAKEN

        self._database.run(work)

    def discard(self, learner_id: int, public_id: str, recording_id: int) -> None:
        """Forget a recording, unless its text stands in the answer box."""

        def work(session: Session) -> str | None:
            row = _own(session, learner_id, public_id, recording_id)
            if row is None or row.state == TAKEN:
                return None
            session.delete(row)
            return row.name

        if name := self._database.run(work):
            self.files.remove([name])

    def forget_kept(self, learner_id: int) -> int:
        """Remove all recordings that were kept for this learner; returns how many."""

        def work(session: Session) -> list[str | None]:
            theirs = select(Interview.id).filter_by(learner_id=learner_id)
            rows = session.scalars(select(Recording).where(Recording.interview_id.in_(theirs), Recording.state == KEPT))
            names = []
            for row in rows.all():
                names.append(row.name)
                session.delete(row)
            return names

        names = self._database.run(work)
        self.files.remove(name for name in names if name)
        return len(names)

    def count_kept(self, learner_id: int) -> int:
        """How many recordings are kept for this learner."""
        with self._database.read() as session:
            theirs = select(func.count()).select_from(Recording).join(Interview, Interview.id == Recording.interview_id)
            return session.scalar(theirs.where(Interview.learner_id == learner_id, Recording.state == KEPT)) or 0

    def settle(self, public_id: str) -> None:
        """Forget, or keep where the learner wants it, what was recorded to questions that are closed now.

        What fails here is left to the next sweep: an answer is never refused for it.
        """
        gone: list[str] = []
        any_left = select(Recording.id).join(Interview, Interview.id == Recording.interview_id)
        any_left = any_left.where(Interview.public_id == public_id, Recording.state != KEPT).limit(1)

        def work(session: Session) -> None:
            gone.clear()
            interview = session.scalar(select(Interview).filter_by(public_id=public_id))
            rows = session.scalars(unsettled(interview.id)).all() if interview else []
            if interview is None or not rows:
                return
            keeps = _keeps(session, interview.learner_id)
            for row in rows:
                if _is_open(session, interview, row.number):
                    continue
                if keeps and row.state == TAKEN and row.name and _is_answered(session, interview, row.number):
                    row.state, row.raw, row.corrected = KEPT, None, None
                    continue
                if row.name:
                    gone.append(row.name)
                session.delete(row)

        try:
            with self._database.read() as session:
                if session.scalar(any_left) is None:
                    return
            self._database.run(work)
        except ServiceError as error:
            log.warning("recordings could not be settled: %s", error.sentence)
            return
        self.files.remove(gone)

    def _set(self, recording_id: int, **values: Any) -> None:
        statement = update(Recording).where(Recording.id == recording_id, Recording.state == NEW).values(**values)
        self._database.run(lambda session: session.execute(statement))

    def _shown(self, row: Recording) -> Recorded:
        fault = Fault(row.fault) if row.fault else None
        here = row.name is not None and self.files.has(row.name)
        shown = (row.id, row.number, row.state, row.name, row.media, row.seconds)
        return Recorded(*shown, fault, row.sentence, row.raw, row.corrected, here)


def unsettled(interview_id: int) -> Select[Recording]:
    """The recordings of an interview that are no answer's yet, the first one first."""
    rows = select(Recording).where(Recording.interview_id == interview_id, Recording.state != KEPT)
    return rows.order_by(Recording.id)


def _own(session: Session, learner_id: int, public_id: str, recording_id: int) -> Recording | None:
    """A recording of the learner's own interview; None where it is gone, or kept."""
    interview = find_interview(session, learner_id, public_id, lock=True)
    return session.scalar(unsettled(interview.id).where(Recording.id == recording_id))


def _keeps(session: Session, learner_id: int) -> bool:
    return bool(session.get_one(Person, learner_id).settings.get(KEEP))


def _is_open(session: Session, interview: Interview, number: int) -> bool:
    turn = turn_of(session, interview.id, number)
    finished = interview.phase == Phase.FINISHED
    return not finished and turn is not None and turn.answer is None and not turn.skipped


def _is_answered(session: Session, interview: Interview, number: int) -> bool:
    turn = turn_of(session, interview.id, number)
    return turn is not None and turn.answer is not None


def sounds_of(session: Session, interview_id: int, number: int) -> list[Sound]:
    """What the recordings tell of which the answer to a turn is made."""
    told = select(Recording.sound).filter_by(interview_id=interview_id, number=number, state=TAKEN)
    return [Sound(**sound) for sound in session.scalars(told) if sound]
