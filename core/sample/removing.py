"""Takes the sample programme out again, with whatever sample people did since."""

from collections.abc import Sequence

from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.orm import Session

from core.accounts.personal_data import forget_staff
from core.storage import counts
from core.storage.bench_tables import BenchRun
from core.storage.count_tables import (
    ActiveWeek,
    CubeWeek,
    InterviewRollup,
    InterviewSkill,
    LearnerCount,
    LearnerTrend,
    LevelWeek,
    PointCount,
    PointText,
    ProgrammeCube,
    ScoreCube,
)
from core.storage.database import Database
from core.storage.feedback_tables import Flag
from core.storage.goal_tables import LearnerGoal
from core.storage.programme_tables import Assignment, ContactNote
from core.storage.recording_tables import Recording
from core.storage.review_tables import Retry, ShareLink
from core.storage.tables import (
    NO_COHORT,
    Audit,
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
from core.storage.usage_tables import LearnerUsage, ProgrammeTerms, ProgrammeUsage

PART = 2_000
"""Interviews removed with one transaction, where there are more than that."""


def remove_sample(database: Database) -> None:
    """Remove everything that is marked as sample, with whatever sample people did since; leaves no trace.

    A large programme goes part by part: when that is broken off, the counts of what is left are wrong until it goes, too.
    """
    with database.read() as session:
        many = len(session.scalars(_in_sample_cohorts().limit(PART + 1)).all()) > PART
    while many:
        many = database.run(_remove_part)

    def work(session: Session) -> None:
        people: Sequence[int] = session.scalars(select(Person.id).where(Person.is_sample)).all()
        cohorts = session.scalars(select(Cohort.id).where(Cohort.is_sample)).all()
        theirs = select(Interview.id).where(or_(Interview.learner_id.in_(select(Person.id).where(Person.is_sample)), Interview.is_sample))  # fmt: skip
        elsewhere = select(Interview).where(Interview.id.in_(theirs), Interview.cohort_id.not_in(cohorts))
        for interview in session.scalars(elsewhere).all():  # counted beside real people: taken out one by one
            counts.removed(session, interview)
        turns = select(Turn.id).where(Turn.interview_id.in_(theirs))
        quietly = {"synchronize_session": False}
        for about in (GradeRow, Flag):
            session.execute(delete(about).where(about.turn_id.in_(turns)), execution_options=quietly)
        for table in (Turn, Job, InterviewRollup, InterviewSkill, InterviewContext, Retry, ShareLink, Recording):
            session.execute(delete(table).where(table.interview_id.in_(theirs)), execution_options=quietly)
        interviews = list(session.scalars(theirs))
        for place in range(0, len(interviews), 1000):
            part = interviews[place : place + 1000]
            session.execute(delete(Interview).where(Interview.id.in_(part)), execution_options=quietly)
        strays = _without_a_cohort(session, cohorts)
        for counted in (ScoreCube, LevelWeek, CubeWeek, ActiveWeek, LearnerCount, PointCount):
            session.execute(delete(counted).where(counted.cohort_id.in_(cohorts)), execution_options=quietly)
        unused = PointText.id.not_in(select(PointCount.point_id))
        session.execute(delete(PointText).where(unused), execution_options=quietly)
        for place in range(0, len(people), 1000):
            part = list(people[place : place + 1000])
            written = select(TextVersion.id).where(TextVersion.author_id.in_(part))
            session.execute(delete(TextInUse).where(TextInUse.version_id.in_(written)), execution_options=quietly)
            session.execute(delete(TextVersion).where(TextVersion.author_id.in_(part)), execution_options=quietly)
            session.execute(delete(BenchRun).where(BenchRun.started_by.in_(part)), execution_options=quietly)
            session.execute(delete(LearnerTrend).where(LearnerTrend.learner_id.in_(part)), execution_options=quietly)
            touched = or_(Audit.subject_id.in_(part), Audit.actor_id.in_(part))
            session.execute(delete(Audit).where(touched), execution_options=quietly)
            session.execute(delete(LearnerGoal).where(LearnerGoal.person_id.in_(part)), execution_options=quietly)
            forget_staff(session, part)
        session.execute(delete(Enrolment).where(Enrolment.cohort_id.in_(cohorts)), execution_options=quietly)
        sample_people = select(Person.id).where(Person.is_sample)
        theirs_too = or_(Assignment.cohort_id.in_(cohorts), Assignment.learner_id.in_(sample_people))
        session.execute(delete(Assignment).where(theirs_too), execution_options=quietly)
        session.execute(delete(ContactNote).where(ContactNote.learner_id.in_(sample_people)), execution_options=quietly)
        theirs_alone = LearnerUsage.person_id.in_(sample_people)
        session.execute(delete(LearnerUsage).where(theirs_alone), execution_options=quietly)
        programmes = select(Programme.id).where(Programme.is_sample)
        for of_programme in (ProgrammeCube, ProgrammeUsage, ProgrammeTerms):
            in_sample = of_programme.programme_id.in_(programmes)
            session.execute(delete(of_programme).where(in_sample), execution_options=quietly)
        session.execute(delete(Person).where(Person.is_sample), execution_options=quietly)
        session.execute(delete(Cohort).where(Cohort.is_sample), execution_options=quietly)
        session.execute(delete(Programme).where(Programme.is_sample), execution_options=quietly)
        if strays:
            counts.rebuild(session)

    database.run(work)


def _without_a_cohort(session: Session, cohorts: Sequence[int]) -> int:
    """Takes what is left in these cohorts, which is real people's, out of them; returns how many interviews that were."""
    left = session.scalars(select(Interview.id).where(Interview.cohort_id.in_(cohorts))).all()
    for table, column in ((Interview, Interview.id), (InterviewRollup, InterviewRollup.interview_id)):
        moved = update(table).where(column.in_(left)).values(cohort_id=NO_COHORT)
        session.execute(moved, execution_options={"synchronize_session": False})
    return len(left)


def _in_sample_cohorts() -> Select[int]:
    """Interviews that are counted among sample people's alone."""
    cohorts = select(Cohort.id).where(Cohort.is_sample)
    return select(Interview.id).where(Interview.is_sample, Interview.cohort_id.in_(cohorts))


def _remove_part(session: Session) -> bool:
    """Removes some interviews, and with them all that belongs to them; False when these were the last."""
    part = session.scalars(_in_sample_cohorts().limit(PART)).all()
    session.execute(delete(Interview).where(Interview.id.in_(part)), execution_options={"synchronize_session": False})
    return len(part) == PART
