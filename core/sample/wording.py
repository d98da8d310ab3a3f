"""What is said in the sample interviews, and what the grades say of it."""

import json
from typing import Any

from core.domains import Question

SOURCE, MODEL = "sample", "made up"


class Script:
    """A question with the answers to it and their grades, from the bank's authored ones; made once, for many are asked it.

    Of all scores of a domain's questions, numbered through, that of 1 for this question has the number `first`.
    """

    __slots__ = ("_answers", "_details", "first", "hints", "id", "level", "question", "skill", "text")

    def __init__(self, question: Question, first: int = 0) -> None:
        self.question, self.first = question, first
        self.id, self.skill, self.level, self.text = question.id, question.skill, question.level, question.text
        self.hints = json.dumps([{"rung": 1, "text": question.hints.direction}])
        self._answers = {score: _answer(question, score) for score in (None, *range(1, 11))}
        self._details: dict[int, str] = {}

    def answer(self, score: int | None) -> str:
        """An answer that fits the score, or that nobody graded."""
        return self._answers[score]

    def detail(self, score: int) -> str:
        """The grade's detail as the database keeps it."""
        if score not in self._details:
            self._details[score] = json.dumps(_detail(self.question, self._answers[score], score))
        return self._details[score]

    def missed(self, score: int) -> list[bool]:
        """Whether an answer with this score misses each of the question's key points."""
        met = _met(self.question, score)
        return [place >= met for place in range(len(self.question.key_points))]


def _answer(question: Question, score: int | None) -> str:
    if question.answers is None:
        sentences = question.model_answer.split(". ")
        return ". ".join(sentences[: max(1, round(len(sentences) * (score or 5) / 10))]).rstrip(".") + "."
    kind = "mid" if score is None else "weak" if score <= 4 else "mid" if score <= 7 else "strong"
    return str(getattr(question.answers, kind))


def _met(question: Question, score: int) -> int:
    """How many of the key points an answer with this score brings."""
    return round(len(question.key_points) * max(0, score - 2) / 8)


def _points(question: Question, answer: str, score: int) -> list[dict[str, str]]:
    met = _met(question, score)
    return [
        {"point": entry.point, "status": "met" if place < met else "missing",
         "quote": _quote(answer, entry.point) if place < met else ""}
        for place, entry in enumerate(question.key_points)
    ]  # fmt: skip


def _detail(question: Question, answer: str, score: int) -> dict[str, Any]:
    met = _met(question, score)
    said = [entry.point for entry in question.key_points[:met]]
    lacking = [entry.point for entry in question.key_points[met:]]
    level = min(4, round((score - 1) / 9 * 4))
    names = ("correctness", "completeness", "clarity") if question.kind == "knowledge" else ("situation", "action", "result", "reflection", "communication")  # fmt: skip
    return {
        "engine": SOURCE,
        "criteria": [{"name": name, "level": level, "rationale": "", "quote": ""} for name in names],
        "points": _points(question, answer, score),
        "errors": [],
        "feedback": {
            "strength": f"You brought out this point: “{said[0].rstrip('.')}”." if said else "",
            "gap": f"A point that was not heard: “{lacking[0].rstrip('.')}”." if lacking else "",
            "next_step": "Say the missing point in one sentence and give an example." if lacking else
                         "Try the same topic one level higher.",
            "improved": "",
        },
        "flags": [],
        "estimate": None,
    }  # fmt: skip


def _quote(answer: str, point: str) -> str:
    """The sentence of the answer that shares most words with the point."""
    wanted = set(point.casefold().split())
    sentences = [sentence.strip() for sentence in answer.replace("\n", " ").split(". ") if sentence.strip()]
    return max(sentences, key=lambda sentence: len(wanted & set(sentence.casefold().split())), default="")
