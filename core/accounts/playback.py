"""Who may listen to a recording: its learner, and staff who may read what was said in that turn."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts.people import note
from core.accounts.permissions import Viewer
from core.accounts.transcripts import noted_lately, reach
from core.engines.base import Fault, ServiceError
from core.speech.recordings import KEPT
from core.storage.database import Database
from core.storage.recording_tables import Recording
from core.storage.tables import Interview


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording's file, by its name, and what is in it."""

    name: str
    media: str


def listen_to(database: Database, viewer: Viewer, name: str, now: dt.datetime) -> Sound:
    """The recording for this viewer; listening to another person's leaves an audit row. Raises ServiceError (NOT_FOUND)."""
    with database.read() as session:
        found = session.execute(
            select(Recording, Interview).join(Interview, Interview.id == Recording.interview_id).filter_by(name=name)
        ).one_or_none()
    if found is None:
        raise _unknown()
    recording, interview = found
    if interview.learner_id != viewer.id:
        if recording.state != KEPT:
            raise _unknown()

        def look(session: Session) -> None:
            seen = reach(session, viewer, interview.public_id)
            if not seen.reads(recording.number):
                raise _unknown()
            detail = {"interview": interview.public_id, "turn": recording.number}
            if not noted_lately(session, viewer, seen.learner_id, now, "recording.played", detail):
                note(session, now, viewer.id, seen.learner_id, "recording.played", **detail)

        database.run(look)
    return Sound(name, recording.media)


def _unknown() -> ServiceError:
    return ServiceError(Fault.NOT_FOUND, "This recording could not be found.", retryable=False)
