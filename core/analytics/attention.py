"""Which learners may need a call, and why in words: a list to look at, never a verdict."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, case, exists, func, literal, select
from sqlalchemy.orm import Session

from core.analytics.cohorts import enrolled_in, last_interview
from core.analytics.frames import sums
from core.analytics.metrics import ENOUGH_SESSIONS, Z90
from core.storage.count_tables import InterviewRollup, LearnerTrend
from core.storage.facts import number_of
from core.storage.ids import week_of
from core.storage.tables import Enrolment, Person

ABANDONED_AFTER = dt.timedelta(days=1)
"""An interview that was begun this long ago and not finished counts as broken off."""

RECENT = ("interviews", "abandoned", "answered", "ungraded", "n")
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


@dataclass(frozen=True, slots=True)
class AtRisk:
    """A learner who may need a call, with the reasons in sentences without the name; `last_interview` in any cohort."""

    id: int
    name: str
    last_interview: dt.datetime | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Watch:
    """Looks after the learners of these cohorts by these thresholds, as they are now."""

    cohort_ids: tuple[int, ...]
    thresholds: Thresholds
    now: dt.datetime

    def at_risk(self, session: Session) -> list[int]:
        """The ids of all who may need a call, most reasons first, then the longest idle; closed accounts are left out."""
        here, last = self._recent(), last_interview()
        number = sum((case((flag, 1), else_=0) for flag in self._flags(here).values()), start=literal(0))
        each = (
            select(Person.id, number.label("number"), last.label("last"))
            .outerjoin(here.n.table, here.learner_id == Person.id)
            .where(enrolled_in(self.cohort_ids), Person.disabled.is_(False))
            .subquery()
            .c
        )
        order = (each.number.desc(), each.last, each.id)
        return list(session.scalars(select(each.id).where(each.number > 0).order_by(*order)))

    def reasons(
        self, session: Session, learner_ids: Sequence[int], names: Mapping[str, str] | None = None
    ) -> list[AtRisk]:
        """Why these learners, whom `at_risk` found, may need a call, in the same order; `names` gives domains their names."""
        here = self._recent(learner_ids)
        flags = self._flags(here)
        del flags["is_falling"]  # told by the domains in which they fall
        query = (
            select(
                Person.id,
                Person.name,
                last_interview().label("last"),
                self._joined().label("joined"),
                *(func.coalesce(here[name], 0).label(name) for name in RECENT),
                *(func.coalesce(flag, False).label(name) for name, flag in flags.items()),
            )
            .outerjoin(here.n.table, here.learner_id == Person.id)
            .where(Person.id.in_(learner_ids))
        )
        rows = {row.id: row for row in session.execute(query)}
        fallen = _falling_domains(session, learner_ids, names or {})
        return [
            AtRisk(id_, rows[id_].name, rows[id_].last, tuple(self._in_words(rows[id_], fallen.get(id_, []))))
            for id_ in learner_ids
            if id_ in rows
        ]

    def _flags(self, here: Any) -> dict[str, ColumnElement[bool]]:
        """What each reason says of the person of the query, by what they did lately."""
        limits = self.thresholds
        idle_since = func.coalesce(last_interview(), self._joined())
        return {
            "is_idle": idle_since < self.now - dt.timedelta(days=limits.idle_days),
            "is_stuck": (here.n >= limits.level_one) & (here.level_total == here.n),
            "abandons": (here.interviews >= 2) & (here.abandoned >= limits.abandoned * here.interviews),
            "is_ungraded": (here.answered >= 5) & (here.ungraded >= limits.ungraded * here.answered),
            "is_falling": exists().where(LearnerTrend.learner_id == Person.id, falling()),
        }

    def _in_words(self, row: Any, fallen: list[str]) -> Iterator[str]:
        limits = self.thresholds
        if row.is_idle and row.last is None:
            yield f"No interview yet, {(self.now - row.joined).days} days after joining."
        elif row.is_idle:
            yield f"No interview for {(self.now - row.last).days} days."
        if row.is_stuck:
            yield f"Still at level 1 after {row.n:.0f} answers in {limits.weeks} weeks."
        if row.abandons:
            yield f"Broke off {row.abandoned} of {row.interviews} interviews in {limits.weeks} weeks."
        if row.is_ungraded:
            yield f"{row.ungraded:.0f} of {row.answered:.0f} answers could not be graded."
        if fallen:
            yield f"Falls from interview to interview in {', '.join(fallen)}, difficulty allowed for: worth a look."

    def _recent(self, learner_ids: Sequence[int] | None = None) -> Any:
        """What each learner, or each of these, did in the last weeks, as the columns of a subquery."""
        rollup = InterviewRollup
        first_week = week_of(self.now - dt.timedelta(weeks=self.thresholds.weeks))
        broken_off = rollup.finished.is_(False) & (rollup.started_at < self.now - ABANDONED_AFTER)
        query = select(
            rollup.learner_id,
            func.count().label("interviews"),
            number_of(broken_off).label("abandoned"),
            *sums(rollup, ["answered", "ungraded", "n", "level_total"]),
        ).where(rollup.cohort_id.in_(self.cohort_ids), rollup.week >= first_week)
        if learner_ids is not None:
            begins = dt.datetime.combine(first_week, dt.time(), dt.UTC)  # or all of the cohort's weeks would be read
            query = query.where(rollup.learner_id.in_(learner_ids), rollup.started_at >= begins)
        return query.group_by(rollup.learner_id).subquery().c

    def _joined(self) -> ScalarSelect[dt.datetime]:
        """Since when the person has been in one of the cohorts."""
        theirs = [Enrolment.person_id == Person.id, Enrolment.cohort_id.in_(self.cohort_ids)]
        return select(func.min(Enrolment.since)).where(*theirs).scalar_subquery()


def falling() -> ColumnElement[bool]:
    """Whether a trend falls beyond doubt: what `metrics.trend` calls "worth a look", told from the sums."""
    line = LearnerTrend
    spread = line.weight_xx - line.weight_x * line.weight_x / line.weight
    slope = (line.weight_xy - line.weight_x * line.weight_y / line.weight) / spread
    about_mean = line.weight_yy - line.weight_y * line.weight_y / line.weight
    scatter = (about_mean - slope * slope * spread) / (line.sessions - 2)
    beyond = slope * slope * spread > Z90**2 * case((scatter > 1, scatter), else_=1.0)
    return case((line.sessions >= ENOUGH_SESSIONS, (slope < 0) & beyond), else_=False)


def _falling_domains(session: Session, learner_ids: Sequence[int], names: Mapping[str, str]) -> dict[int, list[str]]:
    query = select(LearnerTrend.learner_id, LearnerTrend.domain).where(LearnerTrend.learner_id.in_(learner_ids))
    found: dict[int, list[str]] = {}
    for learner_id, domain in session.execute(query.where(falling()).distinct().order_by(LearnerTrend.domain)):
        found.setdefault(learner_id, []).append(names.get(domain, domain.replace("_", " ")))
    return found
