"""What a steering meeting needs to know of a cohort, on one page: numbers, courses and gaps, and nobody's name."""

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

from core.analytics.attention import Thresholds, Watch
from core.analytics.cohorts import Funnel, activity, funnel, scores_by_skill, scores_by_week
from core.analytics.metrics import FEW
from core.analytics.missed import missed_points
from core.analytics.scope import Scope
from core.analytics.statistics import change_in_words, statistics
from core.domains import Domain
from core.interview.names import SOURCES
from core.interview.policy import LOGITS_PER_LEVEL
from core.storage.ids import week_of

ACTIVE = dt.timedelta(days=14)
MOST = 5
"""Skills, and key points, that are named."""


@dataclass(frozen=True, slots=True)
class Week:
    """A week from its Monday on: the mean score with its 90 % band, None where too little was graded."""

    monday: dt.date
    n: int
    mean: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Gap:
    """A weak skill, with the level at which questions would be half mastered, or a key point with the share that missed it."""

    what: str
    where: str
    value: float
    n: int


@dataclass(frozen=True, slots=True)
class CohortSheet:
    """The page before it is drawn; `calls` is how many learners may need a call by the thresholds of whoever asked."""

    title: str
    made_on: dt.date
    period: str
    source: str
    is_sample: bool
    funnel: Funnel
    responses: int
    weeks: tuple[Week, ...]
    practice: tuple[tuple[dt.date, int], ...]
    change: str
    skills: tuple[Gap, ...]
    points: tuple[Gap, ...]
    calls: int


def cohort_sheet(
    session: Session,
    scope: Scope,
    domains: Mapping[str, Domain],
    thresholds: Thresholds,
    now: dt.datetime,
    *,
    title: str,
    is_sample: bool = False,
) -> CohortSheet:
    """The page about the cohort of the scope, whose `source` is one engine, under its filters."""
    weeks = statistics(scores_by_week(session, scope), ["week"])
    practice = activity(session, scope, scope.until or week_of(now))
    return CohortSheet(
        title=title,
        made_on=now.date(),
        period=_period(scope, domains),
        source=SOURCES.get(scope.source or "", scope.source or ""),
        is_sample=is_sample,
        funnel=funnel(session, scope.cohort_ids, active_since=now - ACTIVE),
        responses=int(weeks["n"].sum()),
        weeks=tuple(_week(row) for row in _rows(weeks)),
        practice=tuple((row["week"], row["learners"]) for row in _rows(practice)),
        change=change_in_words(weeks),
        skills=_weakest(scores_by_skill(session, scope), domains),
        points=tuple(
            Gap(row["text"], _name(domains, row["domain"]), row["share"], row["n"])
            for row in _rows(missed_points(session, scope, limit=MOST, at_least=FEW))
        ),
        calls=len(Watch(scope.cohort_ids, thresholds, now).at_risk(session)),
    )


def _rows(frame: pd.DataFrame) -> list[dict[Any, Any]]:
    return frame.to_dict("records")


def _week(row: dict[Any, Any]) -> Week:
    low, high = (None if math.isnan(row[name]) else float(row[name]) for name in ("low", "high"))
    return Week(row["week"], row["n"], row["mean"], low, high)


def _weakest(counts: pd.DataFrame, domains: Mapping[str, Domain]) -> tuple[Gap, ...]:
    """The skills with the lowest ability, of those with enough responses to say so."""
    skills = statistics(counts, ["domain", "skill"])
    found = skills[~skills["few"]].sort_values("ability").head(MOST)
    return tuple(
        Gap(
            _skill(domains, row["domain"], row["skill"]),
            _name(domains, row["domain"]),
            3 + row["ability"] / LOGITS_PER_LEVEL,
            row["n"],
        )
        for row in _rows(found)
    )


def _period(scope: Scope, domains: Mapping[str, Domain]) -> str:
    since = f"since {scope.since.day} {scope.since:%b %Y}" if scope.since else "since it began"
    filters = [_name(domains, scope.domain) if scope.domain else "", f"level {scope.level}" if scope.level else "",
               f"{scope.mode} only" if scope.mode else ""]  # fmt: skip
    return " · ".join([since, *filter(None, filters)])


def _name(domains: Mapping[str, Domain], key: str) -> str:
    return domains[key].name if key in domains else key.replace("_", " ").title()


def _skill(domains: Mapping[str, Domain], domain: str, key: str) -> str:
    return domains[domain].skills.get(key, key) if domain in domains else key.replace("_", " ")
