"""How a cohort practises and scores, from counts alone: every query carries the cohorts whose data the viewer may see."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, ScalarSelect, exists, func, select
from sqlalchemy.orm import Session

from core.analytics.frames import COUNTED, frame_of, sums, total
from core.analytics.scope import Scope
from core.storage.count_tables import (
    ANY,
    ActiveWeek,
    CubeWeek,
    InterviewRollup,
    InterviewSkill,
    LearnerCount,
    LevelWeek,
    ProgrammeCube,
    ScoreCube,
)
from core.storage.facts import number_of
from core.storage.ids import week_of
from core.storage.tables import Cohort, Enrolment, Person


@dataclass(frozen=True, slots=True)
class Funnel:
    """How far the learners of a cohort got, in persons.

    invited ⊇ signed_in ⊇ began (a first interview) ⊇ finished (one at least); active are those of `began` who began an
    interview lately.
    """

    invited: int
    signed_in: int
    began: int
    finished: int
    active: int


def engines(session: Session, scope: Scope) -> list[str]:
    """Which engines gave the scores, that of most first: what a page asks before it shows those of one."""
    table = smallest(scope)
    n = total(table.n)
    query = select(table.source).where(*scope.conditions(table), table.n > 0).group_by(table.source)
    return list(session.scalars(query.order_by(n.desc(), table.source)))


def scores_by_week(session: Session, scope: Scope) -> pd.DataFrame:
    """Score counts: week (a Monday), source, level, n, total, h1..h10; oldest week first.

    `metrics.statistics(frame, ["week", "source"])` makes means, bands, medians, levels served and ability of it, by
    ["source"] the distribution, and by ["week", "source", "level"] what was served when.
    """
    table: Any = LevelWeek if scope.skill is None else ScoreCube
    return _counted(session, scope, table, [table.week, table.source, table.level])


def scores_by_skill(session: Session, scope: Scope) -> pd.DataFrame:
    """Score counts: domain, skill, source, level, n, total, h1..h10, for `metrics.statistics` as by week."""
    cube = ScoreCube
    return _counted(session, scope, cube, [cube.domain, cube.skill, cube.source, cube.level])


def scores_elsewhere(session: Session, scope: Scope) -> pd.DataFrame:
    """Score counts of all other cohorts of the same programmes together, under the same filters: source, n, total, h1..h10.

    They name no cohort, so that a manager may see how the others do without looking after them.
    """
    programmes = select(Cohort.programme_id).where(Cohort.id.in_(scope.cohort_ids))
    table, whole = smallest(scope), ProgrammeCube
    theirs = [whole.programme_id.in_(programmes), *replace(scope, skill=scope.skill or ANY).filters(whole)]
    all_of_them = select(whole.source, *(getattr(whole, name) for name in COUNTED)).where(*theirs)
    own = select(table.source, *(-getattr(table, name) for name in COUNTED)).where(*scope.conditions(table))
    each = all_of_them.union_all(own).subquery().c
    summed = select(each.source, *(total(each[name]).label(name) for name in COUNTED)).group_by(each.source)
    return frame_of(session, summed.having(total(each.n) > 0).order_by(each.source), ints=COUNTED)


def smallest(scope: Scope) -> Any:
    """The smallest table of scores that has what the scope filters by."""
    if scope.skill is not None:
        return ScoreCube
    return CubeWeek if scope.level is None else LevelWeek


def _counted(session: Session, scope: Scope, table: Any, keys: list[Any]) -> pd.DataFrame:
    query = select(*keys, *sums(table)).where(*scope.conditions(table), table.n > 0)
    return frame_of(session, query.group_by(*keys).order_by(*keys), ints=COUNTED)


def activity(session: Session, scope: Scope, through: dt.date | None = None) -> pd.DataFrame:
    """Interviews by week, oldest first: week, learners (who began one), started, finished, answered, hints, ungraded.

    From the first week in which anybody began one there is every week, with zeros too, to the last such or `through`.
    """
    held = ["started", "finished", "answered", "hints", "ungraded"]
    weeks = select(CubeWeek.week, *sums(CubeWeek, held)).where(*scope.conditions(CubeWeek)).group_by(CubeWeek.week)
    persons = select(ActiveWeek.week, total(ActiveWeek.learners).label("learners"))
    persons = persons.where(*active_in(scope)).group_by(ActiveWeek.week)
    week, person = weeks.subquery().c, persons.subquery().c
    query = (
        select(week.week, func.coalesce(person.learners, 0).label("learners"), *(week[name] for name in held))
        .outerjoin_from(week.week.table, person.week.table, person.week == week.week)
        .where(week.started > 0)
        .order_by(week.week)
    )
    return _every_week(frame_of(session, query, ints=["learners", *held]), through)


def _every_week(frame: pd.DataFrame, through: dt.date | None) -> pd.DataFrame:
    if frame.empty:
        return frame
    first, last = frame["week"].min(), frame["week"].max()
    number = (max(last, through or last) - first).days // 7
    weeks = [first + dt.timedelta(weeks=place) for place in range(number + 1)]
    return frame.set_index("week").reindex(weeks, fill_value=0).rename_axis("week").reset_index()


def active_in(scope: Scope) -> list[ColumnElement[bool]]:
    """The conditions that leave one row of `active_week` for each cohort and week."""
    chosen = [(getattr(ActiveWeek, name), getattr(scope, name)) for name in ("domain", "source", "mode")]
    exactly = [column == (ANY if value is None else value) for column, value in chosen]
    return [ActiveWeek.cohort_id.in_(scope.cohort_ids), *exactly, *scope.filters(ActiveWeek, ())]


def funnel(session: Session, cohort_ids: tuple[int, ...], *, active_since: dt.datetime) -> Funnel:
    """How far the learners of these cohorts got; active are those who began an interview since then."""
    reached = steps(cohort_ids, active_since)
    query = select(
        func.count(Person.id).label("invited"), *(number_of(one).label(name) for name, one in reached.items())
    )
    counts = session.execute(query.where(enrolled_in(cohort_ids))).mappings().one()
    return Funnel(**{name: int(count) for name, count in counts.items()})


def steps(cohort_ids: tuple[int, ...], active_since: dt.datetime) -> dict[str, ColumnElement[bool]]:
    """Whether the person of the query reached each step of the funnel behind the invitation, by the step's name."""
    rollup, counted = InterviewRollup, LearnerCount
    here = select(counted.learner_id).where(counted.cohort_id.in_(cohort_ids))
    # By week, too, or every interview of every learner would be looked at.
    since = [rollup.week >= week_of(active_since), rollup.started_at >= active_since]
    began = Person.id.in_(here.where(counted.started > 0))
    return {
        "signed_in": Person.last_active_at.is_not(None) | began,
        "began": began,
        "finished": Person.id.in_(here.where(counted.finished > 0)),
        "active": Person.id.in_(select(rollup.learner_id).where(rollup.cohort_id.in_(cohort_ids), *since)),
    }


def in_interviews(scope: Scope, score: int | None = None) -> ColumnElement[bool]:
    """Whether the person of the query has an interview of the scope, with an answer that scored so where a score is named.

    Of its answers any may be on the scope's skill, and any at its level.
    """
    rollup, skill = InterviewRollup, InterviewSkill
    found = scope.conditions(rollup)
    if score is not None:
        found.append(getattr(rollup, f"h{score}") > 0)
    if scope.level is not None:
        found.append(getattr(rollup, f"level{scope.level}") > 0)
    if scope.skill is not None:
        theirs = [skill.learner_id == rollup.learner_id, skill.interview_id == rollup.interview_id]
        found.append(exists().where(*theirs, skill.skill == scope.skill, skill.n > 0))
    return Person.id.in_(select(rollup.learner_id).where(*found))


def enrolled_in(cohort_ids: tuple[int, ...]) -> ColumnElement[bool]:
    """The persons who learn in these cohorts, each once."""
    people = select(Enrolment.person_id).where(Enrolment.cohort_id.in_(cohort_ids))
    return Person.id.in_(people) & (Person.role == "learner")


def last_interview() -> ScalarSelect[dt.datetime]:
    """When the person of the query began their last interview, in whichever cohort."""
    rollup = InterviewRollup
    # For max(started_at) MariaDB would read all of a learner's interviews.
    latest = select(rollup.started_at).where(rollup.learner_id == Person.id).order_by(rollup.started_at.desc())
    return latest.limit(1).scalar_subquery()
