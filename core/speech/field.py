"""How people of a field talk: which words they use, and how much a stretch of text sounds like them."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.domains import Domain
from core.speech.words import Token, american, commonness

SELDOM = 2.5
"""A word that everyday English says less often than this is taken to be said this often."""
MOST, LEAST = 1.5, -1.0
"""The bounds between which one word speaks for or against talk of the field."""
_OFTEN_ENOUGH = 3
_WORDS_ENOUGH = 20_000
REMEMBERED = 150
"""Words with a weight, about 300 of any kind."""
_DOUBT = 4
"""So many words of no weight are reckoned in, so that one or two words alone tell little."""
NO_WEIGHTS: Mapping[str, float] = {}
_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Talk:
    """How much the words of some stretch say for the talk of a job: the sum of their weights, and their number."""

    weight: float = 0.0
    words: float = 0

    def then(self, later: "Talk") -> "Talk":
        """Both, one after the other: it never counts for more than REMEMBERED words, and what came earlier fades."""
        words = self.words + later.words
        kept = min(1.0, REMEMBERED / words) if words else 1.0
        return Talk(kept * (self.weight + later.weight), kept * words)


NOTHING_SAID = Talk()


class Field:
    """What the texts of a domain tell: which words it has, and how much a stretch of words sounds like answers to
    interview questions, `answers` of any domain, rather than like everyday English.
    """

    def __init__(self, texts: Iterable[str] = (), answers: Mapping[str, float] = NO_WEIGHTS) -> None:
        self._words = {american(word) for text in texts for word in words_of(text)}
        self._weights = answers

    def has(self, word: str) -> bool:
        """Whether the domain's own texts have the word, however it is spelled."""
        return american(word).removesuffix("'s") in self._words

    def talk(self, tokens: Sequence[Token]) -> Talk:
        told = [self._weight(token.written) for token in tokens if not token.is_function_word]
        return Talk(sum(told), len(told))

    def technicality(self, tokens: Sequence[Token], before: Talk = NOTHING_SAID) -> Callable[[int, int], float]:
        """Tells of tokens[first:last] how technical all the other words are: above 0 for the talk of a job.

        `before` was said before these. Without any answers to learn from, every stretch is at 0.
        """
        if not self._weights:
            return lambda first, last: 0.0
        told = [0.0 if token.is_function_word else self._weight(token.written) for token in tokens]
        counted = [not token.is_function_word for token in tokens]
        whole, words = sum(told) + before.weight, sum(counted) + before.words

        def around(first: int, last: int) -> float:
            return (whole - sum(told[first:last])) / (words - sum(counted[first:last]) + _DOUBT)

        return around

    def _weight(self, word: str) -> float:
        known = self._weights.get(word.lower().replace("’", "'"))
        if known is not None:
            return known
        often = commonness(word)
        return max(LEAST, min(0.0, SELDOM - often)) if often else 0.0


EVERY_FIELD = Field()
"""Knows no texts."""


def weights(texts: Iterable[str]) -> dict[str, float]:
    """Of the words that are in these texts more than once or twice, how much each speaks for such a text.

    Nothing is learnt from a few texts.
    """
    counts = Counter(word for text in texts for word in words_of(text))
    whole = sum(counts.values())
    if whole < _WORDS_ENOUGH:
        return {}
    return {
        word: max(-MOST, min(MOST, math.log10(count / whole * 1e9) - max(commonness(word), SELDOM)))
        for word, count in counts.items()
        if count >= _OFTEN_ENOUGH
    }


def words_of(text: str) -> Iterator[str]:
    """The words of a text in small letters."""
    return (word.replace("’", "'") for word in _WORD.findall(text.lower()))


def texts_of(domain: Domain) -> Iterator[str]:
    """What a domain's bank says: its questions, what is expected and the authored answers."""
    for question in domain.questions:
        yield question.text
        yield question.model_answer
        yield from (point.point for point in question.key_points)
        if question.answers:
            yield from question.answers.model_dump().values()
