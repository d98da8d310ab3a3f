"""Many cohorts at a glance: how each does, and what may be said of their order."""

import datetime as dt
import math
from dataclasses import replace

import numpy as np
import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.analytics.cohorts import active_in
from core.analytics.frames import COUNTED, frame_of, sums
from core.analytics.metrics import Z90, with_means
from core.analytics.scope import Scope
from core.storage.count_tables import ActiveWeek
from core.storage.tables import Cohort, CubeWeek, Enrolment, Person, Programme

RANKED_FROM = 10
"""Responses under which a cohort has no rank."""


def overview(session: Session, scope: Scope, now_week: dt.date) -> pd.DataFrame:
    """The cohorts of the scope, by programme and name, with one row for each engine that graded (one without any).

    Columns: id, public_id, programme, name, is_sample, learners (enrolled), active (learners who began an interview in
    `now_week`, a Monday, or the week before, whichever was the busier), source (NaN without any), started, finished, n, total,
    h1..h10, mean with its 90 % band (low, high), few, level (mean level served).
    """
    whole = ["started", "finished", *COUNTED, "level_total"]
    per = (
        select(CubeWeek.cohort_id, CubeWeek.source, *sums(CubeWeek, whole))
        .where(*scope.conditions(CubeWeek))
        .group_by(CubeWeek.cohort_id, CubeWeek.source)
        .subquery()
        .c
    )
    lately = replace(scope, since=now_week - dt.timedelta(weeks=1), until=now_week)
    active = (
        select(func.coalesce(func.max(ActiveWeek.learners), 0))
        .where(*active_in(lately), ActiveWeek.cohort_id == Cohort.id)
        .scalar_subquery()
    )
    staff = select(Person.id).where(Person.role != "learner")  # they are few, so that learners need not be looked up
    enrolled = (
        select(Enrolment.cohort_id, func.count().label("learners"))
        .where(Enrolment.cohort_id.in_(scope.cohort_ids), Enrolment.person_id.not_in(staff))
        .group_by(Enrolment.cohort_id)
        .subquery()
        .c
    )
    query = (
        select(
            Cohort.id,
            Cohort.public_id,
            Programme.name.label("programme"),
            Cohort.name,
            Cohort.is_sample,
            func.coalesce(enrolled.learners, 0).label("learners"),
            active.label("active"),
            per.source,
            *(func.coalesce(per[name], 0).label(name) for name in whole),
        )
        .join(Programme, Programme.id == Cohort.programme_id)
        .outerjoin(per.source.table, per.cohort_id == Cohort.id)
        .outerjoin(enrolled.learners.table, enrolled.cohort_id == Cohort.id)
        .where(Cohort.id.in_(scope.cohort_ids))
        .order_by(Programme.name, Cohort.name, per.source)
    )
    frame = with_means(frame_of(session, query, ints=["learners", "active", *whole]))
    return frame.assign(level=frame["level_total"] / frame["n"].where(frame["n"] > 0)).drop(columns="level_total")


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
