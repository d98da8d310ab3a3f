"""Finds words of a text that sound and read much like a term, and judges how sure that is."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import islice, product
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from core.speech.field import Field
from core.speech.glossary import RARE, Entry
from core.speech.judgement import (
    IN_BANK_OFFERED,
    OFFER,
    SHORT,
    SLIP,
    Setting,
    Window,
    likeness_odds,
    offer_bar,
    term_odds,
    weigh,
)
from core.speech.likeness import coarse, likeness
from core.speech.matching import Match, is_cued, neighbours
from core.speech.phones import MAX_VARIANTS, pronunciations
from core.speech.words import Token, commonness, is_slip

MAX_WORDS = 4
SOUND, SPELLING, ONSET = 0.4, 0.4, 0.2
"""What the likeness of the sounds, of the letters and of the first sound weigh where windows or terms vie for words."""
BREVITY, LONG = 1.2, 9
"""The first by the number of phones (LONG at most) is taken off: chance meets a short term more often."""
EDGE = 0.06
"""What is taken off when the first or last word is a function word."""
_ROUGH, _ROUGH_BOTH, _SLACK = 0.42, 0.95, 0.15
"""Rough likeness of sound, and of sound and spelling together, under which no closer look is taken; and by how much the
true one may be higher."""
_HOPE = likeness_odds(0.85, 0.85) + 1.4
"""What a term that is much alike brings: a window that this doesn't lift over the bar is hopeless."""
_REST = 0.5
_ROOT = 5
_ENDING = re.compile(
    r"(?:s|e|e?d|e?rs?|es|ing|y|e?ly|al|ally|ion|ions|ations?|n|ns|ance|ancing|ize[ds]?|izing|ment|ous|\+)?"
)
_PREFIX = re.compile(r"un|in|im|ir|non|dis|mis|anti|de|pre|post|sub|over|under")


class _Place(NamedTuple):
    """A window: the words first..last-1, their letters and ways to be said, and what is told of it without the terms.

    `part` are the letters of the term that one of the words is, if any: it may be a part of a longer one.
    """

    first: int
    last: int
    letters: str
    said: tuple[str, ...]
    window: Window
    part: str = ""


class SoundMatcher:
    """Windows of one to four words against every sound and spelling of every term of a field."""

    def __init__(self, entries: Sequence[Entry], field: Field) -> None:
        self._entries, self._field = entries, field
        sounds = [(coarse(sound), number) for number, entry in enumerate(entries) for sound in entry.sounds]
        self._sounds = [sound for sound, _ in sounds]
        self._owners = np.array([number for _, number in sounds], dtype=np.intp)
        self._cued: dict[str, set[int]] = {}
        for number, entry in enumerate(entries):
            for cue in entry.cues:
                self._cued.setdefault(cue, set()).add(number)

    def find(
        self,
        tokens: Sequence[Token],
        taken: Sequence[bool],
        talk: Callable[[int, int], float],
        likely: frozenset[int] = frozenset(),
        *,
        parts: Collection[int] = (),
        alone: bool = False,
    ) -> list[Match]:
        """Matches among the words that are not taken yet: sure ones and ones to offer, of which at most one is doubtful.

        `parts` are taken words that are whole terms: with others they may be a longer one that has the same letters. `talk` tells how technical the words around are, `likely` are the numbers of entries that the question makes likely; `alone` says that little else was said.
        """
        cued = {at for at, token in enumerate(tokens) if token.plain in self._cued}
        backed = frozenset[int]().union(*(self._cued[tokens[at].plain] for at in cued))
        short, bar = alone or len(tokens) <= SHORT, offer_bar(len(tokens))
        stubborn = [True] * len(tokens) if short else _near(tokens, cued)
        places = list(self._places(tokens, taken, talk, bar, parts=parts, alone=alone, stubborn=stubborn))
        kin: set[tuple[int, int]] = set()
        found: list[Match] = []
        doubtful: list[tuple[float, Match]] = []
        for place, number, sound, spelling in self._promising(places, None if short else backed):
            words, window, entry = tokens[place.first : place.last], place.window, self._entries[number]
            if place.part not in entry.letters or place.part == entry.letters or _is_opposite(place.letters, entry):
                continue
            beside = number in backed and is_cued(tokens, place.first, place.last, entry)
            only_offered = window.stubborn and not beside
            if only_offered and not short:
                continue
            odds = (
                window.odds + IN_BANK_OFFERED * only_offered + term_odds(window.kind, entry, beside, number in likely)
            )
            hope = odds + likeness_odds(min(1.0, sound + _SLACK), spelling)
            if hope < bar:
                continue
            if any(_is_same_family(token.plain, entry) for token in words):
                if hope >= OFFER and len(words) == 1:
                    kin.add((place.first, place.last))
            elif _rest_is_alike(words, entry, place.part):
                ways = product(place.said, entry.sounds)
                heard, meant = max(ways, key=lambda way: _score(way[0], way[1], spelling))
                odds += likeness_odds(likeness(heard, meant), spelling)
                if odds >= bar:
                    score = _score(heard, meant, spelling) - EDGE * window.edged
                    sure = odds >= window.apply + SLIP or (odds >= window.apply and not _is_slip(words))
                    sure = sure and not only_offered and (alone or not place.part or _has_rare(words, place.part))
                    match = Match(place.first, place.last, number, "sound", score, sure)
                    if odds >= OFFER:
                        found.append(match)
                    else:
                        doubtful.append((odds, match))
        # a form of one term is no mishearing, neither of that one nor of another
        found = [match for match in found if (match.first, match.last) not in kin]
        doubtful = [(odds, match) for odds, match in doubtful if not _is_any(match, kin, found)]
        return found + [match for _, match in sorted(doubtful, key=lambda one: -one[0])[:1]]

    def _places(
        self,
        tokens: Sequence[Token],
        taken: Sequence[bool],
        talk: Callable[[int, int], float],
        bar: float,
        *,
        parts: Collection[int],
        alone: bool,
        stubborn: Sequence[bool],
    ) -> Iterator[_Place]:
        """All windows that may be a term, so far as can be told without looking at the terms.

        `stubborn` tells of each word whether windows from it on are looked at that the domain's own texts may well say.
        """
        near = _near(tokens, {at for at, token in enumerate(tokens) if taken[at] and commonness(token.written) < RARE})
        known = [self._field.has(token.written) for token in tokens]
        for first in range(len(tokens)):
            for last in range(first + 1, min(first + MAX_WORDS, len(tokens)) + 1):
                if (taken[last - 1] and last - 1 not in parts) or (last > first + 1 and not tokens[last - 1].joined):
                    break
                words = tokens[first:last]
                inside = [tokens[at].plain for at in range(first, last) if at in parts]
                if len(inside) > min(1, len(words) - 1):
                    continue
                barred = not stubborn[first] and all(known[first:last])
                if barred or all(token.is_function_word for token in words):
                    continue
                before = tokens[first - 1].plain if first and tokens[first].joined else ""
                whole = alone and last - first == len(tokens)
                setting = Setting(before, talk(first, last), near[first], known[first:last], whole, *inside)
                window = weigh(words, setting)
                if window.odds + _HOPE < bar:
                    continue
                if (said := _sounds_of(words))[0]:
                    yield _Place(first, last, "".join(token.plain for token in words), said, window, *inside)

    def _promising(
        self, places: Sequence[_Place], backed: Collection[int] | None
    ) -> Iterator[tuple[_Place, int, float, float]]:
        """The few (window, term, rough likeness of sound, of spelling) that are worth a closer look.

        Stubborn windows are only compared with `backed` terms, those with a cue in the text, which is quick.
        """
        for stubborn in (False, True):
            every = backed is None or not stubborn
            columns = (
                np.arange(len(self._sounds)) if every else np.flatnonzero(np.isin(self._owners, list(backed or ())))
            )
            rows = [place for place in places if place.window.stubborn is stubborn]
            if not rows or not len(columns):
                continue
            table = process.cdist(
                [coarse(place.said[0]) for place in rows],
                [self._sounds[column] for column in columns],
                scorer=Levenshtein.normalized_similarity,
                score_cutoff=_ROUGH,
                dtype=np.float32,
            )
            rough: dict[tuple[int, int], float] = {}
            at, of = np.nonzero(table)
            owners = self._owners[columns[of]].tolist()
            for row, number, sound in zip(at.tolist(), owners, table[at, of].tolist(), strict=True):
                if sound > rough.get((row, number), 0.0):
                    rough[row, number] = sound
            for (row, number), sound in rough.items():
                spelling = max(fuzz.ratio(rows[row].letters, other) for other in self._entries[number].spellings) / 100
                if sound + spelling >= _ROUGH_BOTH:
                    yield rows[row], number, sound, spelling


def _near(tokens: Sequence[Token], those: Collection[int]) -> list[bool]:
    """Of each word, whether one of those stands near it in its sentence."""
    near = [False] * len(tokens)
    for at in those:
        for other in neighbours(tokens, at, at + 1):
            near[other] = True
    return near


def _sounds_of(window: Sequence[Token]) -> tuple[str, ...]:
    ways = product(*[pronunciations(token.written) for token in window])
    return tuple(map("".join, islice(ways, MAX_VARIANTS)))


def _is_any(match: Match, kin: Collection[tuple[int, int]], found: Sequence[Match]) -> bool:
    """Whether the words of a match are, or overlap, some that are already settled."""
    return (match.first, match.last) in kin or any(match.meets(one) for one in found)


def _is_slip(words: Sequence[Token]) -> bool:
    return len(words) == 1 and is_slip(words[0].plain)


def _score(said: str, sound: str, spelling: float) -> float:
    if not said:
        return 0.0
    onset = likeness(said[0], sound[0])
    return SOUND * likeness(said, sound) + SPELLING * spelling + ONSET * onset - BREVITY / min(len(sound), LONG)


def _has_rare(words: Sequence[Token], part: str) -> bool:
    return any(commonness(token.written) < RARE for token in words if token.plain != part)


def _rest_is_alike(window: Sequence[Token], entry: Entry, part: str) -> bool:
    """Whether what is left when the words, or the part of one, that both have are struck sounds alike by itself."""
    heard = [token.plain for token in window]
    rest = [token for token in window if token.plain not in (*entry.words, part)]
    left = [word for word in entry.words if word not in heard]
    if part:
        left = [entry.letters.replace(part, "", 1)]
    if len(rest) == len(window):
        return True
    if not rest or not left:
        return False
    return max(likeness(a, b) for a in _sounds_of(rest) for b in pronunciations(" ".join(left))) >= _REST


def _is_opposite(letters: str, entry: Entry) -> bool:
    """Whether these are the term's letters with a prefix that means something else."""
    return letters.endswith(entry.letters) and _PREFIX.fullmatch(letters.removesuffix(entry.letters)) is not None


def _is_same_family(letters: str, entry: Entry) -> bool:
    """Whether a word and a term have one root: a form of the term is no mishearing of it."""
    term = entry.letters
    root = next(
        (at for at, (a, b) in enumerate(zip(letters, term, strict=False)) if a != b), min(len(letters), len(term))
    )
    if root >= _ROOT and root >= 0.75 * min(len(letters), len(term)) and commonness(letters) > 0:
        return True
    return root > 2 and all(_ENDING.fullmatch(word[root:]) for word in (letters, term))
