"""Words as the offline grader compares them: tokens with their place in the text, stems, sentences, function words."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’ʼ][^\W\d_]+)*(?:\+\+|#)?")
_SENTENCE_END = re.compile(r"(?<=[.!?;…])[\"'”’)\]]*\s+|\n+")
_CLAUSE_END = re.compile(r"[,:;–—()]")
# Speech recognisers may send no full stop at all, so nothing may hang on finding one.
_LONG, _PIECE = 30, 15
_REMEMBERED = 2_000
"""Characters of the longest text whose words are kept in mind."""

NEGATIONS = frozenset("not no never none nothing neither nor without cannot hardly nobody nowhere".split())
FUNCTION_WORDS = NEGATIONS | frozenset(
    """a about above after again against all also although am an and any are as at be because been before being below
    between both but by can could did do does doing done down during each either else ever few for from further had has
    have having he her here hers him his how however i if in into is it its itself just let like may me might mine more
    most much must my myself of off on once only or other ought our ours ourselves out over own per quite rather really
    same shall she should since so some such than that the their theirs them themselves then there these they this those
    though through thus to too under until up upon us very was we well were what whatever when where whether which while
    who whom whose why will with within would yet you your yours yourself actually basically um uh er erm hmm yeah okay
    ok kind sort know mean guess think thing things lot get gets got getting maybe way ways
    one ones another others something anything everything someone somebody anyone many""".split()
)
_NUMBERS = {
    word: str(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
} | {
    word: str(value * 10)
    for value, word in enumerate("thirty forty fifty sixty seventy eighty ninety".split(), start=3)
}
# What a recogniser or a hurried typist writes without the apostrophe.
_NEGATED = frozenset(
    """aint arent cant couldnt didnt doesnt dont hadnt hasnt havent isnt mustnt neednt shouldnt wasnt werent wont
    wouldnt""".split()
)
_TO_AMERICAN = (
    (re.compile(r"(?<=[a-z]{3})is(e|ed|er|es|ing|ation|ations|able)$"), r"iz\1"),
    (re.compile(r"(?<=[a-z]{3})ys(e|ed|er|es|ing)$"), r"yz\1"),
    (re.compile(r"(?<=[a-z]{3})our(s|ed|ing|al|able|ful)?$"), r"or\1"),
    (re.compile(r"(?<=[a-z]{2})ll(ed|ing|er)$"), r"l\1"),
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: its stem, its plain lower-case form, and where it stands (`text[start:end]`)."""

    stem: str
    word: str
    start: int
    end: int

    @property
    def content(self) -> bool:
        """Whether the word says something by itself; negations don't count, they are compared apart."""
        return self.word not in FUNCTION_WORDS

    @property
    def negation(self) -> bool:
        return self.word in NEGATIONS


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The Snowball stem of a lower-case word, British and American spelling and number words made one."""
    if word in _NUMBERS:
        return _NUMBERS[word]
    for pattern, replacement in _TO_AMERICAN:
        word = pattern.sub(replacement, word)
    # A stemmer keeps the word in hand within itself, so threads can't share one; making one costs next to nothing.
    return str(Stemmer.Stemmer("english").stemWord(word))


def tokenise(text: str) -> tuple[Token, ...]:
    """The words of a text in order; "don't" and "dont" count as "not", "it's" as "it"."""
    return _remembered(text) if len(text) <= _REMEMBERED else _tokens(text)


@lru_cache(maxsize=1000)  # a grade reads the question, the answer and the model answer several times over
def _remembered(text: str) -> tuple[Token, ...]:
    return _tokens(text)


def _tokens(text: str) -> tuple[Token, ...]:
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        word = unicodedata.normalize("NFKC", match.group()).casefold().replace("’", "'").replace("ʼ", "'")
        if word.endswith("n't") or word in _NEGATED:
            word = "not"
        word = word.split("'")[0]
        if word[0].isdigit():
            word = word.replace(",", "")
        tokens.append(Token(stem(word), word, *match.span()))
    return tuple(tokens)


def content_stems(text: str) -> list[str]:
    """The stems of the words that say something, in order."""
    return [token.stem for token in tokenise(text) if token.content]


def sentences(text: str) -> list[tuple[int, int]]:
    """Where each sentence (or line) of a text begins and ends, white space left out."""
    spans, start = [], 0
    for match in [*_SENTENCE_END.finditer(text), None]:
        end = match.start() if match else len(text)
        piece = text[start:end]
        if stripped := piece.strip():
            left = start + piece.index(stripped)
            spans.append((left, left + len(stripped)))
        start = match.end() if match else end
    return spans


def chunks(text: str, by_sentence: Iterable[Sequence[Token]]) -> list[list[Token]]:
    """The tokens sentence by sentence; a very long sentence in pieces, at commas where it has any."""
    pieces: list[list[Token]] = []
    for sentence in by_sentence:
        if len(sentence) <= _LONG:
            pieces.append(list(sentence))
            continue
        piece: list[Token] = []
        commas = bool(_CLAUSE_END.search(text[sentence[0].start : sentence[-1].end]))
        for token, following in zip(sentence, [*sentence[1:], None], strict=True):
            piece.append(token)
            gap = text[token.end : following.start] if following else ""
            if len(piece) >= _LONG or (len(piece) >= _PIECE and (_CLAUSE_END.search(gap) or not commas)):
                pieces.append(piece)
                piece = []
        pieces.append(piece)
    return [piece for piece in pieces if piece]
