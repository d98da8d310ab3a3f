"""From counts to data frames: every query carries whose data it may see, and none reads rows by the number of responses."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd
from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from core.analytics.frames import HISTOGRAM, frame_of
from core.storage.tables import CubeWeek, Enrolment, Interview, InterviewRollup, InterviewSkill, Person, ScoreCube


def learner_interviews(session: Session, learner_id: int) -> pd.DataFrame:
    """The learner's interviews with at least one score, oldest first: one row each.

    Columns: public_id, domain, mode, source, started_at (UTC), answered, n, mean (1–10), level (mean level served), ability
    and ability_se (logits), hints, ungraded.
    """
    rollup = InterviewRollup
    query = (
        select(
            Interview.public_id,
            rollup.domain,
            rollup.mode,
            rollup.source,
            rollup.started_at,
            rollup.answered,
            rollup.n,
            (rollup.total * 1.0 / rollup.n).label("mean"),
            (rollup.level_total * 1.0 / rollup.n).label("level"),
            rollup.ability,
            rollup.ability_se,
            rollup.hints,
            rollup.ungraded,
        )
        .join(Interview, Interview.id == rollup.interview_id)
        .where(rollup.learner_id == learner_id, rollup.n > 0)
        .order_by(rollup.started_at)
    )
    frame = frame_of(session, query, ["mean", "level", "ability", "ability_se"], ["answered", "n", "hints", "ungraded"])
    return frame.assign(started_at=pd.to_datetime(frame["started_at"], utc=True))


def learner_skills(session: Session, learner_id: int) -> pd.DataFrame:
    """The learner's scores by domain, source and skill: n, mean (1–10) and mean level."""
    skill, rollup = InterviewSkill, InterviewRollup
    query = (
        select(
            rollup.domain,
            rollup.source,
            skill.skill,
            func.sum(skill.n).label("n"),
            (func.sum(skill.total) * 1.0 / func.sum(skill.n)).label("mean"),
            (func.sum(skill.level_total) * 1.0 / func.sum(skill.n)).label("level"),
        )
        .join(rollup, rollup.interview_id == skill.interview_id)
        .where(skill.learner_id == learner_id, skill.n > 0)
        .group_by(rollup.domain, rollup.source, skill.skill)
    )
    return frame_of(session, query, ["mean", "level"], ["n"])


def learner_skill_days(session: Session, learner_id: int, domain: str, source: str, since: dt.datetime) -> pd.DataFrame:
    """The learner's scores in one domain by one engine, by interview and skill: started_at (UTC), skill, n, total."""
    skill, rollup = InterviewSkill, InterviewRollup
    query = (
        select(rollup.started_at, skill.skill, skill.n, skill.total)
        .join(rollup, rollup.interview_id == skill.interview_id)
        .where(rollup.learner_id == learner_id, rollup.started_at >= since, skill.learner_id == learner_id)
        .where(rollup.domain == domain, rollup.source == source, skill.n > 0)
        .order_by(rollup.started_at)
    )
    frame = frame_of(session, query, ints=["n", "total"])
    return frame.assign(started_at=pd.to_datetime(frame["started_at"], utc=True))


def cohort_weeks(session: Session, cohort_ids: Sequence[int], *, domain: str | None = None) -> pd.DataFrame:
    """Score counts by week and source: week, source, n, total, h1..h10, oldest first."""
    return _counted(session, cohort_ids, [ScoreCube.week, ScoreCube.source], domain)


def cohort_domain_skill(session: Session, cohort_ids: Sequence[int], *, domain: str | None = None) -> pd.DataFrame:
    """Score counts by domain, skill and source."""
    return _counted(session, cohort_ids, [ScoreCube.domain, ScoreCube.skill, ScoreCube.source], domain)


def cohort_distribution(session: Session, cohort_ids: Sequence[int], *, domain: str | None = None) -> pd.DataFrame:
    """Score counts by source."""
    return _counted(session, cohort_ids, [ScoreCube.source], domain)


def _counted(session: Session, cohort_ids: Sequence[int], keys: list[Any], domain: str | None) -> pd.DataFrame:
    cube = ScoreCube
    sums = [func.sum(getattr(cube, name)).label(name) for name in ("n", "total", *HISTOGRAM)]
    query = select(*keys, *sums).where(cube.cohort_id.in_(cohort_ids), cube.n > 0).group_by(*keys).order_by(*keys)
    if domain:
        query = query.where(cube.domain == domain)
    return frame_of(session, query, ints=["n", "total", *HISTOGRAM])


def cohort_activity(session: Session, cohort_ids: Sequence[int], *, domain: str | None = None) -> pd.DataFrame:
    """Interviews by week: week, started, finished."""
    week = CubeWeek
    sums = [func.sum(week.started).label("started"), func.sum(week.finished).label("finished")]
    query = select(week.week, *sums).where(week.cohort_id.in_(cohort_ids)).group_by(week.week).order_by(week.week)
    if domain:
        query = query.where(week.domain == domain)
    return frame_of(session, query, ints=["started", "finished"])


def cohort_learners(session: Session, cohort_ids: Sequence[int], *, domain: str | None = None) -> pd.DataFrame:
    """One row for each learner of the cohorts: id, name, last_active_at, interviews, n, mean (of what was graded)."""
    rollup = InterviewRollup
    theirs = and_(rollup.learner_id == Person.id, rollup.cohort_id.in_(cohort_ids))
    if domain:
        theirs = and_(theirs, rollup.domain == domain)
    n = func.coalesce(func.sum(rollup.n), 0)
    query = (
        select(
            Person.id,
            Person.name,
            Person.is_sample,
            func.max(rollup.started_at).label("last_interview"),
            func.count(rollup.interview_id).label("interviews"),
            n.label("n"),
            case((n > 0, func.sum(rollup.total) * 1.0 / n)).label("mean"),
        )
        .join(Enrolment, Enrolment.person_id == Person.id)
        .outerjoin(rollup, theirs)
        .where(Enrolment.cohort_id.in_(cohort_ids), Person.role == "learner")
        .group_by(Person.id, Person.name, Person.is_sample)
        .order_by(Person.name)
    )
    frame = frame_of(session, query, ["mean"], ["interviews", "n"])
    return frame.assign(last_interview=pd.to_datetime(frame["last_interview"], utc=True))


def learner_in(session: Session, cohort_ids: Sequence[int], learner_id: int) -> bool:
    """Whether the learner is in one of these cohorts."""
    found = select(Enrolment.person_id).where(Enrolment.person_id == learner_id, Enrolment.cohort_id.in_(cohort_ids))
    return session.scalar(found.limit(1)) is not None
