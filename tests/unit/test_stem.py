"""Stems are the same however many answers are graded at once."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.grading.text import stem

WORDS = [
    f"{letter}{ending}{number}ing"
    for letter in "bcdfgh"
    for ending in ("ational", "ousli", "y")
    for number in "abcdefgh"
]


@pytest.fixture
def impatient_threads() -> Iterator[None]:
    """Threads that take turns as often as the interpreter lets them."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("impatient_threads")
def test_threads_stem_the_same_words_alike() -> None:
    fresh = stem.__wrapped__  # remembered stems would hide what the threads do to each other
    alone = [fresh(word) for word in WORDS]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda _: [fresh(word) for word in WORDS], range(16)))
    assert all(stems == alone for stems in together)
