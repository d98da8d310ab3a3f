"""Interviews that come to count elsewhere: one learner's, or all of a cohort or programme that is merged into another."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, insert, literal, select, update
from sqlalchemy.orm import Session

from core.storage import counts
from core.storage.count_tables import (
    ANY,
    ActiveWeek,
    CubeWeek,
    InterviewRollup,
    LearnerCount,
    LevelWeek,
    PointCount,
    ProgrammeCube,
    ScoreCube,
)
from core.storage.programme_tables import Assignment
from core.storage.sign_in_tables import SignInRule
from core.storage.sums import sums_of
from core.storage.tables import Cohort, Enrolment, Interview
from core.storage.upserts import insert_into, keys_of, or_add, table_of, touch

ADDED_UP: tuple[type[Any], ...] = (LearnerCount, ScoreCube, LevelWeek, CubeWeek, PointCount)
"""Counts of a cohort that add up: those of two cohorts together are the counts of both."""


def move_learner(session: Session, person_id: int, source: int, target: int) -> int:
    """Counts the learner's interviews of cohort `source` under `target`; returns how many there were."""
    theirs = select(Interview).where(Interview.learner_id == person_id, Interview.cohort_id == source)
    interviews = session.scalars(theirs.order_by(Interview.id).with_for_update()).all()
    for interview in interviews:
        counts.moved(session, interview, target)
    return len(interviews)


def merge_cohorts(session: Session, source: int, target: int, this_week: dt.date) -> None:
    """Everything of cohort `source` becomes that of `target`, and `source` is gone; grades in both wait meanwhile."""
    session.execute(delete(Enrolment).where(Enrolment.cohort_id == source, Enrolment.person_id.in_(_members(target))))
    session.execute(update(Enrolment).where(Enrolment.cohort_id == source).values(cohort_id=target))
    _hold_all(session, (source, target))
    for place in (source, target):  # interviews that begin now wait for the end of this, and are counted after it
        touch(session, ActiveWeek, {"cohort_id": place, "week": this_week, "domain": ANY, "source": ANY, "mode": ANY})
    for model in (Interview, InterviewRollup, Assignment, SignInRule):
        _quietly(session, update(model).where(model.cohort_id == source).values(cohort_id=target))
    for model in ADDED_UP:
        _add_up(session, model, "cohort_id", source, target)
    # Who was active in both cohorts in a week is one person now, so these are counted anew.
    _quietly(session, delete(ActiveWeek).where(ActiveWeek.cohort_id.in_((source, target))))
    anew = sums_of(ActiveWeek, target)
    session.execute(insert(table_of(ActiveWeek)).from_select(anew.selected_columns.keys(), anew))
    _quietly(session, delete(Cohort).where(Cohort.id == source))
    session.expire_all()


def merge_programmes(session: Session, source: int, target: int, this_week: dt.date) -> None:
    """The cohorts of programme `source` become those of `target`, and those of one name one cohort; grades wait meanwhile."""
    of_source = select(Cohort).where(Cohort.programme_id == source)
    _hold_all(session, [cohort.id for cohort in session.scalars(of_source)])
    places = {cohort.name: cohort.id for cohort in session.scalars(select(Cohort).filter_by(programme_id=target))}
    # A grade looks up the programme with a lock on the cohort: those of interviews that begin now wait, too.
    for cohort in session.scalars(of_source.with_for_update()).all():
        if cohort.name in places:
            merge_cohorts(session, cohort.id, places[cohort.name], this_week)
        else:
            cohort.programme_id = target
    session.flush()
    _add_up(session, ProgrammeCube, "programme_id", source, target)


def _hold_all(session: Session, cohort_ids: Sequence[int]) -> None:
    theirs = select(Interview.id).where(Interview.cohort_id.in_(cohort_ids))
    session.execute(theirs.order_by(Interview.id).with_for_update()).all()


def _members(cohort_id: int) -> Any:
    """Nested once more, since MySQL doesn't delete from a table that it reads at the same time."""
    members = select(Enrolment.person_id).where(Enrolment.cohort_id == cohort_id).subquery()
    return select(members.c.person_id)


def _add_up(session: Session, model: type[Any], owner: str, source: int, target: int) -> None:
    """Adds the counts whose column `owner` is `source` to those of `target`, and removes them."""
    columns, keys = table_of(model).c, keys_of(model)
    old = table_of(model).alias("old").c  # MySQL can't tell two columns of one name apart
    named = [literal(target).label(owner) if column.name == owner else column for column in old]
    rows = select(*named).where(old[owner] == source)
    statement = insert_into(session, model).from_select([column.name for column in columns], rows)
    session.execute(or_add(statement, model, [column.name for column in columns if column.name not in keys]))
    _quietly(session, delete(model).where(getattr(model, owner) == source))


def _quietly(session: Session, statement: Any) -> None:
    session.execute(statement, execution_options={"synchronize_session": False})
