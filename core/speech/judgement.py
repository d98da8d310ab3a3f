"""How likely it is that a term was said where something else is written: the evidence for and against, weighed.

The weights are log-odds, found by logistic regression on confusions that people corrected, put into sentences, against
large plain texts and answers in which nothing is misheard.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from core.speech.glossary import RARE
from core.speech.words import Token, commonness

COMMON = 3.6
"""From this commonness a word is an everyday one."""
APPLY, OFFER = 1.4, -3.2
"""The odds from which a term is put in place of what is written, and from which it is offered in an answer of LONG words."""
APPLY_ALONE = -3.5
"""The first where a word or two are all that was said: in an interview they are likely a term."""
LONG, SHORT = 300, 60
"""The fewer words, the fewer are like a term by chance: where there are a tenth of LONG, the bar of an offer is _BRIEF lower, and
in a SHORT answer everyday words are looked at too."""
_BRIEF = 2.5
_NOTHING = -16.2
_SOUND, _SPELLING, _ONSET = 9.6, 8.7, 1.8
_LONG = 9
_NEW = 1.6
"""For a term with a word that everyday English lacks: a recogniser that doesn't know it writes something else."""
_COMMONNESS = -0.5
"""By how much the commonest of the words is commoner than RARE."""
_TALK, _LEAST_TALK, _MOST_TALK = 4.3, -0.3, 0.4
_NEAR_TERM, _CUED, _LIKELY = 1.2, 1.6, 2.0
_CAPITAL, _SENTENCE_START, _LETTERS = -1.6, -0.5, -3.3
"""A capital in mid-sentence is likely a person's or a place's name; few letters, or capitals only, meant as such."""
_AFTER_USE, _AFTER_ARTICLE = 0.8, -0.8
_USE = frozenset(
    """and building built chose deploy deployed import imported install installed know learn learned learnt like of or on
    picked prefer run running through to use used uses using via with write wrote""".split()
)
_ARTICLES = frozenset("a an any each every her his its my no our some that the their these this those your".split())
SLIP = 1.0
"""What is asked on top of an unknown word that may be a slip of the pen in an everyday one."""
_IN_BANK = -1.0
IN_BANK_OFFERED = -2.0
"""For words that the domain's own texts have, on top, where nothing else speaks for the term."""
_FEW_LETTERS = 3


class Kind(Enum):
    """What a window of words is made of; its value is the log-odds that such a window is a term."""

    UNKNOWN = 2.5
    """A word that nobody says every day: a recogniser makes such words of terms that it doesn't know."""
    RARE = -1.1
    COMMON = -2.2
    PHRASE = 0.5
    """Several words, everyday ones among them."""
    EDGED = -1.0
    """The same, beginning or ending with a function word."""


_BREVITY = {Kind.UNKNOWN: -6.6, Kind.RARE: -3.0, Kind.COMMON: -3.0, Kind.PHRASE: 0.0, Kind.EDGED: 0.0}
"""By the number of the term's sounds (_LONG at most): chance meets a short term more often."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a window stands: the word before it, how technical the talk is, whether a term that nobody says every day is
    near, whether the domain's own texts have all its words, and whether it is in an answer of a word or two.
    """

    before: str
    talk: float
    near_term: bool
    in_bank: bool
    alone: bool


@dataclass(frozen=True, slots=True)
class Window:
    """Words that may be a term: the odds that they are any, and the odds from which one is applied.

    A `stubborn` window is only put right where a cue or the question speaks for the term.
    """

    kind: Kind
    odds: float
    apply: float
    stubborn: bool
    edged: bool
    in_bank: bool


def weigh(words: Sequence[Token], setting: Setting) -> Window:
    """What can be told of a window before looking at the terms."""
    kind = kind_of(words)
    odds = _NOTHING + kind.value + _capitals(words)
    odds += _COMMONNESS * max(0.0, max(commonness(token.written) for token in words) - RARE)
    edged = len(words) > 1 and (words[0].is_function_word or words[-1].is_function_word)
    if setting.alone:
        apply = APPLY if setting.in_bank else APPLY_ALONE  # a word of the field may well be the answer
        return Window(kind, odds, apply, False, edged, setting.in_bank)
    odds += _TALK * max(_LEAST_TALK, min(_MOST_TALK, setting.talk)) + _NEAR_TERM * setting.near_term
    odds += _AFTER_USE * (setting.before in _USE) + _AFTER_ARTICLE * (setting.before in _ARTICLES)
    odds += _IN_BANK * setting.in_bank
    stubborn = setting.in_bank or (kind in (Kind.COMMON, Kind.EDGED) and not setting.near_term)
    return Window(kind, odds, APPLY, stubborn, edged, setting.in_bank)


def offer_bar(words: int) -> float:
    """The odds from which a term is offered in a text of so many words."""
    return OFFER - _BRIEF * math.log10(LONG / min(max(words, 1), LONG))


def likeness_odds(sound: float, spelling: float, onset: float) -> float:
    """How much these speak for a term, each from 0 to 1."""
    return _SOUND * sound + _SPELLING * spelling + _ONSET * onset


def term_odds(kind: Kind, phones: int, new: bool, cued: bool, likely: bool) -> float:
    """What is to be said of a term itself, whatever it sounds like."""
    return _BREVITY[kind] / min(phones, _LONG) + _NEW * new + _CUED * cued + _LIKELY * likely


def kind_of(words: Sequence[Token]) -> Kind:
    known = [commonness(token.written) for token in words]
    if len(words) == 1:
        return Kind.UNKNOWN if known[0] == 0 else Kind.COMMON if known[0] >= COMMON else Kind.RARE
    if min(known) == 0 and max(known) < RARE:
        return Kind.UNKNOWN
    edged = min(known) > 0 and (words[0].is_function_word or words[-1].is_function_word)
    return Kind.EDGED if edged else Kind.PHRASE


def _capitals(words: Sequence[Token]) -> float:
    if len(words) == 1 and (len(words[0].plain) <= _FEW_LETTERS or words[0].written.isupper()):
        return _LETTERS
    capitals = [token for token in words if token.written[0].isupper() and token.plain != "i"]
    return min((_SENTENCE_START if token.opens else _CAPITAL for token in capitals), default=0.0)
