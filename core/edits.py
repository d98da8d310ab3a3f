"""Edits: texts of prompts and domains that are in use in place of their files."""

from collections.abc import Callable, Mapping
from typing import NamedTuple


class Edit(NamedTuple):
    """The number of a version, unique for its prompt or domain and never given twice, and its text."""

    number: int
    text: str


Edits = Callable[[], Mapping[str, Edit]]
"""Tells, by name, which edits are in use at the moment."""


def no_edits() -> Mapping[str, Edit]:
    return {}
