"""Key points and misconceptions: what of them an offline reading of an answer finds."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
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
    r"""
    ^[^.!?]{0,40}\b(?:wrong|not\ true|untrue|isn[’']?t\ true|incorrect|false|not\ right|not\ the\ case
      |(?:is|was|be|as|it[’']?s|that[’']?s)\s+(?:a|the|one)\s+(?:\w+\s+)?(?:mistake|myth|misconception|trap))\b
  | ^\s*[.!?]\s+(?:no,?\s+)?(?:but\s+)?(?:that|this|it)(?:[’']s|\s+is|\s+would\s+be|\s+isn[’']?t)\s+
      (?:\w+\s+)?(?:wrong|true|untrue|incorrect|false|right|mistake|myth|misconception|trap)\b
    """,
    re.IGNORECASE | re.VERBOSE,
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
    """Coverage of the wording; where four content words at most are all it has, its other words and their order count as well.

    Counted any less, they let whoever asks for marks have some.
    """
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
        words = {like for word in wording.order for like in (word, *answer.like(word))}
        for share, stretch, before in _best_apart(in_sequence(wording, answer)):
            if share < SAID:
                continue
            lead = [token for token in before if token.start >= _clause_start(answer.text, stretch[0].start)]
            heard = [*lead[-1:], *stretch]
            nots = _count_nots(heard)
            if count_negations([*lead, *stretch]) == nots:
                surplus = nots - wording.negations
                turned.add(surplus % 2 == 1 and (surplus < 0 or _count_nots(heard, words) > wording.negations))
    return turned == {True}


def _clause_start(text: str, end: int) -> int:
    """Where the clause begins that goes on at `end`: a "not" before that belongs to something else."""
    return max((found.end() for found in _CLAUSE.finditer(text, 0, end)), default=0)


Stretch = tuple[float, list[Token], list[Token]]


def _best_apart(found: Iterable[Stretch]) -> list[Stretch]:
    """Of stretches that overlap, the one that says most in the fewest words.

    In "I said that I wouldn't, and I reported it" it is the second "I" that reports.
    """
    kept: list[Stretch] = []
    for one in sorted(found, key=lambda one: (-one[0], len(one[1]))):
        start, end = one[1][0].start, one[1][-1].end
        if all(end <= other[1][0].start or other[1][-1].end <= start for other in kept):
            kept.append(one)
    return kept


def _count_nots(tokens: Sequence[Token], of: Collection[str] | None = None) -> int:
    """How many times "not" is said; with `of`, only where the next word that says something is one of these stems.

    In "she isn't immune, but has priority" it is not the priority that is denied.
    """
    count, pending = 0, False
    for token in reversed(tokens):
        if token.word in _NOT:
            count += pending or of is None
        elif token.content:
            pending = of is not None and token.stem in of
    return count


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
        if _share_heard(wording, stretch, answer) < 0.85:
            continue
        if count_negations(stretch) % 2 != wording.negations % 2 or _count_nots(before):
            continue
        lead = answer.text[before[0].start : stretch[0].start] if before else ""
        upto, beyond = answer.text[: stretch[0].start], answer.text[stretch[-1].end :]
        if _DENIAL.search(lead) or _DENIED_BEFORE.search(upto) or _DENIED_AFTER.search(beyond):
            continue
        return stretch
    return None


def _share_heard(wording: Phrase, stretch: Sequence[Token], answer: Answer) -> float:
    """The share of the wording's content words in the stretch, each as often as it is said."""
    left = Counter(token.stem for token in stretch)
    wanted = [word for word, _ in wording.weights if word != NEGATED]
    heard = 0
    for word in wanted:
        if found := next((like for like in (word, *answer.like(word)) if left[like]), None):
            left[found] -= 1
            heard += 1
    return heard / len(wanted) if wanted else 1.0
