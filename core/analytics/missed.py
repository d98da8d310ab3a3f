"""The key points that answers of a cohort missed most, and answers in which they were missed, where those may be read."""

import datetime as dt

import pandas as pd
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core.analytics.frames import frame_of, total
from core.analytics.scope import Scope
from core.storage.count_tables import PointCount, PointText
from core.storage.points import MISSED
from core.storage.tables import Cohort, GradeRow, Interview, Person, Programme, Turn

LOOKED_AT = 40
"""Newest answers to a question among which examples are looked for."""


def missed_points(session: Session, scope: Scope, *, limit: int = 20, at_least: int = 3) -> pd.DataFrame:
    """The key points missed by most answers, of those that `at_least` so many should have said: point_id, domain, skill,
    level, question_id, text, n (answers that should have said it), missed, share (missed of n, 0–1). Mode is no filter here.
    """
    n, missed = total(PointCount.n), total(PointCount.missed)
    per = (
        select(PointCount.point_id, n.label("n"), missed.label("missed"))
        .where(*scope.conditions(PointCount))
        .group_by(PointCount.point_id)
        .having(n >= at_least, missed > 0)
        .subquery()
        .c
    )
    text = PointText
    query = (
        select(per.point_id, text.domain, text.skill, text.level, text.question_id, text.text, per.n, per.missed)
        .join_from(text, per.n.table, per.point_id == text.id)
        .where(*scope.filters(text, ("skill", "level")))
        .order_by(per.missed.desc(), per.n, per.point_id)
        .limit(limit)
    )
    frame = frame_of(session, query, ints=["n", "missed"])
    return frame.assign(share=frame["missed"] / frame["n"])


def examples(
    session: Session, cohort_ids: tuple[int, ...], point_id: int, *, since: dt.date, until: dt.date, limit: int = 3
) -> list[str]:
    """Newest answers of these weeks that missed the key point, without names, of learners or programmes that share words."""
    point = session.get(PointText, point_id)
    if point is None:
        return []
    query = (
        select(Turn.answer, GradeRow.detail["points"])
        .select_from(Interview)
        .join(Person, Person.id == Interview.learner_id)
        .join(Cohort, Cohort.id == Interview.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .join(Turn, Turn.interview_id == Interview.id)
        .join(GradeRow, GradeRow.turn_id == Turn.id)
        .where(
            Interview.cohort_id.in_(cohort_ids),
            Interview.week.between(since, until),
            Interview.domain == point.domain,
            or_(Person.share_transcripts, Programme.share_transcripts),
            func.coalesce(Turn.question_id, "") == point.question_id,
            GradeRow.is_current,
            GradeRow.score.is_not(None),
            Interview.words_removed_at.is_(None),
        )
        .order_by(Interview.started_at.desc(), Turn.number)
        .limit(LOOKED_AT)
    )
    found = []
    for answer, points in session.execute(query):
        missed = [entry["point"] for entry in points or () if entry["status"] in MISSED]
        if answer is not None and point.text in missed:
            found.append(answer)
    return found[:limit]
