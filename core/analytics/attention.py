"""Which learners may need a call, and why in words: a list to look at, never a verdict."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, ScalarSelect, case, exists, func, or_, select
from sqlalchemy.orm import Session

from core.analytics.cohorts import enrolled_in, last_interview
from core.analytics.frames import frame_of, sums
from core.analytics.metrics import ENOUGH_SESSIONS, Z90
from core.storage.count_tables import LearnerTrend
from core.storage.facts import number_of
from core.storage.ids import week_of
from core.storage.tables import Enrolment, InterviewRollup, Person

ABANDONED_AFTER = dt.timedelta(days=1)
"""An interview that was begun this long ago and not finished counts as broken off."""

SETTING = "attention"
"""Under which name a manager's own thresholds are kept."""


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

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "Thresholds":
        """Those that somebody has kept in their settings; where there are none, or none that can be used, the usual ones."""
        kept = settings.get(SETTING)
        found = {
            field.name: kept[field.name]
            for field in fields(cls)
            if isinstance(kept, dict) and isinstance(kept.get(field.name), (int, float)) and kept[field.name] > 0
        }
        return cls(**found)

    def as_setting(self) -> dict[str, Any]:
        """What is kept of them in somebody's settings."""
        return {SETTING: asdict(self)}


def at_risk(
    session: Session,
    cohort_ids: tuple[int, ...],
    thresholds: Thresholds,
    now: dt.datetime,
    *,
    names: Mapping[str, str] | None = None,
    limit: int = 5_000,
) -> pd.DataFrame:
    """The learners of these cohorts who may need a call, most reasons first, then the longest idle; at most `limit`.

    Columns: id, public_id, name, is_sample, last_interview (UTC; NaT when there was none), interviews and n (in the last
    weeks), reasons (a list of sentences without the name). `names` gives domains their names. Closed accounts are left out.
    """
    here = _recent(cohort_ids, thresholds, now)
    last, joined = last_interview(), _joined(cohort_ids)
    flags = {
        "is_idle": func.coalesce(last, joined) < now - dt.timedelta(days=thresholds.idle_days),
        "is_stuck": (here.n >= thresholds.level_one) & (here.level_total == here.n),
        "abandons": (here.interviews >= 2) & (here.abandoned >= thresholds.abandoned * here.interviews),
        "is_ungraded": (here.answered >= 5) & (here.ungraded >= thresholds.ungraded * here.answered),
        "is_falling": exists().where(LearnerTrend.learner_id == Person.id, falling()),
    }
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
            *(func.coalesce(flag, False).label(name) for name, flag in flags.items()),
        )
        .outerjoin(here.n.table, here.learner_id == Person.id)
        .where(enrolled_in(cohort_ids), Person.disabled.is_(False), or_(*flags.values()))
    )
    frame = frame_of(session, query, ints=whole)
    frame = frame.assign(last_interview=pd.to_datetime(frame["last_interview"], utc=True))
    frame = frame.assign(number=frame[list(flags)].astype("int64").sum(axis=1))
    frame = frame.sort_values(["number", "last_interview"], ascending=[False, True], na_position="first").head(limit)
    fallen = _falling_domains(session, frame.loc[frame["is_falling"].astype(bool), "id"].tolist(), names or {})
    reasons = [_reasons(row, fallen.get(row["id"], []), thresholds, now) for row in frame.to_dict("records")]
    shown = ["id", "public_id", "name", "is_sample", "last_interview", "interviews", "n"]
    return frame[shown].reset_index(drop=True).assign(reasons=pd.Series(reasons, dtype="object"))


def falling() -> ColumnElement[bool]:
    """Whether a trend falls beyond doubt: what `metrics.trend` calls "worth a look", told from the sums."""
    line = LearnerTrend
    spread = line.weight_xx - line.weight_x * line.weight_x / line.weight
    slope = (line.weight_xy - line.weight_x * line.weight_y / line.weight) / spread
    about_mean = line.weight_yy - line.weight_y * line.weight_y / line.weight
    scatter = (about_mean - slope * slope * spread) / (line.sessions - 2)
    beyond = slope * slope * spread > Z90**2 * case((scatter > 1, scatter), else_=1.0)
    return case((line.sessions >= ENOUGH_SESSIONS, (slope < 0) & beyond), else_=False)


def _recent(cohort_ids: tuple[int, ...], thresholds: Thresholds, now: dt.datetime) -> Any:
    """What each learner did in the last weeks, as the columns of a subquery."""
    rollup = InterviewRollup
    first_week = week_of(now - dt.timedelta(weeks=thresholds.weeks))
    broken_off = rollup.finished.is_(False) & (rollup.started_at < now - ABANDONED_AFTER)
    return (
        select(
            rollup.learner_id,
            func.count().label("interviews"),
            number_of(broken_off).label("abandoned"),
            *sums(rollup, ["answered", "ungraded", "n", "level_total"]),
        )
        .where(rollup.cohort_id.in_(cohort_ids), rollup.week >= first_week)
        .group_by(rollup.learner_id)
        .subquery()
        .c
    )


def _joined(cohort_ids: tuple[int, ...]) -> ScalarSelect[dt.datetime]:
    """Since when the person has been in one of the cohorts."""
    theirs = [Enrolment.person_id == Person.id, Enrolment.cohort_id.in_(cohort_ids)]
    return select(func.min(Enrolment.since)).where(*theirs).scalar_subquery()


def _falling_domains(session: Session, learner_ids: list[int], names: Mapping[str, str]) -> dict[int, list[str]]:
    query = select(LearnerTrend.learner_id, LearnerTrend.domain).where(LearnerTrend.learner_id.in_(learner_ids))
    found: dict[int, list[str]] = {}
    for learner_id, domain in session.execute(query.where(falling()).distinct().order_by(LearnerTrend.domain)):
        found.setdefault(learner_id, []).append(names.get(domain, domain.replace("_", " ")))
    return found


def _reasons(row: Mapping[Any, Any], fallen: list[str], thresholds: Thresholds, now: dt.datetime) -> list[str]:
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
    if fallen:
        found.append(f"Falls from interview to interview in {', '.join(fallen)}, difficulty allowed for: worth a look.")
    return found
