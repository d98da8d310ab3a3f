"""Everyday words that stand for each other, from synonyms.txt: one group a line, none of them a field's own term."""

from functools import lru_cache
from pathlib import Path

from core.grading.text import stem

_FILE = Path(__file__).with_name("synonyms.txt")


@lru_cache(maxsize=1)
def _groups() -> dict[str, frozenset[int]]:
    groups: dict[str, set[int]] = {}
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(line for line in lines if line and not line.startswith("#")):
        for word in line.split():
            groups.setdefault(stem(word), set()).add(number)
    return {word: frozenset(numbers) for word, numbers in groups.items()}


def groups_of(word_stem: str) -> frozenset[int]:
    """The numbers of the groups that a stem belongs to; most belong to none."""
    return _groups().get(word_stem, frozenset())
