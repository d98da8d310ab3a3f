"""Grading of rows from a file: what `python -m core.cli grade` reads and writes."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from core.engines.base import Grade, Grader, GradeTask, KeyPoint

TEXTS = ("question", "reference_answer", "answer")


def task_of(number: int, row: Any) -> GradeTask:
    """The task in a row {id, question, reference_answer, answer, [key_points], [domain]}; ValueError names what is wrong."""
    if not isinstance(row, Mapping):
        raise ValueError(f"row {number} is not an object with fields")
    if not isinstance(row.get("id"), (str, int)) or isinstance(row["id"], bool):
        raise ValueError(f"row {number}: the field id must be a text or a number")
    for name in TEXTS:
        if not isinstance(row.get(name), str):
            raise ValueError(f"row {number}: the field {name} must be a text")
    points = row.get("key_points") or []
    if not isinstance(points, list):
        raise ValueError(f"row {number}: the field key_points must be a list")
    domain = row.get("domain") or ""
    if not isinstance(domain, str):
        raise ValueError(f"row {number}: the field domain must be a text")
    return GradeTask(
        question=row["question"],
        answer=row["answer"],
        reference=row["reference_answer"],
        key_points=tuple(_key_point(number, point) for point in points),
        domain=domain,
    )


def _key_point(number: int, value: Any) -> KeyPoint:
    if isinstance(value, str) and value.strip():
        return KeyPoint(value)
    if isinstance(value, Mapping) and isinstance(value.get("point"), str) and value["point"].strip():
        accept, weight, must = value.get("accept", []), value.get("weight", 1), value.get("must", False)
        fits = isinstance(accept, list) and all(isinstance(wording, str) for wording in accept)
        heavy = isinstance(weight, (int, float)) and not isinstance(weight, bool) and 0 < weight < math.inf
        if fits and heavy and isinstance(must, bool):
            return KeyPoint(value["point"], tuple(accept), float(weight), must)
    raise ValueError(
        f"row {number}: a key point is a text, or an object with point and, as wished, accept (texts), weight and must"
    )


def grade_rows(rows: Sequence[Any], grader: Grader) -> Iterator[dict[str, Any]]:
    """One result a row, in order; all rows are read before the first is graded, so bad input costs nothing."""
    tasks = [task_of(number, row) for number, row in enumerate(rows, 1)]
    for row, task in zip(rows, tasks, strict=True):
        yield {"id": row["id"], **_result(grader.grade(task))}


def _result(grade: Grade) -> dict[str, Any]:
    return {
        "score": grade.score,
        "reason": grade.reason,
        "criteria": {criterion.name: criterion.level for criterion in grade.criteria},
        "evidence": [{"point": point.point, "status": point.status, "quote": point.quote} for point in grade.points],
        "engine": grade.engine,
        "estimate": None if grade.estimate is None else round(grade.estimate, 2),
        "flags": list(grade.flags),
    }
