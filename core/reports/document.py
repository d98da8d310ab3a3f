"""The report of one interview as a document of its own: what every way to take it along or show it is made from."""

import json
import re
import unicodedata
from dataclasses import asdict, dataclass

from core.engines.base import Criterion, Feedback, PointFound
from core.grading.summary import Summary
from core.interview.records import InterviewView, TurnView
from core.interview.report import report_of

FORMAT = "viva.interview.1"
"""What a program that reads the JSON may rely on: fields are added within a number, and changed only with a new one."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One question and what became of it; `graded_by` is the kind of engine, or person; `reason` says why no score is there."""

    number: int
    move: str
    skill: str
    level: int
    question: str
    hints: tuple[str, ...]
    answer: str | None
    skipped: bool
    spoken: bool
    sure: bool | None
    hints_used: int
    score: int | None
    reason: str | None
    graded_by: str | None
    criteria: tuple[Criterion, ...]
    points: tuple[PointFound, ...]
    errors: tuple[tuple[str, str], ...]
    feedback: Feedback | None
    model_answer: str | None


@dataclass(frozen=True, slots=True)
class Document:
    """An interview with its report; `started_at` is ISO 8601 in UTC, `words` are a model's closing words.

    `words_removed_at` says since when what was said is gone: questions and answers are empty then."""

    learner: str
    domain: str
    mode: str
    level: int | None
    started_at: str
    is_sample: bool
    summary: Summary
    words: str | None
    words_removed_at: str | None
    answers: tuple[Answer, ...]

    def as_json(self) -> str:
        """The document as JSON."""
        return json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False, indent=2)

    def file_name(self, ending: str) -> str:
        """A name for its file that every system takes: small letters, digits and hyphens."""
        letters = unicodedata.normalize("NFKD", self.domain).encode("ascii", "ignore").decode().lower()
        slug = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:40] or "interview"
        return f"viva-{slug}-{self.started_at[:10]}.{ending}"


def document_of(view: InterviewView, learner: str) -> Document:
    """The document of an interview, in which nothing stands that its report does not show."""
    return Document(
        learner=learner,
        domain=view.domain_name,
        mode=view.mode.value,
        level=view.level,
        started_at=view.started_at.isoformat(timespec="seconds"),
        is_sample=view.is_sample,
        summary=report_of(view),
        words=view.words,
        words_removed_at=view.words_removed_at.isoformat(timespec="seconds") if view.words_removed_at else None,
        answers=tuple(_answer(turn) for turn in view.answered),
    )


def _answer(turn: TurnView) -> Answer:
    grade = turn.grade
    graded = grade if grade is not None and grade.score is not None else None
    return Answer(
        number=turn.number,
        move=turn.move.value,
        skill=turn.skill_name,
        level=turn.level,
        question=turn.message,
        hints=turn.hints,
        answer=turn.answer,
        skipped=turn.skipped,
        spoken=turn.input_mode == "voice",
        sure=turn.sure,
        hints_used=turn.hints_seen,
        score=graded.score if graded else None,
        reason=turn.ungraded,
        graded_by=turn.source if graded else None,
        criteria=graded.criteria if graded else (),
        points=graded.points if graded else (),
        errors=graded.errors if graded else (),
        feedback=graded.feedback if graded else None,
        model_answer=turn.model_answer,
    )
