"""Interviews made up for tests: what pages and reports are drawn from, without a database."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from core.engines.base import Criterion, Grade, PointFound
from core.interview.model import Mode, Move, Phase
from core.interview.opinions import GradeView, Opinions
from core.interview.records import InterviewView, TurnView
from tests.hall import START


def grade(
    score: int = 5, levels: dict[str, int] | None = None, points: dict[str, str] | None = None, **changes: Any
) -> Grade:
    criteria = tuple(Criterion(name, level, "", "") for name, level in (levels or {}).items())
    found = tuple(PointFound(point, status, "") for point, status in (points or {}).items())
    return Grade(score, None, "e", "m", "", criteria=criteria, points=found, **changes)


def turn(number: int, question_id: str | None, given: Grade | None = None, **changes: Any) -> TurnView:
    view = GradeView(given, changes.pop("source", "offline"), None, START) if given else None
    values: dict[str, Any] = {
        "number": number, "move": Move.NEW_TOPIC, "rung": 0, "skill": "s", "skill_name": "S", "level": 3,
        "question_id": question_id, "message": "Why?", "answer": "So.", "skipped": False, "draft": "", "hints": (),
        "hints_seen": 0, "hints_left": 0, "input_mode": "text", "heard": None, "corrected": None, "sure": None,
        "opinions": Opinions(current=view, machine=view), "grading": None, "model_answer": None, "delivery": None,
    }  # fmt: skip
    return TurnView(**{**values, **changes})


def interview(turns: Sequence[TurnView], **changes: Any) -> InterviewView:
    values: dict[str, Any] = {
        "id": 1, "public_id": "p", "learner_id": 1, "domain": "tiny", "domain_name": "Tiny", "level": 4,
        "mode": Mode.MOCK, "limit": 10, "phase": Phase.FINISHED, "end_reason": None, "engine": "offline",
        "started_at": START, "finished_at": START + dt.timedelta(1), "deadline": None, "is_sample": False,
        "turns": tuple(turns), "asking": None, "words": None, "writing": None, "words_removed_at": None, "again_of": None,
    }  # fmt: skip
    return InterviewView(**{**values, **changes})
