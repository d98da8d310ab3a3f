"""How words sound: phones by the CMU pronouncing dictionary, by letter names, or by rules where no dictionary helps.

A pronunciation is a short string with one letter a phone (`CODE`), so that comparing two is fast.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib.metadata import distribution
from itertools import islice, product
from pathlib import Path

_DICTIONARY = "speech_recognition/pocketsphinx-data/en-US/pronounciation-dictionary.dict"
_RULES = Path(__file__).with_name("letter_sounds.txt")
_TECHNICAL = Path(__file__).with_name("technical_sounds.txt")
_PHONES = "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH".split()
CODE = {phone: chr(ord("A") + number) for number, phone in enumerate(_PHONES)}
_LETTER_NAMES = (
    "EY|B IY|S IY|D IY|IY|EH F|JH IY|EY CH|AY|JH EY|K EY|EH L|EH M|EH N|OW|P IY|K Y UW|AA R|EH S|T IY|Y UW|V IY|"
    "D AH B AH L Y UW|EH K S|W AY|Z IY"
)
_DIGITS = "zero one two three four five six seven eight nine".split()
_SIGNS = {"+": "plus", "#": "sharp", "&": "and", "@": "at"}
_PIECES = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|[A-Z]|\d|[+#&@]")
_DOUBLED = re.compile(r"([bcdfgklmnprstvz])\1")
MAX_VARIANTS = 4


def code(phones: str) -> str:
    """Phones by name ("P AY") as a pronunciation."""
    return "".join(CODE[phone] for phone in phones.split())


_LETTERS = dict(zip("abcdefghijklmnopqrstuvwxyz", map(code, _LETTER_NAMES.split("|")), strict=True))


@lru_cache(maxsize=1)
def _everyday() -> dict[str, list[str]]:
    """Word -> its phones by name, from the CMU pronouncing dictionary that comes with SpeechRecognition."""
    text = Path(str(distribution("SpeechRecognition").locate_file(_DICTIONARY))).read_text(encoding="utf-8")
    return _gathered(line.partition(" ")[::2] for line in text.splitlines())


@lru_cache(maxsize=1)
def _technical() -> dict[str, list[str]]:
    return _gathered(_lines(_TECHNICAL))


def _gathered(pairs: Iterable[Sequence[str]]) -> dict[str, list[str]]:
    """First words with all that follows them; other pronunciations stand as "word(2)"."""
    found: dict[str, list[str]] = {}
    for word, phones in pairs:
        found.setdefault(word.partition("(")[0], []).append(phones)
    return found


@lru_cache(maxsize=20_000)
def _known(word: str) -> tuple[str, ...]:
    """The pronunciations of a lower-case word: the field's own where it has one, none where no dictionary has it."""
    return tuple(code(phones) for phones in _technical().get(word, _everyday().get(word, [])))


@lru_cache(maxsize=1)
def _rules() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(pattern), code(phones.replace("-", ""))) for pattern, phones in _lines(_RULES)]


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """(first word, the rest) of each line that is no comment."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            first, _, rest = line.partition(" ")
            yield first, rest


def is_pronounced(word: str) -> bool:
    """Whether the dictionary of everyday pronunciations has this lower-case word."""
    return word in _everyday()


@lru_cache(maxsize=20_000)
def pronunciations(written: str) -> tuple[str, ...]:
    """The ways in which a word or a term may be said, likeliest first, at most MAX_VARIANTS; ("",) when it has no letters.

    Capitals tell: "FastAPI" is Fast and A P I.
    """
    pieces = _PIECES.findall(written.replace("'", "").replace("’", ""))
    whole = _known(written.lower().replace("’", "'"))
    if whole and not (written.isupper() and len(written) <= MAX_VARIANTS):
        return whole[:MAX_VARIANTS]
    joined = ("".join(parts) for parts in product(*map(_of_piece, pieces)))
    return tuple(dict.fromkeys(islice(joined, MAX_VARIANTS)))


def spelled(letters: str) -> str:
    """The names of the letters, one after the other."""
    return "".join(_LETTERS.get(letter, "") for letter in letters.lower())


@lru_cache(maxsize=20_000)
def _of_piece(piece: str) -> tuple[str, ...]:
    """A piece of a written word: letters of one kind, a digit or a sign."""
    if piece.isdigit():
        return _known(_DIGITS[int(piece)])[:1]
    if piece in _SIGNS:
        return _known(_SIGNS[piece])[:1]
    word = piece.lower()
    known = _known(word)[:2]
    if len(word) == 1:
        return (spelled(word),)
    if piece.isupper():
        return (spelled(word), *(known or ((by_rule(word),) if _can_be_said(word) else ())))
    if known:
        return tuple(dict.fromkeys((*known, by_rule(word))))
    if parts := _compound(word):
        return ("".join(_known(part)[0] for part in parts), by_rule(word))
    return (by_rule(word),) if _can_be_said(word) else (spelled(word), by_rule(word))


def _can_be_said(word: str) -> bool:
    return bool(re.search(r"[aeiouy]", word)) and not re.search(r"[^aeiouy]{4}", word)


@lru_cache(maxsize=20_000)
def by_rule(word: str) -> str:
    """The likely sound of a lower-case word by its letters."""
    word = _DOUBLED.sub(r"\1", word)
    at, said = 0, ""
    while at < len(word):
        for pattern, phones in _rules():
            if match := pattern.match(word, at):
                said += phones
                at = match.end()
                break
        else:
            at += 1
    return said


def _compound(word: str) -> tuple[str, ...]:
    """The two known words of three letters or more that a written word is made of, if it is: plotlib, typescript."""
    cuts = [at for at in range(3, len(word) - 2) if _known(word[:at]) and _known(word[at:])]
    cut = min(cuts, key=lambda at: abs(len(word) - 2 * at), default=0)
    return (word[:cut], word[cut:]) if cut else ()
