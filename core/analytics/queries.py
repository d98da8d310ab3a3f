"""From counts to data frames: every query carries whose data it may see, and none reads rows by the number of responses."""

from typing import Any

import pandas as pd
from sqlalchemy import Select, literal, select
from sqlalchemy.orm import Session

from core.analytics.frames import frame_of, total
from core.storage.count_tables import InterviewRollup, InterviewSkill, LearnerCount
from core.storage.facts import is_told
from core.storage.tables import Interview

Rows = Select[*tuple[Any, ...]]
NEWEST = 200
"""Interviews that charts show: more would hide each other."""


def learner_totals(session: Session, learner_id: int) -> pd.DataFrame:
    """What the learner may see of what they did, by domain and source, those of the newest graded interview's source first.

    Columns: domain, source, finished (interviews), n (graded answers), total (of their scores), ungraded.
    """
    count, rollup = LearnerCount, InterviewRollup
    names = ["finished", "n", "total", "ungraded"]
    counted = select(count.domain, count.source, *(getattr(count, name) for name in names))
    withheld = select(rollup.domain, rollup.source, literal(0), -rollup.n, -rollup.total, -rollup.ungraded)
    each = (
        counted.where(count.learner_id == learner_id)
        .union_all(withheld.where(rollup.learner_id == learner_id, ~is_told()))
        .subquery()
        .c
    )
    summed = select(each.domain, each.source, *(total(each[name]).label(name) for name in names))
    summed = summed.group_by(each.domain, each.source).having(total(each.n) > 0)
    frame = frame_of(session, summed.order_by(each.domain, each.source), ints=names)
    newest = session.scalar(_newest(select(InterviewRollup.source), learner_id, None, None, 1))
    return frame.sort_values("source", key=lambda sources: sources != newest, kind="stable", ignore_index=True)


def learner_interviews(
    session: Session, learner_id: int, domain: str | None = None, source: str | None = None, *, newest: int = NEWEST
) -> pd.DataFrame:
    """The learner's newest interviews with at least one score, oldest first: one row each.

    Columns: public_id, domain, mode, source, started_at (UTC), answered, n, mean (1–10), level (mean level served), ability
    and ability_se (logits), hints, ungraded.
    """
    rollup = InterviewRollup
    query = select(
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
    ).join(Interview, Interview.id == rollup.interview_id)
    query = _newest(query, learner_id, domain, source, newest)
    frame = frame_of(session, query, ["mean", "level", "ability", "ability_se"], ["answered", "n", "hints", "ungraded"])
    return frame.assign(started_at=pd.to_datetime(frame["started_at"], utc=True)).iloc[::-1].reset_index(drop=True)


def learner_skills(
    session: Session, learner_id: int, domain: str, source: str, *, newest: int = NEWEST
) -> pd.DataFrame:
    """The learner's scores in the newest interviews of one domain by one engine, one row an interview and skill.

    Columns: started_at (UTC), skill, n, total.
    """
    skill, rollup = InterviewSkill, InterviewRollup
    recent = select(rollup.interview_id, rollup.started_at)
    looked_at = _newest(recent, learner_id, domain, source, newest).subquery()
    query = (
        select(looked_at.c.started_at, skill.skill, skill.n, skill.total)
        .join(skill, skill.interview_id == looked_at.c.interview_id)
        .where(skill.learner_id == learner_id, skill.n > 0)
        .order_by(looked_at.c.started_at)
    )
    frame = frame_of(session, query, ints=["n", "total"])
    return frame.assign(started_at=pd.to_datetime(frame["started_at"], utc=True))


def _newest(query: Rows, learner_id: int, domain: str | None, source: str | None, limit: int) -> Rows:
    """The query on the roll-up of the learner's newest interviews with a score that they may see, newest first."""
    rollup = InterviewRollup
    query = query.where(rollup.learner_id == learner_id, rollup.n > 0, is_told())
    if domain is not None:
        query = query.where(rollup.domain == domain)
    if source is not None:
        query = query.where(rollup.source == source)
    return query.order_by(rollup.started_at.desc()).limit(limit)
