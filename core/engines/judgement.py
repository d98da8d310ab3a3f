"""The form in which a model judges a response: evidence first, then levels; checked, and turned into an Assessment."""

import json
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from core.engines.base import Assessment, Criterion, Feedback, GradeTask, PointFound


class Part(BaseModel):
    """Servers are asked for these fields and no others; what a lax one adds is ignored."""

    model_config = ConfigDict(json_schema_extra={"additionalProperties": False})


class PointJudged(Part):
    number: int
    quote: str
    status: Literal["met", "partial", "missing", "contradicted"]


class ErrorFound(Part):
    quote: str
    correction: str


class CriterionJudged(Part):
    quote: str
    rationale: str
    level: Literal[0, 1, 2, 3, 4]  # an enumeration: one real server lets integers leave their bounds


class KnowledgeCriteria(Part):
    correctness: CriterionJudged
    completeness: CriterionJudged
    clarity: CriterionJudged


class BehaviouralCriteria(Part):
    situation: CriterionJudged
    action: CriterionJudged
    result: CriterionJudged
    reflection: CriterionJudged
    communication: CriterionJudged


class FeedbackGiven(Part):
    strength: str
    gap: str
    next_step: str
    improved: str


Criteria = TypeVar("Criteria", bound=Part)


class Judgement(Part, Generic[Criteria]):
    key_points: list[PointJudged]
    errors: list[ErrorFound]
    criteria: Criteria
    feedback: FeedbackGiven
    injection_attempt: bool
    confidence: Literal["high", "medium", "low"]


def form_for(task: GradeTask) -> type[Judgement[Any]]:
    """The form for the kind of question."""
    return Judgement[BehaviouralCriteria] if task.kind == "behavioural" else Judgement[KnowledgeCriteria]


def item(task: GradeTask) -> str:
    """The task as one JSON object, the answer last, for the grader's eyes."""
    shown: dict[str, Any] = {
        "kind": task.kind,
        "domain": task.domain,
        "level": task.level,
        "question": task.question,
        "reference": task.reference,
        "key_points": [
            {
                "number": number,
                "point": point.point,
                "also": list(point.accept),
                "weight": point.weight,
                "must": point.must,
            }
            for number, point in enumerate(task.key_points, 1)
        ],
        "misconceptions": [{"claim": wrong.claim, "correction": wrong.correction} for wrong in task.misconceptions],
        "anchors": dict(task.anchors),
        "said_before": list(task.before),
        "answer": task.answer,
    }
    return json.dumps(shown)  # ASCII: a lone surrogate or a control character in an answer can't break the request


def read(reply: str, task: GradeTask) -> Assessment:
    """The judgement in a reply, from its first brace to its last; raises ValueError with what is wrong."""
    start, end = reply.find("{"), reply.rfind("}")
    if start < 0 or end < start:
        raise ValueError("there is no JSON object in the reply")
    fields = json.loads(reply[start : end + 1], strict=False)  # not strict: some servers put raw line breaks in strings
    judged = form_for(task).model_validate(fields)
    wanted = list(range(1, len(task.key_points) + 1))
    numbers = sorted(point.number for point in judged.key_points)
    if wanted and numbers != wanted:
        raise ValueError(f"key_points must hold each of the numbers 1 to {len(wanted)} once, not {numbers}")
    points = sorted(judged.key_points, key=lambda point: point.number) if wanted else []
    return Assessment(
        points=tuple(
            PointFound(key.point, point.status, point.quote) for key, point in zip(task.key_points, points, strict=True)
        ),
        errors=tuple((error.quote, error.correction) for error in judged.errors),
        criteria=tuple(Criterion(name, part.level, part.rationale, part.quote) for name, part in judged.criteria),
        feedback=Feedback(**judged.feedback.model_dump()),
        confidence=judged.confidence,
        injection=judged.injection_attempt,
    )
