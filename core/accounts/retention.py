"""Retention: a programme keeps what its learners said for so many days; afterwards scores and counts stay, and no word.

What goes: questions as they were put, answers, drafts, recordings, what was heard, quotes and comments of grades, closing words,
role, advertisement and CV, disputes, and links to the report.
"""

import datetime as dt
import logging
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import case, delete, exists, func, null, or_, select, update
from sqlalchemy.orm import Session

from core.accounts.people import People, note
from core.accounts.permissions import Role, Viewer
from core.budgets.spending import terms_row
from core.interview import jobs
from core.interview.model import EndReason, FlagKind, Phase
from core.rounds import Rounds
from core.speech.recording_files import RecordingFiles
from core.storage import counts
from core.storage.database import Database
from core.storage.feedback_tables import Flag
from core.storage.ids import week_of
from core.storage.recording_tables import Recording
from core.storage.review_tables import ShareLink
from core.storage.tables import Cohort, GradeRow, Interview, InterviewContext, Job, Turn
from core.storage.usage_tables import ProgrammeTerms

log = logging.getLogger(__name__)

MOST_DAYS = 3650
BATCH = 100
"""Interviews whose words are removed with one transaction."""
PAUSE = 86_400.0
UNANSWERED = "The words of this interview were removed before anybody looked at this."


def set_retention(people: People, viewer: Viewer, programme_id: int, days: int) -> None:
    """Words of the programme's interviews are removed so many days after the last of them; 0 keeps them."""
    if viewer.role is not Role.ADMIN:
        raise ValueError("Only an administrator sets how long words are kept.")
    if not 0 <= days <= MOST_DAYS:
        raise ValueError(f"Words are kept for 1 to {MOST_DAYS:,} days, or with 0 for good.")

    def work(session: Session) -> None:
        terms_row(session, programme_id).retention_days = days
        note(session, people.now(), viewer.id, None, "programme.retention", programme=programme_id, days=days)

    people.database.run(work)


class Retention:
    """Sweeps at the start and every day; several processes may do so at the same time."""

    def __init__(self, database: Database, files: RecordingFiles, now: Callable[[], dt.datetime]) -> None:
        self._database, self._files, self._now = database, files, now
        self.rounds = Rounds("retention", PAUSE, self.sweep)

    def sweep(self) -> int:
        """Removes the words of all interviews that are past their days; returns of how many."""
        with self._database.read() as session:
            kept = select(ProgrammeTerms.programme_id, ProgrammeTerms.retention_days)
            terms = session.execute(kept.where(ProgrammeTerms.retention_days > 0)).all()
        swept = 0
        for programme_id, days in terms:
            before = self._now() - dt.timedelta(days=days)
            while not self.rounds.stopping:
                with self._database.read() as session:
                    ids = session.scalars(_past(programme_id, before).limit(BATCH)).all()
                if not ids:
                    break
                swept += self._remove(ids)
        if swept:
            log.info("the words of %s interviews were removed", swept)
        return swept

    def _remove(self, ids: Sequence[int]) -> int:
        done, files = self._database.run(lambda session: remove_words(session, ids, self._now()))
        self._files.remove(files)
        return done


def remove_words(session: Session, ids: Sequence[int], now: dt.datetime) -> tuple[int, list[str]]:
    """Removes every word of these interviews, and says of how many, and which files of recordings go with them."""
    query = select(Interview).where(Interview.id.in_(ids), Interview.words_removed_at.is_(None))
    interviews = session.scalars(query.order_by(Interview.id).with_for_update()).all()
    ids = [interview.id for interview in interviews]
    for interview in interviews:
        if interview.phase != Phase.FINISHED:
            interview.phase, interview.end_reason, interview.finished_at = Phase.FINISHED, EndReason.TIME, now
            counts.finished(session, interview)
        interview.summary, interview.words_removed_at = null(), now  # SQL's NULL, not JSON's
    owed = Job.state.in_((jobs.QUEUED, jobs.RUNNING, jobs.FAILED))
    ended = update(Job).where(Job.interview_id.in_(ids), owed)
    _quietly(session, ended.values(state=jobs.CANCELLED, owner=None, lease_until=None))
    turns = select(Turn.id).where(Turn.interview_id.in_(ids))
    disputes = update(Flag).where(Flag.turn_id.in_(turns), Flag.kind == FlagKind.SCORE)
    closed = {"closed_at": func.coalesce(Flag.closed_at, now), "note": UNANSWERED}
    _quietly(session, disputes.where(Flag.closed_at.is_(None)).values(closed))
    _quietly(session, disputes.values(words=""))
    for grade in session.scalars(select(GradeRow).where(GradeRow.turn_id.in_(turns))):
        grade.detail = without_words(grade.detail)
    gone = {"message": "", "heard": None, "corrected": None, "draft": None}
    answer = case((Turn.answer.is_(None), None), else_="")  # that there was an answer still counts
    _quietly(session, update(Turn).where(Turn.interview_id.in_(ids)).values(answer=answer, **gone))
    files = session.scalars(select(Recording.name).where(Recording.interview_id.in_(ids))).all()
    for table in (InterviewContext, ShareLink, Recording):
        _quietly(session, delete(table).where(table.interview_id.in_(ids)))
    return len(ids), [name for name in files if name]


def without_words(detail: dict[str, Any]) -> dict[str, Any]:
    """A grade's detail with its levels and key points, and without what was quoted or said of the answer."""
    kept = {name: value for name, value in detail.items() if name in ("engine", "flags", "estimate")}
    for name, emptied in (("criteria", ("rationale", "quote")), ("points", ("quote",))):
        kept[name] = [{**one, **dict.fromkeys(emptied, "")} for one in detail.get(name, ())]
    return kept


def _past(programme_id: int, before: dt.datetime) -> Any:
    """Interviews of the programme in which nothing has happened since."""
    cohorts = select(Cohort.id).where(Cohort.programme_id == programme_id)
    since = or_(Turn.asked_at >= before, Turn.answered_at >= before)
    return select(Interview.id).where(
        Interview.cohort_id.in_(cohorts),
        Interview.week <= week_of(before),
        Interview.words_removed_at.is_(None),
        func.coalesce(Interview.finished_at, Interview.started_at) < before,
        ~exists().where(Turn.interview_id == Interview.id, since),
    )


def _quietly(session: Session, statement: Any) -> None:
    session.execute(statement, execution_options={"synchronize_session": False})
