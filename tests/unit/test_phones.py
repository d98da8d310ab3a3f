"""Sounds of words: from the dictionary, by letter names, by rules; and how alike two sounds are."""

import pytest

from core.speech.likeness import likeness
from core.speech.phones import code, pronunciations


@pytest.mark.parametrize(
    ("written", "phones"),
    [
        ("docker", "D AA K ER"),
        ("FastAPI", "F AE S T EY P IY AY"),
        ("SQL", "EH S K Y UW EH L"),
        ("EC2", "IY S IY T UW"),
        ("C#", "S IY SH AA R P"),
        ("pytest", "P AY T EH S T"),
        ("pydantic", "P AY D AE N T IH K"),
        ("plotlib", "P L AA T L IH B"),
        ("vjs", "V IY JH EY EH S"),
    ],
)
def test_a_word_sounds_as_it_is_said(written: str, phones: str) -> None:
    assert code(phones) in pronunciations(written)


def test_what_has_no_letters_has_no_sound() -> None:
    assert pronunciations("…") == ("",)


def test_the_same_sounds_are_wholly_alike() -> None:
    assert likeness(code("G EH T"), code("G EH T")) == 1.0


def test_sounds_that_are_taken_for_each_other_are_closer_than_others() -> None:
    fast, vast, last = code("F AE S T"), code("V AE S T"), code("K AE S T")
    assert likeness(fast, vast) > likeness(fast, last)


def test_likeness_does_not_depend_on_the_order() -> None:
    one, other = code("D AA K ER"), code("D AA K T ER Z")
    assert likeness(one, other) == pytest.approx(likeness(other, one))


def test_nothing_is_like_silence() -> None:
    assert likeness(code("G EH T"), "") == likeness("", "") == 0.0
