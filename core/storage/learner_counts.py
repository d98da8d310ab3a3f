"""What is counted of learners: who was active in a week, and whether their estimates rise or fall."""

import datetime as dt
from functools import cache
from itertools import product
from typing import Any

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from core.storage.count_tables import ANY, ActiveWeek, InterviewRollup, LearnerTrend
from core.storage.sums import trends
from core.storage.tables import Interview
from core.storage.upserts import Upsert, add, dialect_of, keys_of, reset, store_rows, table_of, touch


def learner_key(interview: Interview) -> dict[str, Any]:
    """The key of the learner's counts that this interview is part of."""
    return {
        "cohort_id": interview.cohort_id,
        "learner_id": interview.learner_id,
        "domain": interview.domain,
        "source": interview.engine,
        "mode": interview.mode,
    }


def add_active(session: Session, interview: Interview, sign: int) -> None:
    """Counts the learner among the active of the week, or no longer, wherever no other interview of theirs does."""
    place = {"cohort_id": interview.cohort_id, "week": interview.week}
    touch(session, ActiveWeek, {**place, "domain": ANY, "source": ANY, "mode": ANY})  # two of one learner take turns
    rollup = InterviewRollup
    monday = dt.datetime.combine(interview.week, dt.time(), dt.UTC)
    others = select(rollup.domain, rollup.source, rollup.mode).where(
        rollup.learner_id == interview.learner_id,
        rollup.started_at >= monday,
        rollup.started_at < monday + dt.timedelta(weeks=1),
        rollup.cohort_id == interview.cohort_id,
        rollup.interview_id != interview.id,
    )
    counted = _choices(interview.domain, interview.engine, interview.mode)
    for other in session.execute(others).all():
        counted -= _choices(*other)
    for domain, source, mode in sorted(counted):
        key = {**place, "domain": domain, "source": source, "mode": mode}
        add(session, ActiveWeek, key, {"learners": sign})


def _choices(domain: str, source: str, mode: str) -> set[tuple[str, str, str]]:
    return set(product((ANY, domain), (ANY, source), (ANY, mode)))


def refresh_trend(session: Session, interview: Interview) -> None:
    """Writes the sums of the learner's estimates anew: an interview in the middle changes the places of the later ones."""
    key = {"learner_id": interview.learner_id, "domain": interview.domain, "source": interview.engine}
    reset(session, LearnerTrend, key)  # two of one learner take turns, and the later sees what the earlier stored
    session.execute(_trend_of_one(dialect_of(session)), {f"of_{name}": value for name, value in key.items()})


@cache  # building it takes longer than running it
def _trend_of_one(dialect: str) -> Upsert:
    columns = table_of(InterviewRollup).c
    theirs = and_(*(columns[name] == bindparam(f"of_{name}") for name in keys_of(LearnerTrend)))
    return store_rows(LearnerTrend, dialect, trends(theirs))
