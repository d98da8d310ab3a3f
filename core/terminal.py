"""What the commands share: how they answer, and how they fail."""

import json
from collections.abc import Sequence
from typing import Any


class BadInputError(Exception):
    """What was given can't be used; the message is for the person at the terminal."""


class MissedError(Exception):
    """The work was done, and its result misses a bound; the message says which."""


def emit(value: dict[str, Any]) -> None:
    """Print a JSON object on a line of its own."""
    print(json.dumps(value, ensure_ascii=False), flush=True)


def count_of(of: Sequence[object], name: str) -> str:
    """How many there are, as the beginning of a sentence: "3 rows were"."""
    return f"1 {name} was" if len(of) == 1 else f"{len(of)} {name}s were"
