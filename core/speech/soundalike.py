"""Finds words of a text that sound and read much like a term, and judges how sure that is."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from core.speech.glossary import RARE, Entry
from core.speech.likeness import coarse, likeness
from core.speech.matching import CUE_WORDS, Match, is_cued, neighbours
from core.speech.phones import MAX_VARIANTS, pronunciations
from core.speech.words import Token, commonness, is_slip

MAX_WORDS = 4
SOUND, SPELLING, ONSET = 0.4, 0.4, 0.2
"""What the likeness of the sounds, of the letters and of the first sound weigh in a score."""
BREVITY, LONG = 1.2, 9
"""The first by the number of phones (LONG at most) is taken off a score: chance meets a short term more often."""
COMMON = 3.6
"""From this commonness a word is an everyday one."""
FRAGMENT_WORDS = 4
"""A text of so few words and no full stop is no sentence but an answer in a word or two, so likely a term."""
NAME, CAPITAL = 0.10, 0.05
"""What is asked on top of a word with a capital in mid-sentence, and at its beginning."""
ACRONYM = 0.3
"""What is asked on top of a few letters, or of all capitals: the recogniser meant letters, and may well be right."""
SLIP = 0.1
"""What is asked on top of an unknown word that may be a slip of the pen in an everyday one."""
_ROUGH, _ROUGH_ALONE, _SLACK = (0.5, 1.05), (0.4, 0.9), 0.2
"""Rough likeness of sound, and of sound and spelling together, under which no closer look is taken, in a sentence and
alone; and by how much the true one may be higher."""
_REST = 0.5
_ROOT, _FEW_LETTERS = 5, 3
_ENDING = re.compile(r"(?:s|e|e?d|e?rs?|es|ing|y|e?ly|al|ally|ion|ions|n|ns|ance|ancing|ment|ous|\+)?")
_NEVER = 9.0


@dataclass(frozen=True, slots=True)
class _Need:
    """The score at which a kind of window is put right: by itself, in technical talk, as all that was said; or offered."""

    apply: float
    technical: float
    alone: float
    offer: float


UNKNOWN = _Need(0.54, 0.50, 0.40, 0.42)
"""A word that nobody says every day: a recogniser makes such words of terms that it doesn't know."""
PHRASE = _Need(0.71, 0.64, 0.46, 0.53)
"""Several words, everyday ones among them."""
EDGED = _Need(_NEVER, 0.66, 0.60, _NEVER)
"""The same, beginning or ending with a function word."""
RARE_WORD = _Need(0.74, 0.60, 0.42, 0.5)
COMMON_WORD = _Need(_NEVER, 0.66, 0.56, _NEVER)
FAMILIAR = 0.1
"""What is asked on top where the term is everyday English itself: a recogniser knows it, and seldom misses it."""
FAMILIAR_WORD = 0.2
"""The same, where a single everyday word is to become another."""
LESS_TO_OFFER = 0.08
"""What is asked less in technical talk, or of all that was said, where the term is only offered."""


class SoundMatcher:
    """Windows of one to four words against every sound and spelling of every term."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries
        sounds = [(coarse(sound), number) for number, entry in enumerate(entries) for sound in entry.sounds]
        self._sounds = [sound for sound, _ in sounds]
        self._owners = np.array([number for _, number in sounds], dtype=np.intp)
        self._cues = frozenset(cue for entry in entries for cue in entry.cues)

    def find(self, tokens: Sequence[Token], taken: Sequence[bool], *, fragment: bool) -> list[Match]:
        """Matches among the words that are not taken yet: sure ones and ones to offer."""
        windows = list(self._windows(tokens, taken, fragment))
        said = [_sounds_of(tokens[first:last]) for first, last in windows]
        kin: set[tuple[int, int]] = set()
        found: list[Match] = []
        letters = ["".join(token.plain for token in tokens[first:last]) for first, last in windows]
        for row, number, sound, spelling in self._promising(
            [sounds[0] for sounds in said], letters, _ROUGH_ALONE if fragment else _ROUGH
        ):
            first, last = windows[row]
            entry = self._entries[number]
            apply, offer = _bars(tokens, first, last, entry, taken, fragment)
            at_most = SOUND * min(1.0, sound + _SLACK) + SPELLING * spelling + ONSET - BREVITY / LONG
            if at_most < offer:
                continue
            if any(_is_same_family(token.plain, entry) for token in tokens[first:last]):
                kin.add((first, last))
            elif _rest_is_alike(tokens[first:last], entry):
                score = max(_score(one, sound, spelling) for one in said[row] for sound in entry.sounds)
                sure = score >= apply and not (last - first == 1 and score < apply + SLIP and is_slip(letters[row]))
                if score >= offer:
                    found.append(Match(first, last, number, "sound", score, sure))
        # a form of one term is no mishearing, neither of that one nor of another
        return [match for match in found if (match.first, match.last) not in kin]

    def _windows(self, tokens: Sequence[Token], taken: Sequence[bool], fragment: bool) -> Iterator[tuple[int, int]]:
        """The (first, last) of all that may be a term, so far as can be told without looking at the terms."""
        cued = [at for at, token in enumerate(tokens) if token.plain in self._cues]
        for first in range(len(tokens)):
            hopeful = fragment or any(abs(at - first) <= CUE_WORDS for at in cued)
            for last in range(first + 1, min(first + MAX_WORDS, len(tokens)) + 1):
                if taken[last - 1] or (last > first + 1 and not tokens[last - 1].joined):
                    break
                if all(token.is_function_word for token in tokens[first:last]):
                    continue
                if hopeful or _need(tokens[first:last]).offer < _NEVER:
                    yield first, last

    def _promising(
        self, said: Sequence[str], letters: Sequence[str], least: tuple[float, float]
    ) -> Iterator[tuple[int, int, float, float]]:
        """The few (window, term, rough likeness of sound, of spelling) that are worth a closer look."""
        if not said or not self._sounds:
            return
        table = process.cdist(
            [coarse(sound) for sound in said],
            self._sounds,
            scorer=Levenshtein.normalized_similarity,
            score_cutoff=least[0],
            dtype=np.float32,
        )
        rows, columns = np.nonzero(table)
        rough: dict[tuple[int, int], float] = {}
        owners = self._owners[columns].tolist()
        for row, number, sound in zip(rows.tolist(), owners, table[rows, columns].tolist(), strict=True):
            if sound > rough.get((row, number), 0.0):
                rough[row, number] = sound
        for (row, number), sound in rough.items():
            spelling = max(fuzz.ratio(letters[row], other) for other in self._entries[number].spellings) / 100
            if sound + spelling >= least[1]:
                yield row, number, sound, spelling


def _sounds_of(window: Sequence[Token]) -> tuple[str, ...]:
    ways = product(*[pronunciations(token.written) for token in window])
    return tuple(map("".join, islice(ways, MAX_VARIANTS)))


def _score(said: str, sound: str, spelling: float) -> float:
    if not said:
        return 0.0
    onset = likeness(said[0], sound[0])
    return SOUND * likeness(said, sound) + SPELLING * spelling + ONSET * onset - BREVITY / min(len(sound), LONG)


def _need(window: Sequence[Token]) -> _Need:
    known = [commonness(token.written) for token in window]
    if len(window) == 1:
        return UNKNOWN if known[0] == 0 else COMMON_WORD if known[0] >= COMMON else RARE_WORD
    if min(known) == 0:
        return UNKNOWN if max(known) < RARE else PHRASE
    return EDGED if window[0].is_function_word or window[-1].is_function_word else PHRASE


def _is_technical(tokens: Sequence[Token], first: int, last: int, taken: Sequence[bool]) -> bool:
    """Whether a term that nobody says every day stands near."""
    return any(taken[at] and commonness(tokens[at].written) < RARE for at in neighbours(tokens, first, last))


def _bars(
    tokens: Sequence[Token], first: int, last: int, entry: Entry, taken: Sequence[bool], fragment: bool
) -> tuple[float, float]:
    """The scores from which the window is put right, and from which the term is offered."""
    window = tokens[first:last]
    need = _need(window)
    doubt = 0.0 if entry.new else FAMILIAR_WORD if need in (RARE_WORD, COMMON_WORD) else FAMILIAR
    if fragment:
        return need.alone + doubt, need.alone + doubt - LESS_TO_OFFER
    doubt += _name_doubt(window)
    if is_cued(tokens, first, last, entry) or (need.apply < _NEVER and _is_technical(tokens, first, last, taken)):
        return need.technical + doubt, need.technical + doubt - LESS_TO_OFFER
    return need.apply + doubt, need.offer + doubt


def _name_doubt(window: Sequence[Token]) -> float:
    """Capitals in mid-sentence are likely a person's or a place's name, and short letter words an acronym."""
    if len(window) == 1 and (len(window[0].plain) <= _FEW_LETTERS or window[0].written.isupper()):
        return ACRONYM
    capitals = [token for token in window if token.written[0].isupper() and token.plain != "i"]
    return max((CAPITAL if token.opens else NAME for token in capitals), default=0.0)


def _rest_is_alike(window: Sequence[Token], entry: Entry) -> bool:
    """Whether what is left when the words that both have are struck sounds alike by itself."""
    heard = [token.plain for token in window]
    rest = [token for token in window if token.plain not in entry.words]
    left = [word for word in entry.words if word not in heard]
    if len(rest) == len(window):
        return True
    if not rest or not left:
        return False
    return max(likeness(a, b) for a in _sounds_of(rest) for b in pronunciations(" ".join(left))) >= _REST


def _is_same_family(letters: str, entry: Entry) -> bool:
    """Whether a word and a term have one root: a form of the term is no mishearing of it."""
    term = "".join(entry.words)
    root = next(
        (at for at, (a, b) in enumerate(zip(letters, term, strict=False)) if a != b), min(len(letters), len(term))
    )
    if root >= _ROOT and root >= 0.75 * min(len(letters), len(term)) and commonness(letters) > 0:
        return True
    return root > 2 and all(_ENDING.fullmatch(word[root:]) for word in (letters, term))
