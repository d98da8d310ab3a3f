"""Everything that is stored about a person: given out whole, or erased whole."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Column, Integer, Table, delete, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.accounts.names import clean_email
from core.accounts.people import note, refuse_last_admin
from core.engines.base import Fault, ServiceError
from core.speech.recording_files import RecordingFiles
from core.storage import counts
from core.storage.bench_tables import BenchRun
from core.storage.count_tables import InterviewRollup, InterviewSkill, LearnerCount, LearnerTrend
from core.storage.database import Database
from core.storage.feedback_tables import Flag
from core.storage.goal_tables import LearnerGoal
from core.storage.grades import PERSON
from core.storage.programme_tables import Assignment, ContactNote
from core.storage.recording_tables import Recording
from core.storage.review_tables import Retry, ShareLink
from core.storage.sign_in_tables import OneTimeLink, WebSession
from core.storage.tables import (
    Audit,
    Base,
    Cohort,
    Enrolment,
    GradeRow,
    Interview,
    InterviewContext,
    Job,
    Person,
    Programme,
    Turn,
)
from core.storage.text_tables import TextInUse, TextVersion
from core.storage.usage_tables import LearnerUsage

SECRET = {"password_hash", "token_hash"}


def export_person(database: Database, email: str) -> dict[str, Any]:
    """All rows about the person as JSON values: account, sign-ins, cohorts, interviews with what belongs to them, work, audit."""
    with database.read() as session:
        person = _find(session, email)
        interviews = session.scalars(
            select(Interview).filter_by(learner_id=person.id).order_by(Interview.started_at)
        ).all()
        cohorts = session.execute(
            select(Programme.name, Cohort.name, Enrolment.since)
            .join(Cohort, Cohort.programme_id == Programme.id)
            .join(Enrolment, Enrolment.cohort_id == Cohort.id)
            .where(Enrolment.person_id == person.id)
        )
        theirs = or_(BenchRun.started_by == person.id, BenchRun.accepted_by == person.id)
        runs = session.scalars(select(BenchRun).where(theirs).order_by(BenchRun.id))
        texts = session.scalars(select(TextVersion).filter_by(author_id=person.id).order_by(TextVersion.id))
        given = session.scalars(select(GradeRow).filter_by(source=PERSON, person_id=person.id).order_by(GradeRow.id))
        closed = session.scalars(select(Flag).filter_by(closed_by=person.id).order_by(Flag.id))
        sign_ins = session.scalars(select(WebSession).filter_by(person_id=person.id).order_by(WebSession.created_at))
        looks = session.scalars(select(Audit).filter_by(subject_id=person.id).order_by(Audit.at))
        goal = session.get(LearnerGoal, person.id)
        return {
            "person": _plain(person),
            "goal": _plain(goal) if goal else None,
            "sign_ins": [_plain(row) for row in sign_ins],
            "cohorts": [{"programme": p, "cohort": c, "since": s.isoformat()} for p, c, s in cohorts],
            "interviews": [_interview(session, interview) for interview in interviews],
            "bench_runs": [_plain(run) for run in runs],
            "texts": [_plain(text) for text in texts],
            "grades_given": [_plain(grade) for grade in given],
            "calls": [_plain(row) for row in session.scalars(select(ContactNote).filter_by(learner_id=person.id))],
            "assignments": [_plain(row) for row in session.scalars(select(Assignment).filter_by(learner_id=person.id))],
            "usage": [_plain(row) for row in session.scalars(select(LearnerUsage).filter_by(person_id=person.id))],
            "flags_closed": [_plain(flag) for flag in closed],
            "audit": [_plain(row) for row in looks],
        }


def _interview(session: Session, interview: Interview) -> dict[str, Any]:
    turns = []
    for turn in session.scalars(select(Turn).filter_by(interview_id=interview.id).order_by(Turn.number)):
        grades = session.scalars(select(GradeRow).filter_by(turn_id=turn.id).order_by(GradeRow.created_at))
        flags = session.scalars(select(Flag).filter_by(turn_id=turn.id).order_by(Flag.flagged_at))
        spoken = session.scalars(select(Recording).filter_by(interview_id=interview.id, number=turn.number))
        written = {"grades": [_plain(grade) for grade in grades], "flags": [_plain(flag) for flag in flags]}
        written["recordings"] = [_plain(row) for row in spoken]
        turns.append({**_plain(turn), **written})
    given = session.get(InterviewContext, interview.id)
    again_of = session.scalar(
        select(Interview.public_id).join(Retry, Retry.of_id == Interview.id).where(Retry.interview_id == interview.id)
    )
    links = session.scalars(select(ShareLink).filter_by(interview_id=interview.id).order_by(ShareLink.created_at))
    return {
        **_plain(interview),
        "given": _plain(given) if given else None,
        "again_of": again_of,
        "links": [_plain(link) for link in links],
        "turns": turns,
    }


def erase_person(database: Database, email: str, now: dt.datetime, files: RecordingFiles | None = None) -> None:
    """Remove the person with every word, grade and count; what stays is an audit row that names nobody.

    Their recordings go from `files` at once; without it, with the next sweep.
    """

    def work(session: Session) -> list[str]:
        person = _find(session, email)
        refuse_last_admin(session, person)
        theirs = select(Interview.id).filter_by(learner_id=person.id)
        recorded = session.scalars(select(Recording.name).where(Recording.interview_id.in_(theirs))).all()
        for interview in session.scalars(select(Interview).filter_by(learner_id=person.id)).all():
            counts.removed(session, interview)
            turn_ids = select(Turn.id).filter_by(interview_id=interview.id)
            for about in (GradeRow, Flag):
                session.execute(delete(about).where(about.turn_id.in_(turn_ids)))
            for table in (Job, Turn, InterviewSkill, InterviewRollup, InterviewContext, Retry, ShareLink, Recording):
                session.execute(delete(table).filter_by(interview_id=interview.id))
            session.delete(interview)
            session.flush()
        for owned in (Enrolment, WebSession, OneTimeLink, LearnerGoal, LearnerUsage):
            session.execute(delete(owned).filter_by(person_id=person.id))
        for counted in (LearnerCount, LearnerTrend):
            session.execute(delete(counted).filter_by(learner_id=person.id))
        for set_for in (ContactNote, Assignment):
            session.execute(delete(set_for).filter_by(learner_id=person.id))
        forget_staff(session, [person.id])
        session.execute(delete(Audit).where(Audit.subject_id == person.id))
        session.delete(person)
        session.flush()
        note(session, now, None, None, "person.erased")
        return [name for name in recorded if name]

    recorded = database.run(work)
    if files is not None:
        files.remove(recorded)


def forget_staff(session: Session, person_ids: Sequence[int]) -> None:
    """What these people did for or to others stays, without their number, which SQLite may give out again."""
    by: tuple[tuple[type[Base], InstrumentedAttribute[int | None]], ...] = (
        (GradeRow, GradeRow.person_id),
        (Flag, Flag.closed_by),
        (BenchRun, BenchRun.started_by),
        (BenchRun, BenchRun.accepted_by),
        (TextVersion, TextVersion.author_id),
        (TextInUse, TextInUse.by_id),
        (ContactNote, ContactNote.author_id),
        (Assignment, Assignment.author_id),
        (Audit, Audit.actor_id),
    )
    for table, column in by:
        decided = update(table).where(column.in_(person_ids)).values({column: None})
        if table is GradeRow:
            decided = decided.where(GradeRow.source == PERSON)  # the index on who gave a grade begins with it
        session.execute(decided, execution_options={"synchronize_session": False})


def _find(session: Session, email: str) -> Person:
    person = session.scalar(select(Person).filter_by(email=clean_email(email)))
    if person is None:
        raise ServiceError(
            Fault.NOT_FOUND, f"There is no person with the e-mail address {email[:254]}.", retryable=False
        )
    return person


def _plain(row: Base) -> dict[str, Any]:
    """The row's columns as JSON values, secrets and inner numbers left out."""
    values: dict[str, Any] = {}
    for column in cast(Table, row.__table__).columns:
        if column.name in SECRET or _is_inner_number(column):
            continue
        value = getattr(row, column.name)
        values[column.name] = value.isoformat() if isinstance(value, (dt.date, dt.datetime)) else value
    return values


def _is_inner_number(column: Column[Any]) -> bool:
    """Whether the column only ties rows together, or says which of the staff it was."""
    return column.name == "id" or (isinstance(column.type, Integer) and column.name.endswith(("_id", "_by")))
