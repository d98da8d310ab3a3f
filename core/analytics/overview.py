"""Many cohorts at a glance: how each does, and what may be said of their order."""

import datetime as dt
import math
from dataclasses import replace

import numpy as np
import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.analytics.cohorts import active_in, smallest
from core.analytics.frames import COUNTED, frame_of, sums, total
from core.analytics.metrics import Z90, with_means
from core.analytics.scope import Scope
from core.storage.count_tables import ActiveWeek, CubeWeek
from core.storage.tables import Cohort, Enrolment, Person, Programme

RANKED_FROM = 10
"""Responses under which a cohort has no rank."""


def scores_by_cohort(session: Session, scope: Scope) -> pd.DataFrame:
    """The scores of each cohort of the scope by engine: id (of the cohort), source, n, total, h1..h10, level_total."""
    table = smallest(scope)
    levels = table.level_total if table is CubeWeek else table.n * table.level
    query = select(table.cohort_id.label("id"), table.source, *sums(table), total(levels).label("level_total"))
    query = query.where(*scope.conditions(table), table.n > 0).group_by(table.cohort_id, table.source)
    return frame_of(session, query.order_by(table.cohort_id, table.source), ints=["id", *COUNTED, "level_total"])


def overview(session: Session, scope: Scope, scores: pd.DataFrame, now_week: dt.date) -> pd.DataFrame:
    """The cohorts of the scope, by programme and name, with their `scores` by one engine, whether or not there are any.

    Columns: id, public_id, programme, name, is_sample, learners (enrolled), active (learners who began an interview in
    `now_week`, a Monday, or the week before, whichever was the busier), n, total, h1..h10, mean with its 90 % band (low,
    high), few, level (mean level served).
    """
    lately = replace(scope, since=now_week - dt.timedelta(weeks=1), until=now_week)
    active = (
        select(func.coalesce(func.max(ActiveWeek.learners), 0))
        .where(*active_in(lately), ActiveWeek.cohort_id == Cohort.id)
        .scalar_subquery()
    )
    query = (
        select(
            Cohort.id,
            Cohort.public_id,
            Programme.name.label("programme"),
            Cohort.name,
            Cohort.is_sample,
            active.label("active"),
        )
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(Cohort.id.in_(scope.cohort_ids))
        .order_by(Programme.name, Cohort.name)
    )
    cohorts, learners = frame_of(session, query, ints=["id", "active"]), _learners(session, scope.cohort_ids)
    counted = scores.set_index("id")[[*COUNTED, "level_total"]].reindex(cohorts["id"], fill_value=0)
    found = pd.concat([cohorts, with_means(counted).reset_index(drop=True)], axis=1)
    level = found["level_total"] / found["n"].where(found["n"] > 0)
    return found.assign(learners=cohorts["id"].map(learners).fillna(0).astype("int64"), level=level).drop(
        columns="level_total"
    )


def _learners(session: Session, cohort_ids: tuple[int, ...]) -> dict[int, int]:
    """How many learners are in each cohort; in the query for the cohorts, MariaDB would count them one cohort at a time."""
    staff = select(Person.id).where(Person.role != "learner")  # they are few, so that learners need not be looked up
    query = select(Enrolment.cohort_id, func.count()).group_by(Enrolment.cohort_id)
    enrolled = query.where(Enrolment.cohort_id.in_(cohort_ids), Enrolment.person_id.not_in(staff))
    return dict(session.execute(enrolled).all())


def ranked(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of one engine with what may be said of their order: shrunk, shrunk_low, shrunk_high, rank_from, rank_to.

    A mean of few responses is drawn toward the mean of all; rank_from and rank_to are the best and the worst place that the
    90 % bands allow, NaN under 10 responses. Never rank rows of different engines together.
    """
    fit = frame["n"] >= RANKED_FROM
    mean, n = frame.loc[fit, "mean"].to_numpy(), frame.loc[fit, "n"].to_numpy(dtype="float64")
    error = ((frame.loc[fit, "high"] - frame.loc[fit, "low"]) / (2 * Z90)).to_numpy() ** 2
    columns = ["shrunk", "shrunk_low", "shrunk_high", "rank_from", "rank_to"]
    found = frame.assign(**dict.fromkeys(columns, math.nan))
    if not len(mean):
        return found
    centre = float(np.average(mean, weights=n))
    between = max(float(np.var(mean, ddof=1) - error.mean()), 0.0) if len(mean) > 1 else 0.0
    certain = between / np.maximum(between + error, 1e-12)
    shrunk = centre + certain * (mean - centre)
    half = Z90 * np.sqrt(certain * error)
    low, high = shrunk - half, shrunk + half
    better = (low[None, :] > high[:, None]).sum(axis=1)
    worse = (high[None, :] < low[:, None]).sum(axis=1)
    found.loc[fit, columns] = np.column_stack([shrunk, low, high, better + 1.0, len(mean) - worse])
    return found
