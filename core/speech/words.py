"""The words of a transcript as the term corrector compares them: where they stand, their plain form, how common they are."""

import gzip
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import distribution
from pathlib import Path

from core.speech.phones import is_pronounced

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*[+#]*")
_INSIDE = re.compile(r"[ \t]*[-–—_/&]?[ \t]*|\.")
"""What may stand between two words of one term; "Node.js" has a full stop with no space after it."""
_SENTENCE_END = re.compile(r"[.!?:\n][\"'”’)\]]*\s*$")
_ENDING = re.compile(r"(?<=..)(?:s|es|ed|ing|in|ly|eth|est|edst|ness|less|able)$")
NUMBER = 5.0
_EVERYDAY = 3_000
"""So often in a billion words is a part of three letters said, or what is beside it, in a compound such as redtape."""
_FREQUENCIES = "spellchecker/resources/en.json.gz"
_NUMBERS = {
    word: str(value)
    for value, word in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
}
_TO_AMERICAN = (
    (re.compile(r"(?<=[a-z]{3})is(e|ed|er|es|ing|ation|ations)$"), r"iz\1"),
    (re.compile(r"(?<=[a-z]{3})our(s|ed|ing|al|ally|able|ful|ably)?$"), r"or\1"),
    (re.compile(r"(?<=[a-z]{3})tre(s)?$"), r"ter\1"),
    (re.compile(r"(?<=[cft]en)ce(s)?$"), r"se\1"),
    (re.compile(r"(?<=[a-z]{2})ll(ed|ing|er|ers)$"), r"l\1"),
)
FUNCTION_WORDS = frozenset(
    """a about after all also am an and any are as at be because been before being but by can could did do does doing
    down for from had has have having he her here him his how i if in into is it its just let like me more most my no
    not now of off on only or our out over own really she should so some such than that the their them then there these
    they this those through to too under until up us very was we well were what when where which while who why will
    with would you your um uh er okay yeah yes i'm it's that's we're you're i've we've don't there's let's they're i'll
    we'll he's she's what's i'd didn't doesn't isn't can't won't wasn't""".split()
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text, `text[start:end]`: as written, in its plain form, and whether it begins a sentence.

    `joined` says that it may be one term with the word before it: no comma or full stop stands between them.
    """

    written: str
    plain: str
    start: int
    end: int
    opens: bool
    joined: bool
    is_function_word: bool


def tokenise(text: str) -> list[Token]:
    """The words of a text in order."""
    tokens: list[Token] = []
    end = 0
    for match in _TOKEN.finditer(text):
        between = text[end : match.start()]
        opens = not tokens or bool(_SENTENCE_END.search(between))
        joined = bool(tokens) and _INSIDE.fullmatch(between) is not None
        empty = match[0].lower().replace("’", "'") in FUNCTION_WORDS
        tokens.append(Token(match[0], plain(match[0]), *match.span(), opens, joined, empty))
        end = match.end()
    return tokens


def plain(word: str) -> str:
    """A word in the form in which spellings of it agree: small letters, digits for number words, -ize for -ise."""
    word = word.casefold().replace("’", "'")
    return _NUMBERS.get(word) or _TO_AMERICAN[0][0].sub(_TO_AMERICAN[0][1], word.replace("'", ""))


@lru_cache(maxsize=20_000)
def american(word: str) -> str:
    """A word in small letters as Americans spell it, by rule: what two spellings of a word have in common, if not a word."""
    word = word.casefold().replace("’", "'")
    for pattern, spelling in _TO_AMERICAN:
        word = pattern.sub(spelling, word)
    return word


@lru_cache(maxsize=1)
def _frequencies() -> tuple[dict[str, int], float]:
    path = Path(str(distribution("pyspellchecker").locate_file(_FREQUENCIES)))
    counts: dict[str, int] = json.loads(gzip.decompress(path.read_bytes()))
    return counts, sum(counts.values()) / 1e9


@lru_cache(maxsize=20_000)
def commonness(word: str) -> float:
    """How often a word is said in everyday English: log10 of its number in a billion words, 0 for what nobody says.

    1 is a word that is only in the pronouncing dictionary, or a form or compound of known ones, 3 a rare one, 5 an everyday one, 7 is
    "you". The counts come from film subtitles, as pyspellchecker has them.
    """
    word = word.casefold().replace("’", "'").removesuffix("'s").strip("'")
    if word.isdigit():
        return NUMBER
    counts, billions = _frequencies()
    spellings = (word, *(pattern.sub(american, word) for pattern, american in _TO_AMERICAN))
    if count := max(counts.get(spelling, 0) for spelling in spellings):
        return max(1.0, math.log10(count / billions))
    stem = _ENDING.sub("", word)
    parts = [{stem}, {stem + "e"}, *({word[:at], word[at:]} for at in range(4, len(word) - 3))]
    derived = any(all(counts.get(part, 0) > billions for part in whole) for whole in parts)
    short = ((word[:3], word[3:]), (word[:-3], word[-3:]))
    derived = derived or any(all(counts.get(part, 0) > _EVERYDAY * billions for part in two) for two in short)
    return 1.0 if derived or is_pronounced(word) else 0.0


def is_ordinary(words: Sequence[str]) -> bool:
    """Whether these words are all everyday English: no unknown one, and no letters that only stand for something."""
    return all(word in FUNCTION_WORDS or commonness(word) > (0 if len(word) > 3 else 2.5) for word in words)


def is_slip(word: str) -> bool:
    """Whether an unknown word of some length is one letter away from an everyday one."""
    word = word.casefold()
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    letters = "abcdefghijklmnopqrstuvwxyz"
    near = (
        *(head + tail[1:] for head, tail in cuts if tail),
        *(head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1),
        *(head + letter + tail[1:] for head, tail in cuts if tail for letter in letters),
        *(head + letter + tail for head, tail in cuts for letter in letters),
    )
    counts, billions = _frequencies()
    return len(word) > 5 and any(counts.get(other, 0) > 1000 * billions for other in near)
