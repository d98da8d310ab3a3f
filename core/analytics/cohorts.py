"""How a cohort practises and scores, from counts alone: every query carries the cohorts whose data the viewer may see."""

import datetime as dt
from dataclasses import dataclass, replace

import pandas as pd
from sqlalchemy import Select, case, distinct, exists, func, select
from sqlalchemy.orm import Session

from core.analytics.frames import COUNTED, frame_of, sums
from core.analytics.scope import Scope
from core.storage.facts import number_of
from core.storage.tables import Cohort, Enrolment, InterviewRollup, Person, ScoreCube


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


def scores_by_week(session: Session, scope: Scope) -> pd.DataFrame:
    """Score counts: week (a Monday), source, level, n, total, h1..h10; oldest week first.

    `metrics.statistics(frame, ["week", "source"])` makes means, bands, medians, levels served and ability of it, by
    ["source"] the distribution, and by ["week", "source", "level"] what was served when.
    """
    cube = ScoreCube
    return _counted(session, scope, select(cube.week, cube.source, cube.level, *sums(cube)))


def scores_by_skill(session: Session, scope: Scope) -> pd.DataFrame:
    """Score counts: domain, skill, source, level, n, total, h1..h10, for `metrics.statistics` as by week."""
    cube = ScoreCube
    return _counted(session, scope, select(cube.domain, cube.skill, cube.source, cube.level, *sums(cube)))


def scores_elsewhere(session: Session, scope: Scope) -> pd.DataFrame:
    """Score counts of all other cohorts of the same programmes together, under the same filters: source, n, total, h1..h10.

    They name no cohort, so that a manager may see how the others do without looking after them.
    """
    programmes = select(Cohort.programme_id).where(Cohort.id.in_(scope.cohort_ids))
    others = select(Cohort.id).where(Cohort.programme_id.in_(programmes), Cohort.id.not_in(scope.cohort_ids))
    ids = tuple(session.scalars(others))
    return _counted(session, replace(scope, cohort_ids=ids), select(ScoreCube.source, *sums(ScoreCube)))


def _counted(session: Session, scope: Scope, query: Select[*tuple[object, ...]]) -> pd.DataFrame:
    keys = [column for column in query.selected_columns if column.name not in COUNTED]
    query = query.where(*scope.conditions(ScoreCube), ScoreCube.n > 0).group_by(*keys).order_by(*keys)
    return frame_of(session, query, ints=COUNTED)


def activity(session: Session, scope: Scope) -> pd.DataFrame:
    """Interviews by week, oldest first: week, learners (who began one), started, finished, answered, hints, ungraded."""
    rollup = InterviewRollup
    query = (
        select(
            rollup.week,
            func.count(distinct(rollup.learner_id)).label("learners"),
            func.count().label("started"),
            number_of(rollup.finished).label("finished"),
            *sums(rollup, ["answered", "hints", "ungraded"]),
        )
        .where(*scope.conditions(rollup))
        .group_by(rollup.week)
        .order_by(rollup.week)
    )
    return frame_of(session, query, ints=["learners", "started", "finished", "answered", "hints", "ungraded"])


def funnel(session: Session, cohort_ids: tuple[int, ...], *, active_since: dt.datetime) -> Funnel:
    """How far the learners of these cohorts got; active are those who began an interview since then."""
    rollup = InterviewRollup
    theirs = [rollup.learner_id == Person.id, rollup.cohort_id.in_(cohort_ids)]
    enrolled = exists().where(Enrolment.person_id == Person.id, Enrolment.cohort_id.in_(cohort_ids))

    query = select(
        func.count(Person.id),
        number_of(Person.last_active_at.is_not(None) | exists().where(*theirs)),
        number_of(exists().where(*theirs)),
        number_of(exists().where(*theirs, rollup.finished)),
        number_of(exists().where(*theirs, rollup.started_at >= active_since)),
    ).where(enrolled, Person.role == "learner")
    return Funnel(*(int(count) for count in session.execute(query).one()))


def learners(session: Session, scope: Scope) -> pd.DataFrame:
    """One row for each learner of the cohorts, by name, whether or not there is anything to count.

    Columns: id, public_id, name, is_sample, last_interview (UTC, in any cohort), interviews, finished, answered, hints,
    ungraded, n, mean (1–10, of what was graded), level (mean level served). Weeks, skill and level don't filter it.
    """
    rollup = InterviewRollup
    ever = replace(scope, since=None, until=None)
    counted = ["answered", "hints", "ungraded", "n", "total", "level_total"]
    per = (
        select(
            rollup.learner_id,
            func.count().label("interviews"),
            number_of(rollup.finished).label("finished"),
            *sums(rollup, counted),
        )
        .where(*ever.conditions(rollup))
        .group_by(rollup.learner_id)
        .subquery()
    )
    whole = ["interviews", "finished", "answered", "hints", "ungraded", "n"]
    last = select(func.max(rollup.started_at)).where(rollup.learner_id == Person.id).scalar_subquery()
    enrolled = exists().where(Enrolment.person_id == Person.id, Enrolment.cohort_id.in_(scope.cohort_ids))
    query = (
        select(
            Person.id,
            Person.public_id,
            Person.name,
            Person.is_sample,
            last.label("last_interview"),
            *(func.coalesce(per.c[name], 0).label(name) for name in whole),
            case((per.c.n > 0, per.c.total * 1.0 / per.c.n)).label("mean"),
            case((per.c.n > 0, per.c.level_total * 1.0 / per.c.n)).label("level"),
        )
        .outerjoin(per, per.c.learner_id == Person.id)
        .where(enrolled, Person.role == "learner")
        .order_by(Person.name, Person.id)
    )
    frame = frame_of(session, query, ["mean", "level"], whole)
    return frame.assign(last_interview=pd.to_datetime(frame["last_interview"], utc=True))
