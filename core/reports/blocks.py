"""A report as a row of blocks, in the order in which it is read: each way to show it only says how a block looks."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from core.interview.model import Move
from core.interview.names import LEVELS, MOVES, SOURCES, model_answer_name
from core.reports.document import Answer, Document

POINTS = {"met": "Said", "partial": "Half said", "missing": "Missing", "contradicted": "Contradicted"}


class Kind(StrEnum):
    TITLE = "title"
    HEADING = "heading"
    ANSWER_HEADING = "answer_heading"
    NOTE = "note"
    TEXT = "text"
    ITEM = "item"
    QUESTION = "question"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of plain text, with what stands before it in bold; an ANSWER brings along the one that it belongs to."""

    kind: Kind
    text: str
    label: str = ""
    of: Answer | None = None


def blocks(document: Document) -> Iterator[Block]:
    """Head and summary first, then every answer."""
    summary = document.summary
    started = dt.datetime.fromisoformat(document.started_at)
    level = f"level {document.level}" if document.level else "level found on the way"
    yield Block(Kind.TITLE, f"{document.domain} interview")
    sample = " · sample data" if document.is_sample else ""
    yield Block(
        Kind.NOTE,
        f"{document.learner} · {started.day} {started:%b %Y, %H:%M} UTC · {document.mode.capitalize()} · {level}{sample}",
    )
    overall = f"{summary.overall:.1f} of 10" if summary.overall is not None else "not graded"
    yield Block(Kind.TEXT, f"{overall} ({summary.how_many})", "Overall score")
    if sources := sorted({SOURCES.get(one.graded_by, one.graded_by) for one in document.answers if one.graded_by}):
        yield Block(Kind.NOTE, "Scores: " + " and ".join(sources))
    if document.words_removed_at:
        yield Block(Kind.NOTE, f"What was said was removed on {document.words_removed_at[:10]}; scores stay.")
    if document.words:
        yield Block(Kind.TEXT, document.words, "In the interviewer's words")
    for label, items in (
        ("Strengths", summary.strengths),
        ("Gaps", summary.gaps),
        ("What to practise next", summary.plan),
    ):
        if items:
            yield Block(Kind.HEADING, label)
            yield from (Block(Kind.ITEM, item) for item in items)
    for answer in document.answers:
        yield from _answer(answer)


def _answer(one: Answer) -> Iterator[Block]:
    yield Block(Kind.ANSWER_HEADING, f"{one.number}. {one.skill}", of=one)
    yield Block(Kind.NOTE, f"{MOVES[Move(one.move)]} · level {one.level}, {LEVELS[one.level].lower()}")
    if one.question:
        yield Block(Kind.QUESTION, one.question)
    yield from (Block(Kind.TEXT, hint, "Hint") for hint in one.hints)
    if one.skipped:
        yield Block(Kind.NOTE, "Skipped")
        return
    if one.answer:
        yield Block(Kind.ANSWER, one.answer, of=one)
    if about := _about(one):
        yield Block(Kind.NOTE, about)
    if one.score is None:
        yield Block(Kind.TEXT, one.reason or "The grade is still on its way.", "Not graded")
        return
    yield Block(Kind.TEXT, f"{one.score} of 10, {SOURCES.get(one.graded_by or '', 'graded')}", "Score")
    yield from _evidence(one)


def _about(one: Answer) -> str:
    """How the answer was given."""
    hints = f"{one.hints_used} hint{'s' if one.hints_used > 1 else ''}" if one.hints_used else ""
    sure = "" if one.sure is None else "sure of it" if one.sure else "unsure of it"
    return " · ".join(part for part in ("spoken" if one.spoken else "", hints, sure) if part).capitalize()


def _evidence(one: Answer) -> Iterator[Block]:
    for criterion in one.criteria:
        why = f": {criterion.rationale}" if criterion.rationale else ""
        yield Block(Kind.ITEM, f"{criterion.level} of 4{why}", criterion.name.capitalize())
    feedback = one.feedback
    if feedback is not None:
        for label, text in (
            ("What worked", feedback.strength),
            ("Comment", feedback.comment),
            ("What is missing", feedback.gap),
            ("Next", feedback.next_step),
            ("In better words", feedback.improved),
        ):
            if text:
                yield Block(Kind.TEXT, text, label)
    for point in one.points:
        quote = f" — “{point.quote}”" if point.quote else ""
        yield Block(Kind.ITEM, f"{point.point}{quote}", POINTS.get(point.status, POINTS["missing"]))
    for quote, correction in one.errors:
        said = f"“{quote}” — " if quote else ""
        yield Block(Kind.ITEM, f"{said}{correction}", "To put right")
    if one.model_answer:
        yield Block(Kind.TEXT, one.model_answer, model_answer_name(Move(one.move)))
