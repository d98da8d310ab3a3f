"""What became of spoken words on their way to the answer: which were replaced, left out or put in."""

from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_WORDS = 3_000
"""Beyond this, comparing word by word costs more than anyone reads."""


@dataclass(frozen=True, slots=True)
class Change:
    """Words `before` that became `after`; one of the two may be empty, never both."""

    before: str
    after: str


def changes(before: str, after: str) -> list[Change] | None:
    """What differs, word by word and in order; None where the texts are too long to compare."""
    old, new = before.split(), after.split()
    if max(len(old), len(new)) > MOST_WORDS:
        return None
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [Change(" ".join(old[a:b]), " ".join(new[c:d])) for kind, a, b, c, d in steps if kind != "equal"]
