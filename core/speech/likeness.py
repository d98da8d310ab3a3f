"""How alike two pronunciations sound: an edit distance in which sounds that are easily taken for each other cost little."""

from functools import lru_cache
from itertools import combinations

from core.speech.phones import CODE

_VOWELS = "AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW".split()
_WEAK = {"AH": 0.35, "IH": 0.4, "HH": 0.45, "T": 0.65, "D": 0.65, "R": 0.65, "Y": 0.5, "W": 0.6, "S": 0.75, "Z": 0.75}
"""What it costs to drop a sound that is often swallowed; other vowels cost .55, other consonants .85."""
# (how close, sounds that are taken for each other at that cost)
_NEAR = (
    (0.2, "P B|T D|K G|F V|S Z|SH ZH|CH JH|TH DH"),
    (0.35, "M N NG|IY IH|IH EH|EH AE|AA AO AH|AH UH|UH UW|IH AH|EH AH|AE AH|AO OW|ER AH|ER UH|OW AH|EY EH|AY AA|UW Y|IY Y|AW AA"),
    (0.5, "P T K|B D G|F TH S SH|V DH Z ZH|T CH|D JH|SH CH|ZH JH|L R W|R ER|F P|V B|TH T|DH D|S TS|K HH|W UW|L OW|D N|B M|L N"),
    (0.6, "P F|B W|S CH|Z JH|T S|D Z|G JH|K CH|G NG|K NG"),
)  # fmt: skip
_VOWEL_FOR_VOWEL, _CONSONANT_FOR_CONSONANT, _OTHER = 0.5, 0.85, 1.2
_CLASSES = "P B|F V|M|T D|S Z TH DH|N NG|L R|K G|SH ZH CH JH|W Y|HH|IY IH EY EH AE|AA AO AH OW AY AW OY|UH UW ER".split(
    "|"
)


def _weights() -> dict[str, float]:
    return {symbol: _WEAK.get(phone, 0.55 if phone in _VOWELS else 0.85) for phone, symbol in CODE.items()}


def _substitutions() -> dict[str, float]:
    """Cost of hearing the second phone of a pair of symbols for the first."""
    costs = {}
    vowels = {CODE[phone] for phone in _VOWELS}
    for a in CODE.values():
        for b in CODE.values():
            both, none = a in vowels and b in vowels, a not in vowels and b not in vowels
            costs[a + b] = 0.0 if a == b else _VOWEL_FOR_VOWEL if both else _CONSONANT_FOR_CONSONANT if none else _OTHER
    for cost, groups in reversed(_NEAR):
        for group in groups.split("|"):
            for a, b in combinations([CODE[phone] for phone in group.split() if phone in CODE], 2):
                costs[a + b] = costs[b + a] = cost
    return costs


_WEIGHT = _weights()
_COST = _substitutions()
_COARSE = str.maketrans(
    {CODE[phone]: chr(ord("a") + number) for number, group in enumerate(_CLASSES) for phone in group.split()}
)


def coarse(pronunciation: str) -> str:
    """The pronunciation with one symbol for each class of sounds: what two that are alike mostly share."""
    return pronunciation.translate(_COARSE)


def weight(pronunciation: str) -> float:
    return sum(map(_WEIGHT.__getitem__, pronunciation))


@lru_cache(maxsize=50_000)
def likeness(a: str, b: str) -> float:
    """From 0 (nothing in common) to 1 (the same sounds)."""
    whole = max(weight(a), weight(b))
    return max(0.0, 1 - _distance(a, b) / whole) if whole else 0.0


def _distance(a: str, b: str) -> float:
    row = [0.0]
    for y in b:
        row.append(row[-1] + _WEIGHT[y])
    for x in a:
        drop = _WEIGHT[x]
        diagonal = row[0]
        left = row[0] = diagonal + drop
        for at, y in enumerate(b, 1):
            best = diagonal + _COST[x + y]
            diagonal = row[at]
            if diagonal + drop < best:
                best = diagonal + drop
            left += _WEIGHT[y]
            if left < best:
                best = left
            row[at] = left = best
    return row[-1]
