"""Where an answer's evidence stands in it: the answer cut into pieces, each with what its words were found to be."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from core.engines.base import Grade

WEIGHT = {"partial": 1, "met": 2, "contradicted": 3}
"""Which status a word has that two quotes share: the heavier."""

_ALIKE = ('"“”„', "'‘’", "-–—‑")
"""Letters that a quote may carry in each other's place."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the answer; `status` is met, partial or contradicted where a quote covers it, None elsewhere."""

    text: str
    status: str | None = None


def pieces(answer: str, grade: Grade | None) -> list[Piece]:
    """The answer in pieces, which put together are the answer again; wrong statements count as contradicted."""
    spans = [
        (found.start(), found.end(), WEIGHT[status])
        for quote, status in (_quotes(grade) if grade else ())
        if (found := _place(quote, answer))
    ]
    names = {0: None, **{weight: status for status, weight in WEIGHT.items()}}
    borders = sorted({0, len(answer), *(place for start, end, _ in spans for place in (start, end))})
    cut: list[Piece] = []
    for start, end in pairwise(borders):
        status = names[max((weight for a, b, weight in spans if a <= start and end <= b), default=0)]
        if cut and cut[-1].status == status:
            cut[-1] = Piece(cut[-1].text + answer[start:end], status)
        else:
            cut.append(Piece(answer[start:end], status))
    return cut


def _quotes(grade: Grade) -> Iterator[tuple[str, str]]:
    for point in grade.points:
        if point.status in WEIGHT:
            yield point.quote, point.status
    for quote, _ in grade.errors:
        yield quote, "contradicted"


def _place(quote: str, answer: str) -> re.Match[str] | None:
    """The first place of the quote in the answer, in whole words; as core.grading.evidence compares them."""
    words = unicodedata.normalize("NFC", quote).strip(" .\"'\n").split()
    if not words:
        return None
    wanted = r"\s+".join("".join(_letter(letter) for letter in word) for word in words)
    return re.search(rf"(?<!\w){wanted}(?!\w)", answer, re.IGNORECASE)


def _letter(letter: str) -> str:
    if letter == "…":
        return r"(?:…|\.\.\.)"
    alike = next((group for group in _ALIKE if letter in group), letter)
    return f"[{re.escape(alike)}]" if len(alike) > 1 else re.escape(letter)
