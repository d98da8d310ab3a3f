"""Which learners may need a call, and why in words: a list to look at, never a verdict."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from core.analytics.frames import frame_of, sums
from core.storage.facts import number_of
from core.storage.ids import week_of
from core.storage.tables import Enrolment, InterviewRollup, Person

ABANDONED_AFTER = dt.timedelta(days=1)
"""An interview that was begun this long ago and not finished counts as broken off."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When a learner is put on the list; a manager may set each. Shares are 0–1, of the last `weeks` weeks.

    `level_one`: graded answers, all at level 1, from which a learner is stuck there. `abandoned` and `ungraded`: the share
    of interviews broken off (of 2 at least) and of answers that could not be graded (of 5 at least).
    """

    idle_days: int = 14
    weeks: int = 4
    level_one: int = 15
    abandoned: float = 0.5
    ungraded: float = 0.3


def at_risk(
    session: Session,
    cohort_ids: tuple[int, ...],
    thresholds: Thresholds,
    now: dt.datetime,
    *,
    limit: int = 200,
) -> pd.DataFrame:
    """The learners of these cohorts who may need a call, most reasons first, then the longest idle; at most `limit`.

    Columns: id, public_id, name, is_sample, last_interview (UTC; NaT when there was none), interviews, n, reasons (a list of
    sentences without the name). People whose account is closed are left out.
    """
    rollup = InterviewRollup
    idle_since = now - dt.timedelta(days=thresholds.idle_days)
    first_week = week_of(now - dt.timedelta(weeks=thresholds.weeks))
    broken_off = rollup.finished.is_(False) & (rollup.started_at < now - ABANDONED_AFTER)
    recent = (
        select(
            rollup.learner_id,
            func.count().label("interviews"),
            number_of(broken_off).label("abandoned"),
            *sums(rollup, ["answered", "ungraded", "n", "level_total"]),
        )
        .where(rollup.cohort_id.in_(cohort_ids), rollup.week >= first_week)
        .group_by(rollup.learner_id)
        .subquery()
    )
    here = recent.c
    last = select(func.max(rollup.started_at)).where(rollup.learner_id == Person.id).scalar_subquery()
    joined = (
        select(func.min(Enrolment.since))
        .where(Enrolment.person_id == Person.id, Enrolment.cohort_id.in_(cohort_ids))
        .scalar_subquery()
    )
    idle = func.coalesce(last, joined) < idle_since
    stuck = (here.n >= thresholds.level_one) & (here.level_total == here.n)
    abandons = (here.interviews >= 2) & (here.abandoned >= thresholds.abandoned * here.interviews)
    ungraded = (here.answered >= 5) & (here.ungraded >= thresholds.ungraded * here.answered)
    whole = ["interviews", "abandoned", "answered", "ungraded", "n"]
    query = (
        select(
            Person.id,
            Person.public_id,
            Person.name,
            Person.is_sample,
            last.label("last_interview"),
            joined.label("joined"),
            *(func.coalesce(here[name], 0).label(name) for name in whole),
            *(func.coalesce(found, False).label(name) for name, found in _named(idle, stuck, abandons, ungraded)),
        )
        .outerjoin(recent, here.learner_id == Person.id)
        .where(
            exists().where(Enrolment.person_id == Person.id, Enrolment.cohort_id.in_(cohort_ids)),
            Person.role == "learner",
            Person.disabled.is_(False),
            or_(idle, stuck, abandons, ungraded),
        )
    )
    frame = frame_of(session, query, ints=whole)
    frame = frame.assign(last_interview=pd.to_datetime(frame["last_interview"], utc=True))
    reasons = [_reasons(row, thresholds, now) for row in frame.to_dict("records")]
    frame = frame.assign(reasons=pd.Series(reasons, dtype="object"), number=[len(found) for found in reasons])
    frame = frame.sort_values(["number", "last_interview"], ascending=[False, True], na_position="first").head(limit)
    shown = ["id", "public_id", "name", "is_sample", "last_interview", "interviews", "n", "reasons"]
    return frame[shown].reset_index(drop=True)


def _named(*conditions: Any) -> list[tuple[str, Any]]:
    return list(zip(("is_idle", "is_stuck", "abandons", "is_ungraded"), conditions, strict=True))


def _reasons(row: Mapping[Any, Any], thresholds: Thresholds, now: dt.datetime) -> list[str]:
    found = []
    if row["is_idle"]:
        if pd.isna(row["last_interview"]):
            found.append(f"No interview yet, {(now - row['joined']).days} days after joining.")
        else:
            found.append(f"No interview for {(now - row['last_interview']).days} days.")
    if row["is_stuck"]:
        found.append(f"Still at level 1 after {row['n']} answers in {thresholds.weeks} weeks.")
    if row["abandons"]:
        found.append(f"Broke off {row['abandoned']} of {row['interviews']} interviews in {thresholds.weeks} weeks.")
    if row["is_ungraded"]:
        found.append(f"{row['ungraded']} of {row['answered']} answers could not be graded.")
    return found
