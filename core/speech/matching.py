"""Finds terms in the words of a text: by the forms in which they may be written, and by their sound."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from core.speech.glossary import Entry, Form
from core.speech.likeness import coarse, likeness
from core.speech.phones import MAX_VARIANTS, pronunciations
from core.speech.words import FUNCTION_WORDS, Token, commonness

MAX_FORM_WORDS, MAX_SOUND_WORDS = 6, 5
CUE_WORDS = 10
"""How many words of the same sentence on each side are looked through for a cue."""
COMMON = 3.6
"""From this commonness a single word is not taken for a term by its sound alone."""
APPLY, SUGGEST = 0.74, 0.60
"""How alike a window and a term must be for the term to be put in, and to be offered."""
REAL_WORDS, NAME, SHORT, EDGE = 0.08, 0.06, 0.04, 0.10
"""What is asked on top of windows of real words only, names, short terms, and windows that a function word begins or ends."""
_PHONE_SHARE = 0.65
_COARSE_CUT = 0.5
_INFLECTION = re.compile(r"(?:'?s|es|ed|d|ing|er|ers|ly)?")


@dataclass(frozen=True, slots=True)
class Match:
    """The words first..last-1 of a text are, or may be, a term."""

    first: int
    last: int
    entry: int
    kind: str
    score: float
    sure: bool
    plural: bool = False


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
        self._longest = max((len(key) for key in self._forms), default=0) + 2

    def find(self, tokens: Sequence[Token]) -> Iterator[Match]:
        """Every match; one that is ordinary English with no cue beside it is not sure."""
        for first in range(len(tokens)):
            key = ""
            for last in range(first + 1, min(first + MAX_FORM_WORDS, len(tokens)) + 1):
                if last > first + 1 and not tokens[last - 1].joined:
                    break
                key += tokens[last - 1].plain
                if len(key) > self._longest:
                    break
                if found := self._match(tokens, first, last, key):
                    yield found

    def _match(self, tokens: Sequence[Token], first: int, last: int, key: str) -> Match | None:
        plural = False
        found = self._forms.get(key)
        if found is None and key.endswith("s") and len(key) > 3:
            plural, found = True, self._forms.get(key[:-1])
        if found is None:
            return None
        number, form = found
        sure = not form.cued or self._cued(tokens, first, last, self._entries[number])
        return Match(first, last, number, form.kind, 1.0, sure, plural)

    @staticmethod
    def _cued(tokens: Sequence[Token], first: int, last: int, entry: Entry) -> bool:
        return any(
            token.plain in entry.cues or token.plain.removesuffix("s") in entry.cues
            for token in (*_before(tokens, first), *_after(tokens, last))
        )


class SoundMatcher:
    """Windows of one to five words that sound and read much like a term."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries
        self._sounds = [(sound, number) for number, entry in enumerate(entries) for sound in entry.sounds]
        self._coarse = [coarse(sound) for sound, _ in self._sounds]

    def find(self, tokens: Sequence[Token], taken: Sequence[bool]) -> Iterator[Match]:
        """Matches among the words that are not taken yet, sure ones and ones to offer."""
        windows = list(self._windows(tokens, taken))
        if not windows or not self._sounds:
            return
        said = [_sounds_of(tokens[first:last]) for first, last in windows]
        table = process.cdist(
            [coarse(sounds[0]) for sounds in said],
            self._coarse,
            scorer=Levenshtein.normalized_similarity,
            score_cutoff=_COARSE_CUT,
            dtype=np.float32,
        )
        for row, column in zip(*np.nonzero(table), strict=True):
            first, last = windows[row]
            if found := self._judge(tokens, first, last, said[row], *self._sounds[column]):
                yield found

    @staticmethod
    def _windows(tokens: Sequence[Token], taken: Sequence[bool]) -> Iterator[tuple[int, int]]:
        for first in range(len(tokens)):
            for last in range(first + 1, min(first + MAX_SOUND_WORDS, len(tokens)) + 1):
                if taken[last - 1] or (last > first + 1 and not tokens[last - 1].joined):
                    break
                words = [token.written for token in tokens[first:last]]
                if len(words) == 1 and (words[0].lower() in FUNCTION_WORDS or commonness(words[0]) >= COMMON):
                    continue
                if all(word.lower() in FUNCTION_WORDS for word in words):
                    continue
                yield first, last

    def _judge(
        self, tokens: Sequence[Token], first: int, last: int, said: tuple[str, ...], sound: str, number: int
    ) -> Match | None:
        entry = self._entries[number]
        window = tokens[first:last]
        letters = "".join(token.plain for token in window)
        if len(window) == 1 and _is_inflection(letters, entry):
            return None
        phones = max(likeness(one, sound) for one in said)
        spelling = max(fuzz.ratio(letters, spelling) for spelling in entry.spellings) / 100
        score = _PHONE_SHARE * phones + (1 - _PHONE_SHARE) * spelling
        score -= self._doubts(window, sound)
        if score < SUGGEST or not self._rest_sounds_alike(window, entry, score):
            return None
        return Match(first, last, number, "sound", score, score >= APPLY)

    @staticmethod
    def _doubts(window: Sequence[Token], sound: str) -> float:
        words = [token.written.lower() for token in window]
        doubts = SHORT if len(sound) <= 4 else 0.0
        if all(commonness(word) > 0 for word in words):
            doubts += REAL_WORDS
        if any(
            token.written[0].isupper() and not token.opens and token.written not in ("I", "I'm") for token in window
        ):
            doubts += NAME
        if words[0] in FUNCTION_WORDS or words[-1] in FUNCTION_WORDS:
            doubts += EDGE
        return doubts

    @staticmethod
    def _rest_sounds_alike(window: Sequence[Token], entry: Entry, score: float) -> bool:
        """Whether what is left when the words that both have are struck is alike by itself."""
        theirs = set(entry.words)
        rest = [token for token in window if token.plain not in theirs]
        left = [word for word in entry.words if word not in {token.plain for token in window}]
        if len(rest) == len(window):
            return True
        if not rest or not left:
            return False
        goal = pronunciations(" ".join(left))
        return max(likeness(a, b) for a in _sounds_of(rest) for b in goal) >= SUGGEST


def _before(tokens: Sequence[Token], first: int) -> Iterator[Token]:
    """The words of the same sentence before `first`, CUE_WORDS at most, nearest first."""
    for at in range(first, max(0, first - CUE_WORDS), -1):
        if tokens[at].opens:
            return
        yield tokens[at - 1]


def _after(tokens: Sequence[Token], last: int) -> Iterator[Token]:
    for token in tokens[last : last + CUE_WORDS]:
        if token.opens:
            return
        yield token


def _sounds_of(window: Sequence[Token]) -> tuple[str, ...]:
    ways = product(*(pronunciations(token.written) for token in window))
    return tuple("".join(way) for way in islice(ways, MAX_VARIANTS))


def _is_inflection(letters: str, entry: Entry) -> bool:
    short, long = sorted((letters, "".join(entry.words)), key=len)
    return long.startswith(short) and _INFLECTION.fullmatch(long[len(short) :]) is not None
