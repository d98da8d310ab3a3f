"""Counts that are sums of other counts: what they must be, as queries on the roll-up and the cube."""

from itertools import product
from typing import Any

from sqlalchemy import ColumnElement, Double, Select, cast, func, literal, select, true, union_all

from core.storage.count_tables import (
    ANY,
    ActiveWeek,
    InterviewRollup,
    LearnerCount,
    LevelWeek,
    ProgrammeCube,
    ScoreCube,
)
from core.storage.facts import SCORES, number_of, sum_of
from core.storage.tables import Cohort
from core.storage.upserts import keys_of

rollup = InterviewRollup
HISTOGRAM = ["n", "total", *(f"h{score}" for score in SCORES)]
SITTINGS = ["started", "finished", "answered", "ungraded", "hints"]


def sums_of(model: type[Any], cohort_id: int) -> Select[Any]:
    """The rows that `model`'s table must hold of one cohort."""
    only = [rollup.cohort_id == cohort_id]
    scored = [ScoreCube.cohort_id == cohort_id]
    if model is LearnerCount:
        return _learners(only)
    if model is LevelWeek:
        return _levels(scored)
    return _active(only) if model is ActiveWeek else _weeks(only, scored)


def _sittings() -> list[ColumnElement[Any]]:
    sums = [sum_of(getattr(rollup, name)).label(name) for name in ("answered", "ungraded", "hints")]
    return [func.count().label("started"), number_of(rollup.finished).label("finished"), *sums]


def _learners(only: list[ColumnElement[bool]]) -> Select[Any]:
    keys = [rollup.cohort_id, rollup.learner_id, rollup.domain, rollup.source, rollup.mode]
    sums = [sum_of(getattr(rollup, name)).label(name) for name in ("n", "total", "level_total")]
    columns: list[Any] = [*keys, *_sittings(), *sums]
    return select(*columns).where(*only).group_by(*keys)


def _levels(only: list[ColumnElement[bool]]) -> Select[Any]:
    keys = [getattr(ScoreCube, name) for name in keys_of(LevelWeek)]
    sums = [sum_of(getattr(ScoreCube, name)).label(name) for name in HISTOGRAM]
    columns: list[Any] = [*keys, *sums]
    return select(*columns).where(*only, ScoreCube.n > 0).group_by(*keys)


def _weeks(of_rollup: list[ColumnElement[bool]], of_cube: list[ColumnElement[bool]]) -> Select[Any]:
    names = ["cohort_id", "week", "domain", "source", "mode"]
    zero = literal(0)
    keys = [getattr(rollup, name) for name in names]
    sat = select(*keys, *_sittings(), *(zero.label(name) for name in [*HISTOGRAM, "level_total"]))
    sat = sat.where(*of_rollup).group_by(*keys)
    keys = [getattr(ScoreCube, name) for name in names]
    scores = [sum_of(getattr(ScoreCube, name)) for name in HISTOGRAM]
    scored = select(*keys, *(zero for _ in SITTINGS), *scores, sum_of(ScoreCube.n * ScoreCube.level))
    scored = scored.where(*of_cube, ScoreCube.n > 0).group_by(*keys)
    each = union_all(sat, scored).subquery().c
    groups = [each[name] for name in names]
    summed = [sum_of(each[name]).label(name) for name in (*SITTINGS, *HISTOGRAM, "level_total")]
    return select(*groups, *summed).where(true()).group_by(*groups)


def _active(only: list[ColumnElement[bool]]) -> Select[Any]:
    parts = []
    for chosen in product((True, False), repeat=3):
        names = ("domain", "source", "mode")
        picked = [getattr(rollup, name) for name, is_chosen in zip(names, chosen, strict=True) if is_chosen]
        shown = [
            (getattr(rollup, name) if is_chosen else literal(ANY)).label(name)
            for name, is_chosen in zip(names, chosen, strict=True)
        ]
        learners = func.count(rollup.learner_id.distinct()).label("learners")
        part = select(rollup.cohort_id, *shown, rollup.week, learners).where(*only)
        parts.append(part.group_by(rollup.cohort_id, *picked, rollup.week))
    return select(union_all(*parts).subquery()).where(true())


def programme_scores(only: ColumnElement[bool]) -> Select[Any]:
    """The rows that `programme_cube` must hold; `only` is a condition on the cohorts."""
    parts = []
    tables: list[tuple[Any, Any]] = [(LevelWeek, literal(ANY)), (ScoreCube, ScoreCube.skill)]
    for table, skill in tables:
        found = {"programme_id": Cohort.programme_id, "skill": skill}
        keys = [(found[name] if name in found else getattr(table, name)).label(name) for name in keys_of(ProgrammeCube)]
        counted = [sum_of(getattr(table, name)).label(name) for name in HISTOGRAM]
        part = select(*keys, *counted).join(Cohort, Cohort.id == table.cohort_id).where(only, table.n > 0)
        parts.append(part.group_by(*keys))
    return select(union_all(*parts).subquery()).where(true())


def trends(only: ColumnElement[bool]) -> Select[Any]:
    """The sums of each learner's estimates by domain and engine; `only` is a condition on the roll-up."""
    keys = [rollup.learner_id, rollup.domain, rollup.source]
    order = (rollup.started_at, rollup.interview_id)
    x = func.row_number().over(partition_by=keys, order_by=order) - 1
    ability, se = cast(rollup.ability, Double), cast(rollup.ability_se, Double)
    known = [rollup.ability.is_not(None), rollup.ability_se > 0]
    each = select(*keys, x.label("x"), ability.label("y"), (1 / (se * se)).label("w")).where(only, *known).subquery().c
    sums = {
        "weight": each.w,
        "weight_x": each.w * each.x,
        "weight_xx": each.w * each.x * each.x,
        "weight_y": each.w * each.y,
        "weight_xy": each.w * each.x * each.y,
        "weight_yy": each.w * each.y * each.y,
    }
    groups = [each.learner_id, each.domain, each.source]
    named = [func.sum(value).label(name) for name, value in sums.items()]
    return select(*groups, func.count().label("sessions"), *named).where(true()).group_by(*groups)
