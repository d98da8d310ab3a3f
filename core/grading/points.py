"""Key points and misconceptions: what of them an offline reading of an answer finds."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.engines.base import GradeTask, KeyPoint, Misconception
from core.grading.matching import (
    NEGATED,
    Answer,
    Idf,
    Match,
    Phrase,
    count_negations,
    coverage,
    in_sequence,
    phrase,
)
from core.grading.text import Token, content_stems, sentences

MET, PARTIAL = 0.6, 0.35
"""The share of a key point's words from which it counts as met, or partly met."""
SAID = 0.8  # the share of a misconception's words, in order, that betrays it
_NOT = ("not", "never", "cannot")
_DENIAL = re.compile(
    r"\b(?:not|never|\w+n['’]t|mistake|myth|wrong(?:ly)?|misconception|misread(?:ing)?|misunderst\w+|rather than|instead of|people|some|"
    r"many|others|tempting|avoid|beware|false(?:ly)?|trap|confus\w+|untrue|incorrect(?:ly)?|contrary|nor|whether|if|would be)\b",
    re.IGNORECASE,
)
_DENIED_BEFORE = re.compile(
    r"(?:(?:\bnot|n['’]t) (?:true|right|correct|the case|think|believe|agree|say|mean)|\b(?:myth|wrong|misconception|untrue|false))\b"
    r"[^.!?;]{0,80}$",
    re.IGNORECASE,
)
_DENIED_AFTER = re.compile(
    r"^[^.!?]{0,40}\b(?:wrong|mistake|myth|not true|untrue|isn[’']?t true|incorrect|false|misconception|trap|not right|not the case)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,.:;!?()–—\n]|\b(?:and|but|so|because|only|just|merely|simply)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Finding:
    """A key point as found: how much of it (0–1), its status, and the learner's words for it, verbatim or empty."""

    point: KeyPoint
    share: float
    status: str
    quote: str


def points_of(task: GradeTask) -> tuple[KeyPoint, ...]:
    """The task's key points; without any, the sentences of its reference answer."""
    if task.key_points:
        return task.key_points
    return tuple(KeyPoint(task.reference[start:end]) for start, end in sentences(task.reference))


def find(points: Iterable[KeyPoint], question: str, answer: Answer, idf: Idf) -> list[Finding]:
    """Each key point with the best match that any of its wordings has in the answer."""
    asked = frozenset(content_stems(question))
    return [
        _finding(point, [phrase(text, idf, asked) for text in (point.point, *point.accept)], answer) for point in points
    ]


def _finding(point: KeyPoint, wordings: list[Phrase], answer: Answer) -> Finding:
    best = max((_match(wording, answer) for wording in wordings), key=lambda match: match.share, default=Match(0.0))
    quote = answer.text[best.start : best.end]
    if best.share < PARTIAL:
        return Finding(point, best.share, "missing", "")
    if _turned_round(wordings, answer):
        return Finding(point, 0.0, "contradicted", quote)
    return Finding(point, best.share, "met" if best.share >= MET else "partial", quote)


def _match(wording: Phrase, answer: Answer) -> Match:
    """Coverage of the wording; where one or two content words are all it has, its other words count as well."""
    match = coverage(wording, answer)
    if len(wording.weights) > 4 or len(wording.order) == len(wording.weights) or not match.share:
        return match
    order = max((share for share, _, _ in in_sequence(wording, answer)), default=0.0)
    return Match((match.share + order) / 2, match.start, match.end)


def _turned_round(wordings: list[Phrase], answer: Answer) -> bool:
    """Whether the answer says a wording almost word for word but for a "not", and nowhere as it is.

    Only "not" and its like turn a statement round so plainly that code can tell; "no", "nobody" and "without" don't.
    """
    turned = set()
    for wording in wordings:
        if len(wording.order) < 4 or wording.negations != sum(wording.order.count(word) for word in _NOT):
            continue
        for share, stretch, before in in_sequence(wording, answer):
            if share < SAID:
                continue
            lead = [token for token in before if token.start >= _clause_start(answer.text, stretch[0].start)]
            nots = _count_nots([*lead[-1:], *stretch])
            if count_negations([*lead, *stretch]) == nots:
                turned.add((nots - wording.negations) % 2 == 1)
    return turned == {True}


def _clause_start(text: str, end: int) -> int:
    """Where the clause begins that goes on at `end`: a "not" before that belongs to something else."""
    return max((found.end() for found in _CLAUSE.finditer(text, 0, end)), default=0)


def _count_nots(tokens: Iterable[Token]) -> int:
    return sum(token.word in _NOT for token in tokens)


def misconceptions_in(misconceptions: Iterable[Misconception], answer: Answer, idf: Idf) -> Iterator[tuple[str, str]]:
    """(the learner's words, the correction) of each misconception that the answer states as its own view."""
    for misconception in misconceptions:
        for text in (misconception.claim, *misconception.accept):
            if stretch := _stated(phrase(text, idf), answer):
                yield answer.text[stretch[0].start : stretch[-1].end], misconception.correction
                break


def _stated(wording: Phrase, answer: Answer) -> list[Token] | None:
    for share, stretch, before in sorted(in_sequence(wording, answer), key=lambda found: -found[0]):
        if share < SAID:
            break
        same = {word for word, _ in wording.weights if word != NEGATED}
        heard = {token.stem for token in stretch}
        if sum(bool(({word} | answer.like(word)) & heard) for word in same) < 0.85 * len(same):
            continue
        if count_negations(stretch) % 2 != wording.negations % 2:
            continue
        lead = answer.text[before[0].start : stretch[0].start] if before else ""
        upto, beyond = answer.text[: stretch[0].start], answer.text[stretch[-1].end :]
        if _DENIAL.search(lead) or _DENIED_BEFORE.search(upto) or _DENIED_AFTER.search(beyond):
            continue
        return stretch
    return None
