"""From counts to data frames: every query carries whose data it may see, and none reads rows by the number of responses."""

import datetime as dt

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.analytics.frames import frame_of
from core.storage.tables import Interview, InterviewRollup, InterviewSkill


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
