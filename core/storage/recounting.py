"""Counts against facts: what differs, and all counts written anew."""

import math
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, exists, select, true
from sqlalchemy.orm import Session

from core.storage.count_tables import ActiveWeek, LearnerCount, LearnerTrend, LevelWeek, PointCount
from core.storage.facts import facts_of
from core.storage.feedback_tables import ReplyCount
from core.storage.points import tally_of
from core.storage.sums import sums_of, trends
from core.storage.tables import CubeWeek, Interview, InterviewRollup, InterviewSkill, ScoreCube
from core.storage.upserts import dialect_of, keys_of, store_rows, table_of

MAX_DIFFERENCES = 100
NOT_COUNTED = ("ability", "ability_se")
"""Columns of the roll-up that are estimates: no sum of facts gives them."""

FACTS: tuple[type[Any], ...] = (InterviewRollup, InterviewSkill, ScoreCube)
"""What is counted from turns and grades."""
SUMS: tuple[type[Any], ...] = (LevelWeek, CubeWeek, LearnerCount, ActiveWeek)
"""What is added up from the roll-up and the cube, which come first for that reason."""

Rows = dict[tuple[Any, ...], tuple[Any, ...]]


def recount(session: Session) -> list[str]:
    """What differs between the counts and the facts, one sentence each, the first hundred; empty when all is right."""
    sentences: list[str] = []
    session.flush()
    for difference in _differences(session):
        sentences.append(difference)
        if len(sentences) == MAX_DIFFERENCES:
            sentences.append("There are more differences; rebuild the counts.")
            break
    return sentences


def rebuild(session: Session) -> None:
    """Writes all counts anew from the facts, cohort by cohort; ability estimates stay. Grades wait meanwhile."""
    session.flush()
    session.execute(select(Interview.id).with_for_update()).all()
    belongs = [Interview.id == InterviewRollup.interview_id]
    belongs += [Interview.cohort_id == InterviewRollup.cohort_id, Interview.week == InterviewRollup.week]
    _delete(session, InterviewRollup, ~exists().where(*belongs))
    for model in (InterviewSkill, ScoreCube, ReplyCount):
        _delete(session, model)
    cohorts = session.scalars(select(Interview.cohort_id).distinct().order_by(Interview.cohort_id)).all()
    for cohort_id in cohorts:
        for model in FACTS:
            _write(session, model, facts_of(model, dialect_of(session), Interview.cohort_id == cohort_id))
    _write(session, ReplyCount, facts_of(ReplyCount, dialect_of(session)))
    models: list[type[Any]] = [*SUMS, PointCount, LearnerTrend]
    for model in models:
        _delete(session, model)
    for cohort_id in cohorts:
        for model in SUMS:
            _write(session, model, sums_of(model, cohort_id))
        tally_of(session, Interview.cohort_id == cohort_id).write(session)
    _write(session, LearnerTrend, trends(true()))
    session.expire_all()


def add_up(session: Session, cohort_id: int) -> None:
    """Writes those counts of a cohort that are sums of the roll-up and the cube, and the trends of its learners.

    A trend goes on when a learner changes cohorts: for learners with interviews in others, this is not the whole of it.
    """
    for model in SUMS:
        _write(session, model, sums_of(model, cohort_id))
    _write(session, LearnerTrend, trends(InterviewRollup.cohort_id == cohort_id))


def _delete(session: Session, model: type[Any], *conditions: ColumnElement[bool]) -> None:
    session.execute(delete(model).where(*conditions), execution_options={"synchronize_session": False})


def _write(session: Session, model: type[Any], rows: Select[Any]) -> None:
    session.execute(store_rows(model, dialect_of(session), rows))


def _differences(session: Session) -> Iterator[str]:
    """Cohort by cohort, so that no more than one cohort's counts are held at a time."""
    dialect = dialect_of(session)
    for cohort_id in _cohorts(session):
        right = True
        for model in FACTS:
            facts = facts_of(model, dialect, Interview.cohort_id == cohort_id)
            for difference in _compare(session, model, _rows(session, model, facts), cohort_id):
                right = False
                yield difference
        for model in SUMS if right else ():  # sums of wrong numbers say nothing
            yield from _compare(session, model, _rows(session, model, sums_of(model, cohort_id)), cohort_id)
        points = tally_of(session, Interview.cohort_id == cohort_id).rows()
        expected: Rows = {tuple(row.values())[:5]: (row["missed"], row["n"]) for row in points}
        yield from _compare(session, PointCount, expected, cohort_id)
    yield from _compare(session, ReplyCount, _rows(session, ReplyCount, facts_of(ReplyCount, dialect)))
    yield from _compare(session, LearnerTrend, _rows(session, LearnerTrend, trends(true())))


def _cohorts(session: Session) -> list[int]:
    """The numbers of all cohorts that have an interview or a count."""
    found: set[int] = set()
    models: list[type[Any]] = [Interview, InterviewRollup, ScoreCube, *SUMS, PointCount]
    for model in models:
        found.update(session.scalars(select(model.cohort_id).distinct()))
    return sorted(found)


def _compare(session: Session, model: type[Any], expected: Rows, cohort_id: int | None = None) -> Iterator[str]:
    held = select(table_of(model))
    if model is InterviewSkill:
        theirs = Interview.id == InterviewSkill.interview_id
        held = held.join(Interview, theirs).where(Interview.cohort_id == cohort_id)
    elif cohort_id is not None:
        held = held.where(model.cohort_id == cohort_id)
    actual = _rows(session, model, held)
    names = _names(model)
    for key in [*expected, *(key for key in actual if key not in expected)]:
        should, does = expected.get(key), actual.get(key)
        if not _same(should, does):
            found, wanted = _shown(names, does), _shown(names, should)
            yield f"{table_of(model).name} {'/'.join(map(str, key))}: holds {found}, should hold {wanted}"


def _names(model: type[Any]) -> list[str]:
    keys = (*keys_of(model), *NOT_COUNTED)
    return sorted(column.name for column in table_of(model).c if column.name not in keys)


def _rows(session: Session, model: type[Any], query: Any) -> Rows:
    """The rows of a query by their key; a count of nothing is as good as no row, but an interview is never nothing."""
    keys, names = keys_of(model), _names(model)
    found: Rows = {}
    for row in session.execute(query).mappings():
        values = tuple(row[name] for name in names)
        if model is InterviewRollup or any(values):
            found[tuple(row[key] for key in keys)] = values
    return found


def _same(should: tuple[Any, ...] | None, does: tuple[Any, ...] | None) -> bool:
    """Whether the values are equal, sums of fractions to nine digits."""
    if should == does or should is None or does is None:
        return should == does
    pairs = zip(should, does, strict=True)
    return all(a == b or (isinstance(a, float) and math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)) for a, b in pairs)


def _shown(names: list[str], values: tuple[Any, ...] | None) -> str:
    if values is None:
        return "nothing"
    return ", ".join(f"{name} {value}" for name, value in zip(names, values, strict=True) if value)
