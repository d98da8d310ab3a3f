"""What the counts must be: each count table as a query on interviews, turns and current grades."""

from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, case, cast, func, or_, select, true

from core.interview.model import LEVELS, Mode, Move
from core.storage.count_tables import InterviewRollup, InterviewSkill
from core.storage.feedback_tables import ReplyCount
from core.storage.tables import GradeRow, Interview, Turn

SCORES = range(1, 11)

source = case((GradeRow.source == "person", Interview.engine), else_=GradeRow.source)
"""What a score is counted under: a person's grade takes the place of the engine's."""


def facts_of(model: type[Any], dialect: str, only: ColumnElement[bool] | None = None) -> Select[Any]:
    """The rows that `model`'s table must hold, columns named as in the table; `only` narrows to some interviews."""
    only = true() if only is None else only
    if model is InterviewRollup:
        return _rollup(only, dialect)
    if model is InterviewSkill:
        return _skills(only)
    return _replies(only) if model is ReplyCount else _cube(only)


def is_told() -> ColumnElement[bool]:
    """Whether the learner may see the scores of the roll-up's interview: `keeps_scores` of core.interview.model as a query."""
    return or_(InterviewRollup.finished, InterviewRollup.mode != Mode.MOCK)


def number_of(condition: Any) -> ColumnElement[int]:
    """How many rows meet the condition."""
    return func.count(case((condition, 1)))


def sum_of(value: Any) -> ColumnElement[int]:
    """The sum, 0 of no rows, as an integer on every database."""
    return cast(func.coalesce(func.sum(value), 0), Integer)


def _histogram() -> list[ColumnElement[Any]]:
    return [
        func.count(GradeRow.score).label("n"),
        sum_of(GradeRow.score).label("total"),
        *(number_of(GradeRow.score == score).label(f"h{score}") for score in SCORES),
    ]


def hints_of(dialect: str) -> ColumnElement[int]:
    """How many hints a turn that was answered or skipped had."""
    length = func.json_array_length(Turn.hints) if dialect == "sqlite" else func.json_length(Turn.hints)
    done = Turn.answer.is_not(None) | Turn.skipped
    return case((done, length + case((Turn.move == Move.HINT, 1), else_=0)), else_=0)


def _rollup(only: ColumnElement[bool], dialect: str) -> Select[Any]:
    interview: list[Any] = [
        Interview.cohort_id,
        Interview.week,
        Interview.learner_id,
        Interview.domain,
        Interview.mode,
        Interview.started_at,
    ]
    columns: list[Any] = [
        Interview.id.label("interview_id"),
        *interview,
        Interview.engine.label("source"),
        Interview.finished_at.is_not(None).label("finished"),
        number_of(Turn.answer.is_not(None)).label("answered"),
        number_of(GradeRow.id.is_not(None) & GradeRow.score.is_(None)).label("ungraded"),
        sum_of(hints_of(dialect)).label("hints"),
        sum_of(case((GradeRow.score.is_not(None), Turn.level), else_=0)).label("level_total"),
        *(number_of(GradeRow.score.is_not(None) & (Turn.level == level)).label(f"level{level}") for level in LEVELS),
        *_histogram(),
    ]
    return (
        select(*columns)
        .select_from(Interview)
        .outerjoin(Turn, Turn.interview_id == Interview.id)
        .outerjoin(GradeRow, (GradeRow.turn_id == Turn.id) & GradeRow.is_current)
        .where(only)
        .group_by(Interview.id, *interview, Interview.engine, Interview.finished_at)
    )


def scored(only: ColumnElement[bool], *columns: Any) -> Select[Any]:
    """Current scores with their turn and interview."""
    return (
        select(*columns)
        .select_from(Interview)
        .join(Turn, Turn.interview_id == Interview.id)
        .join(GradeRow, GradeRow.turn_id == Turn.id)
        .where(only, GradeRow.is_current, GradeRow.score.is_not(None))
    )


def _skills(only: ColumnElement[bool]) -> Select[Any]:
    keys = [Interview.learner_id, Interview.id.label("interview_id"), Turn.skill]
    n, total = _histogram()[:2]
    return scored(only, *keys, n, total, sum_of(Turn.level).label("level_total")).group_by(
        Interview.learner_id, Interview.id, Turn.skill
    )


def _cube(only: ColumnElement[bool]) -> Select[Any]:
    keys = [Interview.cohort_id, Interview.week, Interview.domain, Turn.skill, Turn.level]
    return scored(only, *keys, source.label("source"), Interview.mode, *_histogram()).group_by(
        *keys, source, Interview.mode
    )


def _replies(only: ColumnElement[bool]) -> Select[Any]:
    keys: list[Any] = [Interview.week, Turn.engine, Turn.model, Turn.prompt_digest]
    return (
        select(*keys, func.count().label("n"), number_of(Turn.complied.is_(True)).label("kept"))
        .select_from(Interview)
        .join(Turn, Turn.interview_id == Interview.id)
        .where(only, Interview.is_sample.is_(False))
        .group_by(*keys)
    )
