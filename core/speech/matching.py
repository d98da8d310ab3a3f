"""Finds terms in the words of a text by the forms in which they may be written."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from core.speech.glossary import Entry, Form
from core.speech.words import Token, is_ordinary

MAX_WORDS = 6
_PLURAL = re.compile(r"..[^s]s$")
CUE_WORDS = 10
"""How many words of the same sentence on each side are looked through for a cue."""


@dataclass(frozen=True, slots=True)
class Match:
    """The words first..last-1 of a text are, or may be, a term; `plural` if they have an s that it lacks."""

    first: int
    last: int
    entry: int
    kind: str
    score: float
    sure: bool
    plural: bool = False

    @property
    def words(self) -> range:
        """Where its words stand."""
        return range(self.first, self.last)

    def meets(self, other: "Match") -> bool:
        """Whether they share a word."""
        return self.first < other.last and other.first < self.last


class FormMatcher:
    """Exact matches over one to six joined words, spaces, hyphens, capitals, plurals and number words made one."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries
        self._forms: dict[str, tuple[int, Form]] = {}
        for number, entry in enumerate(entries):
            for form in entry.forms:
                key = "".join(form.words)
                known = self._forms.get(key)
                if known is None or (form.kind, form.cued) < (known[1].kind, known[1].cued):
                    self._forms[key] = (number, form)
        self._longest = max(map(len, self._forms), default=0) + 1

    def find(self, tokens: Sequence[Token], talk: Callable[[int, int], float]) -> Iterator[Match]:
        """Every match; one that is ordinary English is not sure with no cue beside it, or in talk of everyday things."""
        for first in range(len(tokens)):
            key = ""
            for last in range(first + 1, min(first + MAX_WORDS, len(tokens)) + 1):
                if last > first + 1 and not tokens[last - 1].joined:
                    break
                key += tokens[last - 1].plain
                if len(key) > self._longest:
                    break
                if found := self._match(tokens, first, last, key, talk):
                    yield found

    def _match(
        self, tokens: Sequence[Token], first: int, last: int, key: str, talk: Callable[[int, int], float]
    ) -> Match | None:
        plural = False
        found = self._forms.get(key)
        if found is None and _PLURAL.search(key) and not tokens[last - 1].written.endswith("S"):
            plural, found = True, self._forms.get(key[:-1])
        if found is None:
            return None
        number, form = found
        words = [token.plain for token in tokens[first:last]]
        if form.kind == "format" and len(words) > len(form.words):  # one word of the term in pieces
            said = [word for word in words if len(word) > 1]  # "in P.M." is no INP, but "I n p" is
            by_chance = any(token.is_function_word for token in tokens[first:last] if len(token.plain) > 1)
            by_chance = by_chance and is_ordinary(said)
        else:
            by_chance = form.cued
        sure = not by_chance or is_cued(tokens, first, last, self._entries[number])
        if sure and form.kind == "alias" and is_ordinary(words):
            sure = talk(first, last) >= 0
        return Match(first, last, number, form.kind, 1.0, sure, plural)


def is_cued(tokens: Sequence[Token], first: int, last: int, entry: Entry) -> bool:
    """Whether one of the term's cues stands near the words, in the same sentence."""
    return any(
        tokens[at].plain in entry.cues or tokens[at].plain.removesuffix("s") in entry.cues
        for at in neighbours(tokens, first, last)
    )


def neighbours(tokens: Sequence[Token], first: int, last: int) -> Iterator[int]:
    """Where the words of the same sentence stand, CUE_WORDS at most on each side."""
    for at in range(first - 1, max(0, first - CUE_WORDS) - 1, -1):
        if tokens[at + 1].opens:
            break
        yield at
    for at in range(last, min(len(tokens), last + CUE_WORDS)):
        if tokens[at].opens:
            break
        yield at
