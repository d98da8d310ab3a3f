"""Counts against facts: what differs, and all counts written anew."""

import math
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, exists, select, true, union
from sqlalchemy.orm import Session

from core.storage.count_tables import (
    ActiveWeek,
    CubeWeek,
    InterviewRollup,
    InterviewSkill,
    LearnerCount,
    LearnerTrend,
    LevelWeek,
    PointCount,
    ProgrammeCube,
    ScoreCube,
)
from core.storage.facts import facts_of
from core.storage.feedback_tables import ReplyCount
from core.storage.points import tally_of
from core.storage.sums import programme_scores, sums_of, trends
from core.storage.tables import Cohort, Interview
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
    models: list[type[Any]] = [*SUMS, PointCount, LearnerTrend, ProgrammeCube]
    for model in models:
        _delete(session, model)
    for cohort_id in cohorts:
        for model in SUMS:
            _write(session, model, sums_of(model, cohort_id))
        tally_of(session, Interview.cohort_id == cohort_id).write(session)
    _write(session, LearnerTrend, trends(true()))
    _write(session, ProgrammeCube, programme_scores(true()))
    session.expire_all()


def add_up(session: Session, cohort_id: int) -> None:
    """Writes those counts of a cohort that are sums of the roll-up and the cube, and the trends of its learners.

    A trend goes on when a learner changes cohorts: for learners with interviews in others, this is not the whole of it.
    """
    for model in SUMS:
        _write(session, model, sums_of(model, cohort_id))
    _write(session, LearnerTrend, trends(InterviewRollup.cohort_id == cohort_id))


def add_up_programme(session: Session, programme_id: int) -> None:
    """Writes the counts of a programme that are sums of its cohorts'."""
    _write(session, ProgrammeCube, programme_scores(Cohort.programme_id == programme_id))


def _delete(session: Session, model: type[Any], *conditions: ColumnElement[bool]) -> None:
    session.execute(delete(model).where(*conditions), execution_options={"synchronize_session": False})


def _write(session: Session, model: type[Any], rows: Select[Any]) -> None:
    session.execute(store_rows(model, dialect_of(session), rows))


def _differences(session: Session) -> Iterator[str]:
    """Cohort by cohort, so that no more than one cohort's counts are held at a time."""
    dialect, all_right = dialect_of(session), True
    for cohort_id in _cohorts(session):
        right = True
        for model in FACTS:
            facts = facts_of(model, dialect, Interview.cohort_id == cohort_id)
            for difference in _compare(session, model, facts, _of_cohort(model, cohort_id)):
                all_right = right = False
                yield difference
        for model in SUMS if right else ():  # sums of wrong numbers say nothing
            for difference in _compare(session, model, sums_of(model, cohort_id), model.cohort_id == cohort_id):
                all_right = False
                yield difference
        points = tally_of(session, Interview.cohort_id == cohort_id).rows()
        expected: Rows = {tuple(row.values())[:5]: (row["missed"], row["n"]) for row in points}
        yield from _unlike(PointCount, expected, _held(session, PointCount, PointCount.cohort_id == cohort_id))
    yield from _compare(session, ReplyCount, facts_of(ReplyCount, dialect))
    yield from _compare(session, LearnerTrend, trends(true()))
    programmes = union(select(Cohort.programme_id), select(ProgrammeCube.programme_id))
    for programme_id in sorted(session.scalars(programmes)) if all_right else ():
        summed = programme_scores(Cohort.programme_id == programme_id)
        yield from _compare(session, ProgrammeCube, summed, ProgrammeCube.programme_id == programme_id)


def _cohorts(session: Session) -> list[int]:
    """The numbers of all cohorts that have an interview or a count."""
    models: list[type[Any]] = [Interview, InterviewRollup, ScoreCube, *SUMS, PointCount]
    return sorted(session.scalars(union(*(select(model.cohort_id).distinct() for model in models))))


def _of_cohort(model: type[Any], cohort_id: int) -> ColumnElement[bool]:
    if model is InterviewSkill:
        return InterviewSkill.interview_id.in_(select(Interview.id).where(Interview.cohort_id == cohort_id))
    return model.cohort_id == cohort_id  # type: ignore[no-any-return] # of whichever table


def _compare(session: Session, model: type[Any], query: Any, only: ColumnElement[bool] | None = None) -> Iterator[str]:
    """What differs between the rows of the query and those that the table holds."""
    yield from _unlike(model, _rows(session, model, query), _held(session, model, true() if only is None else only))


def _held(session: Session, model: type[Any], only: ColumnElement[bool]) -> Rows:
    return _rows(session, model, select(table_of(model)).where(only))


def _unlike(model: type[Any], expected: Rows, actual: Rows) -> Iterator[str]:
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
