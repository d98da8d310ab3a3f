"""The offline grader: how much of the key points or the reference an answer says, by its words alone.

Its scores are estimates (± 2). Nothing in it is fitted to human grades, because those are lenient and would give an
empty answer 5: no evidence stays at 1.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import sqrt

from core.engines.base import Criterion, Grade, GradeTask, KeyPoint, PointFound
from core.grading import behavioural, feedback, guards, rubric
from core.grading.injection import strike
from core.grading.matching import (
    Answer,
    Idf,
    chunks_saying,
    coverage,
    coverage_anywhere,
    even,
    idf_of,
    order_recall,
    order_share,
    phrase,
)
from core.grading.points import Finding, find, misconceptions_in, points_of
from core.grading.text import content_stems, sentences, tokenise

ENGINE, MODEL = "offline", "lexical-1"

_NOISE, _FULL = 0.33, 0.75
"""Of an authored point's words: what any answer on the subject shares by chance, and what says it in full."""
_ENOUGH = 0.65
"""Of a text that has one wording only: what a full answer in the learner's own words shares."""
_RELEVANT = 0.45
_SAID_AGAIN = 0.9
"""Of an answer's words in their order: what it shares with the one before when it only says that again."""
_SPOKEN_TO, _SENTENCES, _SHARED = 3.0, 20, 3
"""The least for the answer to a follow-up of so many words that has so many of the question's and the reference's: the
bank has no wording for what a follow-up asks, so that hardly a point is found is less telling there."""
_BESIDE = 2.0
"""Under this estimate an answer may have been to another question."""
_PROSE = 60  # words of reference from which an answer in sentences is expected


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer with what was found in it."""

    task: GradeTask
    answer: Answer
    expected: str
    found: list[Finding]
    errors: tuple[tuple[str, str], ...]

    @property
    def covered(self) -> float:
        """The weighted share of the key points that was said, from 0 to 1."""
        total = sum(item.point.weight for item in self.found)
        share = sum(item.point.weight * _credit(item) for item in self.found) / total if total else 0.0
        if not self.task.before:
            return share
        # A follow-up asks for one thing that was left out, not for all of them.
        return 0.7 * max(map(_credit, self.found), default=0.0) + 0.3 * share


class LexicalGrader:
    """Grades without a model or a network; implements base.Grader."""

    name = ENGINE
    model = MODEL
    prompt_digest = ""

    def __init__(self, idf: Idf | None = None) -> None:
        self._idf = idf or even

    @classmethod
    def for_domain(cls, texts: Iterable[str]) -> "LexicalGrader":
        """A grader that weighs words by how rare they are in the texts (questions, key points, model answers)."""
        return cls(idf_of(texts))

    def grade(self, task: GradeTask) -> Grade:
        """The estimated grade; it always has a score."""
        task = replace(task, key_points=self._still_open(task))
        expected = " ".join([task.reference, *(point.point for point in task.key_points)])
        clean, struck = strike(task.answer, f"{task.question} {expected}")
        task = replace(task, answer=clean)
        flags = ["injection"] if struck else []
        if reason := guards.nothing_said(clean, task.question, expected, struck):
            return nothing_to_grade(task, reason, (*flags, "nothing said"), ENGINE, MODEL)
        reading = self._read(task, expected)
        caps = self._caps(reading)
        estimate = 1 + 9 * self._share(reading)
        if any(order_share(reading.answer, said) >= _SAID_AGAIN for said in task.before):
            flags.append(feedback.SAID_BEFORE)
        elif task.before and estimate < _SPOKEN_TO and _speaks_to_the_question(reading):
            estimate = _SPOKEN_TO
            flags.append(feedback.NOT_RECOGNISED)
        estimate = min([estimate, *(cap for cap, _ in caps)])
        flags += [flag for _, flag in caps]
        beside = [feedback.SOMETHING_ELSE] if estimate < _BESIDE and _speaks_of_something_else(reading) else []
        if task.kind == "behavioural":
            flags.append("quality not judged offline")
        return Grade(
            score=rubric.to_score(estimate),
            reason=None,
            engine=ENGINE,
            model=MODEL,
            prompt_digest="",
            criteria=_criteria(reading, estimate, flags),
            points=tuple(PointFound(item.point.point, item.status, item.quote) for item in reading.found),
            errors=reading.errors,
            feedback=feedback.write(task.kind, reading.found, reading.errors, (*flags, *beside)),
            flags=tuple(flags),
            estimate=estimate,
        )

    def _still_open(self, task: GradeTask) -> tuple[KeyPoint, ...]:
        """The key points that earlier answers to the same question left out; all of them when they left out none."""
        if not task.before:
            return task.key_points
        said = find(task.key_points, task.question, Answer(" ".join(task.before)), self._idf)
        return tuple(item.point for item in said if item.status != "met") or task.key_points

    def _read(self, task: GradeTask, expected: str) -> Reading:
        answer = Answer(task.answer)
        found = find(points_of(task), task.question, answer, self._idf)
        stated = tuple(misconceptions_in(task.misconceptions, answer, self._idf))
        turned = tuple((item.quote, item.point.point) for item in found if item.status == "contradicted")
        return Reading(task, answer, expected, found, stated or turned)

    def _share(self, reading: Reading) -> float:
        """How much of a full answer this is, from 0 to 1."""
        task = reading.task
        if task.kind == "behavioural" and task.key_points:
            told = behavioural.checklist(task.answer).share
            # Any story has these parts, so they count only as far as it is the story that was asked for.
            return 0.75 * reading.covered + 0.25 * told * min(1.0, 3 * reading.covered)
        by_reference = self._reference_share(task, reading.answer)
        if not task.key_points:
            return by_reference
        if any(point.accept for point in task.key_points):
            return reading.covered + 0.15 * (1 - reading.covered) * by_reference**2
        return (reading.covered + by_reference) / 2 if task.reference else reading.covered

    def _reference_share(self, task: GradeTask, answer: Answer) -> float:
        """Words of the reference found: sentence by sentence near one another, anywhere, and in the same order.

        The weights, the bound and the root are by hand; order counts mostly where the words are there as well.
        """
        asked = frozenset(content_stems(task.question))
        whole = phrase(task.reference, self._idf, asked)
        parts = [phrase(task.reference[start:end], self._idf, asked) for start, end in sentences(task.reference)]
        near = [coverage(part, answer).share for part in parts if part.weights]
        if not near:
            return 0.0
        close, order = sum(near) / len(near), order_recall(whole, answer)
        mix = 0.4 * close + 0.3 * coverage_anywhere(whole, answer) + 0.3 * sqrt(close * order) + 0.06 * order
        return sqrt(min(1.0, mix / _ENOUGH))

    def _caps(self, reading: Reading) -> list[tuple[float, str]]:
        """The highest score that each guard allows, and the flag that tells of it."""
        task, answer = reading.task, reading.answer
        caps: list[tuple[float, str]] = []
        if guards.gives_up(answer.text, task.question):
            caps.append((2.0, "doesn't know"))
        asked, expected = (guards.telling(tokenise(text)) for text in (task.question, reading.expected))
        if guards.telling(answer.tokens) <= asked and not expected <= asked:
            caps.append((2.4, "nothing beyond the question"))
        if _strung_together(reading):
            caps.append((5.0, "words without sentences"))
        relevant = _relevant(task, answer, self._idf) if len(answer.tokens) > guards.LONG else 1.0
        if guards.looks_padded(answer.tokens, relevant):
            caps.append((6.0, feedback.BESIDE))
        elif guards.repeats_itself(answer.tokens):
            caps.append((6.0, feedback.REPEATS))
        if reading.errors:
            caps.append((5.0 if len(reading.errors) == 1 else 4.0, "wrong part"))
        return caps


def nothing_to_grade(task: GradeTask, reason: str, flags: tuple[str, ...], engine: str, model: str) -> Grade:
    """The lowest grade, for an answer with nothing in it; `reason` tells the learner why."""
    return Grade(
        score=rubric.LOWEST,
        reason=None,
        engine=engine,
        model=model,
        prompt_digest="",
        criteria=tuple(Criterion(name, 0, reason, "") for name in rubric.weights(task.kind)),
        points=tuple(PointFound(point.point, "missing", "") for point in task.key_points),
        feedback=feedback.for_nothing(task, reason),
        flags=flags,
        estimate=float(rubric.LOWEST),
    )


def _credit(item: Finding) -> float:
    """What a key point counts, from 0 to 1: with one wording only, word for word can't be expected."""
    if not item.point.accept:
        return sqrt(min(1.0, item.share / _ENOUGH))
    return min(1.0, max(0.0, (item.share - _NOISE) / (_FULL - _NOISE)))


def _speaks_to_the_question(reading: Reading) -> bool:
    """Whether the answer is sentences on the subject, though hardly a point of it was found."""
    return len(reading.answer.tokens) >= _SENTENCES and _shared(reading) >= _SHARED


def _speaks_of_something_else(reading: Reading) -> bool:
    """Whether the answer is sentences with hardly a word of the question or of what is expected."""
    return len(reading.answer.tokens) >= _SENTENCES and _shared(reading) < _SHARED - 1


def _shared(reading: Reading) -> int:
    """How many telling words of the question and of what is expected the answer has."""
    subject = guards.telling(tokenise(reading.task.question)) | guards.telling(tokenise(reading.expected))
    return len(guards.telling(reading.answer.tokens) & subject)


def _strung_together(reading: Reading) -> bool:
    """Whether the answer is terms without sentences, and sentences could be expected."""
    reference = tokenise(reading.expected)
    answer = reading.answer
    if len(reference) < _PROSE and guards.telegraphic(reference) and not guards.bare_list(answer.tokens):
        return False
    given = {token.stem for token in reference}
    own = [token for token in answer.tokens if token.content and token.stem not in given]
    echo = not own and order_share(answer, reading.expected) < 0.8
    return guards.looks_stuffed(answer.text, answer.tokens, prose=len(reference) >= _PROSE, echo=echo)


def _relevant(task: GradeTask, answer: Answer, idf: Idf) -> float:
    """The share of the answer's words in chunks that say much of some key point or sentence of the reference."""
    asked = frozenset(content_stems(task.question))
    wordings = [text for point in task.key_points for text in (point.point, *point.accept)]
    wordings += [task.reference[start:end] for start, end in sentences(task.reference)]
    relevant: set[int] = set()
    for text in wordings:
        relevant |= chunks_saying(phrase(text, idf, asked), answer, _RELEVANT)
    return sum(len(answer.chunks[number]) for number in relevant) / max(1, len(answer.tokens))


def _criteria(reading: Reading, estimate: float, flags: list[str]) -> tuple[Criterion, ...]:
    if reading.task.kind == "behavioural":
        return behavioural.criteria(reading.task.answer)
    found, errors = reading.found, reading.errors
    best = max(found, key=lambda item: item.share, default=None)
    quote = best.quote if best else ""
    correctness = round((estimate - 1) / 9 * rubric.TOP_LEVEL)
    met = sum(item.status == "met" for item in found)
    points = f"point{'' if len(found) == 1 else 's'} of a full answer {'was' if met == 1 else 'were'} heard"
    said = f"{met} of {len(found)} {points}"
    wrong = f", and {len(errors)} wrong part{'s' if len(errors) > 1 else ''}" if errors else ""
    clarity, why = feedback.clarity(reading.answer, flags)
    return (
        Criterion(
            "correctness", min(correctness, 4 - len(errors)), f"{said}{wrong}.", errors[0][0] if errors else quote
        ),
        Criterion("completeness", round(rubric.TOP_LEVEL * reading.covered), f"{said}.", quote),
        Criterion("clarity", clarity, why, quote),
    )
