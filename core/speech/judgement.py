"""How likely it is that a term was said where something else is written: the evidence for and against, weighed.

The weights are log-odds, found by logistic regression on confusions that people corrected, put into sentences, against
large plain texts and answers in which nothing is misheard.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from core.speech.glossary import RARE, Entry
from core.speech.words import Token, commonness

COMMON = 3.6
"""From this commonness a word is an everyday one."""
APPLY, OFFER = 0.3, -1.2
"""The odds from which a term is put in place of what is written, and from which it is offered in an answer of LONG words."""
APPLY_ALONE = -3.3
"""The first where the words are all that was said: in an interview they are likely a term."""
LONG, SHORT = 300, 60
"""The fewer words, the fewer are like a term by chance: where there are a tenth of LONG, the bar of an offer is _BRIEF lower, and
in a SHORT answer the bank's own words are looked at too."""
_BRIEF = 1.8
_NOTHING = -7.1
_SOUND, _SPELLING = 6.1, 2.1
_LONGEST = 9
_NEW = 0.4
"""For a term with a word that everyday English lacks: a recogniser that doesn't know it writes something else."""
_ACRONYM = -0.9
"""For a term that is written in capitals: it has few sounds, and most are those of any letter."""
_COMMONNESS = -0.65
"""By how much the commonest of the words is commoner than RARE."""
_TALK, _LEAST_TALK, _MOST_TALK = 5.0, -0.5, 0.3
_NEAR_TERM, _CUED, _LIKELY = 0.8, 1.0, 2.0
_CAPITAL, _SENTENCE_START, _LETTERS = -4.5, -1.5, -0.6
"""A capital in mid-sentence is likely a person's or a place's name; few letters, or capitals only, meant as such."""
_AFTER_USE, _AFTER_ARTICLE = 0.5, -0.7
_USE = frozenset(
    """and building built chose deploy deployed import imported install installed know learn learned learnt like of or on
    picked prefer run running through to use used uses using via with write wrote""".split()
)
_ARTICLES = frozenset("a an any each every her his its my no our some that the their these this those your".split())
SLIP = 0.6
"""What is asked on top of an unknown word that may be a slip of the pen in an everyday one."""
_IN_BANK = -0.6
IN_BANK_OFFERED = -1.3
"""For words that the domain's own texts have, on top, where nothing else speaks for the term."""
_FEW_LETTERS = 3


class Kind(Enum):
    """What a window of words is made of; its value is the log-odds that such a window is a term."""

    UNKNOWN = 2.5
    """A word that nobody says every day: a recogniser makes such words of terms that it doesn't know."""
    RARE = -1.0
    COMMON = -1.5
    MIXED = 2.3
    """Several words, one that nobody says every day and an everyday one."""
    PHRASE = 0.2
    """Several words that people say."""
    EDGED = 1.2
    """The same, beginning or ending with a function word."""


_BREVITY = {
    Kind.UNKNOWN: -7.1,
    Kind.RARE: 1.9,
    Kind.COMMON: 5.2,
    Kind.MIXED: 4.9,
    Kind.PHRASE: 4.9,
    Kind.EDGED: 2.0,
}
"""By the number of the term's sounds (_LONGEST at most)."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a window stands: the word before it, how technical the talk is, whether a term that nobody says every day is
    near, which of its words the domain's own texts have, and whether it is all that was said.

    `part` is the word of it that is a term itself, if any.
    """

    before: str
    talk: float
    near_term: bool
    in_bank: Sequence[bool]
    alone: bool
    part: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """Words that may be a term: the odds that they are any, and the odds from which one is applied.

    A `stubborn` window, which the domain's own texts may well say, is only put right where a cue speaks for the term.
    """

    kind: Kind
    odds: float
    apply: float
    stubborn: bool
    edged: bool


def weigh(words: Sequence[Token], setting: Setting) -> Window:
    """What can be told of a window before looking at the terms."""
    said = [max(RARE * own, commonness(token.written)) for token, own in zip(words, setting.in_bank, strict=True)]
    kind = _kind(words, said)
    odds = _NOTHING + kind.value + _capitals(words, setting.part) + _COMMONNESS * max(0.0, max(said) - RARE)
    edged = len(words) > 1 and (words[0].is_function_word or words[-1].is_function_word)
    in_bank = all(setting.in_bank)
    if setting.alone:
        apply = APPLY if in_bank else APPLY_ALONE  # a word of the field may well be the answer
        return Window(kind, odds, apply, False, edged)
    odds += _TALK * max(_LEAST_TALK, min(_MOST_TALK, setting.talk)) + _NEAR_TERM * setting.near_term
    odds += _AFTER_USE * (setting.before in _USE) + _AFTER_ARTICLE * (setting.before in _ARTICLES)
    return Window(kind, odds + _IN_BANK * in_bank, APPLY, in_bank, edged)


def offer_bar(words: int) -> float:
    """The odds from which a term is offered in a text of so many words."""
    return OFFER - _BRIEF * math.log10(LONG / min(max(words, 1), LONG))


def likeness_odds(sound: float, spelling: float) -> float:
    """How much these speak for a term, each from 0 to 1."""
    return _SOUND * sound + _SPELLING * spelling


def term_odds(kind: Kind, entry: Entry, cued: bool, likely: bool) -> float:
    """What is to be said of a term itself, whatever it sounds like."""
    own = _NEW * entry.new + _ACRONYM * entry.term.isupper() + _CUED * cued + _LIKELY * likely
    return _BREVITY[kind] / min(entry.phones, _LONGEST) + own


def _kind(words: Sequence[Token], said: Sequence[float]) -> Kind:
    if len(words) == 1:
        return Kind.UNKNOWN if said[0] == 0 else Kind.COMMON if said[0] >= COMMON else Kind.RARE
    if min(said) == 0:
        return Kind.UNKNOWN if max(said) < RARE else Kind.MIXED
    return Kind.EDGED if words[0].is_function_word or words[-1].is_function_word else Kind.PHRASE


def _capitals(words: Sequence[Token], part: str) -> float:
    if len(words) == 1 and (len(words[0].plain) <= _FEW_LETTERS or words[0].written.isupper()):
        return _LETTERS
    capitals = [token for token in words if token.written[0].isupper() and token.plain not in ("i", part)]
    return min((_SENTENCE_START if token.opens else _CAPITAL for token in capitals), default=0.0)
