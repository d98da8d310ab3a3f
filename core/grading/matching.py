"""How far a text says what a phrase says: weighted words, near-misses, synonyms, and word order where it matters."""

import itertools
import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from core.grading.synonyms import groups_of
from core.grading.text import NEGATIONS, Token, chunks, content_stems, sentences, stem, tokenise

NEAR = 0.8
"""What a synonym or a misspelling of a word counts, where the word itself counts 1."""
_ALIKE = 80  # rapidfuzz ratio of two stems, 0–100
NEGATED = "¬"
"""Stands for any negation, in a phrase that has one."""
_ARTICLES = frozenset({"a", "an", "the"})

Idf = Callable[[str], float]


def idf_of(texts: Iterable[str]) -> Idf:
    """Inverse document frequency of a stem in the texts; stems that are in none of them weigh most."""
    frequency: Counter[str] = Counter()
    count = 0
    for text in texts:
        frequency.update(set(content_stems(text)))
        count += 1

    def idf(word_stem: str) -> float:
        return math.log((count + 1) / (frequency[word_stem] + 0.5))

    return idf


def even(_stem: str) -> float:
    """The weight of a word where no texts are known: all alike."""
    return 1.0


@dataclass(frozen=True, slots=True)
class Match:
    """How much of a phrase was found (0–1), and where in the answer: `text[start:end]`."""

    share: float
    start: int = 0
    end: int = 0


@dataclass(slots=True)
class Answer:
    """An answer made ready to be searched; offsets refer to `text`."""

    text: str
    tokens: Sequence[Token] = field(init=False)
    sentences: list[Sequence[Token]] = field(init=False)
    chunks: list[list[Token]] = field(init=False)
    _places: dict[str, frozenset[int]] = field(init=False)
    _by_initial: dict[str, list[str]] = field(init=False)
    _by_group: dict[int, list[str]] = field(init=False)
    _found: dict[str, dict[int, float]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.tokens = tokenise(self.text)
        starts = [token.start for token in self.tokens]
        spans = sentences(self.text)
        self.sentences = [self.tokens[bisect_left(starts, start) : bisect_left(starts, end)] for start, end in spans]
        self.chunks = chunks(self.text, self.sentences)
        places: dict[str, set[int]] = {}
        for number, chunk in enumerate(self.chunks):
            for token in chunk:
                if token.content or token.negation:
                    places.setdefault(NEGATED if token.negation else token.stem, set()).add(number)
            for one, two in itertools.pairwise(chunk):  # "data set" also answers "dataset"
                places.setdefault(joined(one.word, two.word), set()).add(number)
        self._places = {word: frozenset(numbers) for word, numbers in places.items()}
        self._by_initial, self._by_group = {}, {}
        for word in {token.stem for token in self.tokens if token.content}:
            self._by_initial.setdefault(word[0], []).append(word)
            for group in groups_of(word):
                self._by_group.setdefault(group, []).append(word)

    def found(self, word: str) -> dict[int, float]:
        """In which chunks a stem is found, and what it counts there: 1 for itself, NEAR for something like it."""
        found = self._found.get(word)
        if found is None:
            found = dict.fromkeys(self._places.get(word, ()), 1.0)
            for other in self.like(word):
                for place in self._places[other]:
                    found.setdefault(place, NEAR)
            self._found[word] = found
        return found

    def like(self, word: str) -> set[str]:
        """The answer's own stems that are synonyms or misspellings of a stem."""
        like = {other for group in groups_of(word) for other in self._by_group.get(group, ())}
        return like | {other for other in self._by_initial.get(word[0], ()) if alike(word, other)}


@lru_cache(maxsize=100_000)
def alike(one: str, other: str) -> bool:
    """Whether two stems are probably one word, misspelt or differently inflected."""
    if min(len(one), len(other)) < 4 or one[0].isdigit():
        return False
    return fuzz.ratio(one, other) >= _ALIKE


@lru_cache(maxsize=50_000)
def joined(left: str, right: str) -> str:
    """The stem of two words written as one."""
    return stem(left + right)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase to look for: its weighted content words, and all its words but articles for word order."""

    text: str
    weights: tuple[tuple[str, float], ...]
    order: tuple[str, ...]
    pairs: tuple[tuple[str, str, str], ...]
    negations: int


@lru_cache(maxsize=8192)  # the bank's wordings come again with every answer
def phrase(text: str, idf: Idf, without: frozenset[str] = frozenset()) -> Phrase:
    """A phrase made ready; `without` are stems that prove nothing (the question's), used only if nothing else is left."""
    tokens = tokenise(text)
    content = [token for token in tokens if token.content]
    telling = [token for token in content if token.stem not in without] or content
    weights = [(token.stem, max(idf(token.stem), 0.1)) for token in telling]
    if weights and any(token.negation for token in tokens):
        weights.append((NEGATED, sum(weight for _, weight in weights) / len(weights)))
    return Phrase(
        text=text,
        weights=tuple(weights),
        order=tuple(token.stem for token in in_order(tokens)),
        pairs=tuple((one.stem, two.stem, joined(one.word, two.word)) for one, two in itertools.pairwise(content)),
        negations=count_negations(tokens),
    )


def in_order(tokens: Iterable[Token]) -> list[Token]:
    """All words but articles, whose presence is a matter of style."""
    return [token for token in tokens if token.word not in _ARTICLES]


def count_negations(tokens: Iterable[Token]) -> int:
    return sum(token.word in NEGATIONS for token in tokens)


def coverage(wanted: Phrase, answer: Answer) -> Match:
    """The weighted share of the phrase's content words in the best one or two chunks in a row."""
    total = sum(weight for _, weight in wanted.weights)
    best = Match(0.0)
    if not total:
        return best
    words = _places_of(wanted, answer)
    last = len(answer.chunks) - 1
    for left, right in [(n, n) for n in range(last + 1)] + [(n, n + 1) for n in range(last)]:
        found = sum(weight * max(places.get(left, 0.0), places.get(right, 0.0)) for weight, places in words)
        if found / total > best.share + 1e-9:
            best = Match(found / total, answer.chunks[left][0].start, answer.chunks[right][-1].end)
    return best


def chunks_saying(wanted: Phrase, answer: Answer, share: float) -> set[int]:
    """The numbers of the chunks that by themselves have at least this share of the phrase's content words."""
    words = _places_of(wanted, answer)
    bound = share * sum(weight for weight, _ in words)
    return {
        number
        for number in range(len(answer.chunks))
        if words and sum(weight * places.get(number, 0.0) for weight, places in words) >= bound
    }


def coverage_anywhere(wanted: Phrase, answer: Answer) -> float:
    """The weighted share of the phrase's content words that occur anywhere in the answer."""
    total = sum(weight for _, weight in wanted.weights)
    found = sum(weight * max(places.values(), default=0.0) for weight, places in _places_of(wanted, answer))
    return found / total if total else 0.0


def _places_of(wanted: Phrase, answer: Answer) -> list[tuple[float, dict[int, float]]]:
    """The weight of each content word and the chunks where it is found; "dataset" also answers "data set"."""
    as_one: dict[str, dict[int, float]] = {}
    for one, two, both in wanted.pairs:
        if places := answer._places.get(both):
            as_one[one] = as_one[two] = dict.fromkeys(places, 1.0)
    return [(weight, answer.found(word) | as_one.get(word, {})) for word, weight in wanted.weights]


def order_recall(wanted: Phrase, answer: Answer) -> float:
    """The share of the phrase's words, all but articles, that the answer has in the same order."""
    if not wanted.order:
        return 0.0
    return LCSseq.similarity(wanted.order, [t.stem for t in in_order(answer.tokens)]) / len(wanted.order)


def order_share(answer: Answer, source: str) -> float:
    """The share of the answer's words, all but articles, that the source has in the same order: 1 for a copy."""
    said, given = [t.stem for t in in_order(answer.tokens)], [t.stem for t in in_order(tokenise(source))]
    return LCSseq.similarity(said, given) / max(1, len(said))


def in_sequence(wanted: Phrase, answer: Answer) -> Iterator[tuple[float, list[Token], list[Token]]]:
    """Where a sentence has words of the phrase in its order and about as close: their share, the words from the first
    to the last of them, and the four words before.

    Synonyms and misspellings count as the word itself; what shares less than half is left out.
    """
    same = {other: word for word, _ in wanted.weights for other in answer.like(word)} | {
        w: w for w, _ in wanted.weights
    }
    size = math.ceil(1.4 * len(wanted.order)) + 1
    for sentence in answer.sentences:
        words = in_order(sentence)
        stems = [same.get(token.stem, token.stem) for token in words]
        for start in range(max(1, len(words) - size + 1)):
            window = stems[start : start + size]
            if LCSseq.similarity(wanted.order, window) * 2 < max(1, len(wanted.order)):
                continue
            equal = [op for op in LCSseq.opcodes(wanted.order, window) if op.tag == "equal"]
            share = sum(op.dest_end - op.dest_start for op in equal) / len(wanted.order)
            first, last = start + equal[0].dest_start, start + equal[-1].dest_end
            yield share, words[first:last], words[max(0, first - 4) : first]
