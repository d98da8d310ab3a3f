"""What became of spoken words."""

from core.speech.changes import MOST_WORDS, Change, changes


def test_the_same_words_have_no_changes() -> None:
    assert changes("warm the pot", "warm  the\npot") == []


def test_words_replaced_left_out_and_put_in() -> None:
    assert changes("um use pie torch here", "use PyTorch right here") == [
        Change("um", ""),
        Change("pie torch", "PyTorch right"),
    ]


def test_everything_can_be_new() -> None:
    assert changes("", "All typed.") == [Change("", "All typed.")]


def test_texts_beyond_reason_are_not_compared() -> None:
    assert changes("word " * (MOST_WORDS + 1), "word") is None
