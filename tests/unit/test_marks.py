"""Evidence marked in an answer: every quote in its place, and never a letter lost."""

import pytest

from core.engines.base import Grade, PointFound
from core.grading.marks import Piece, pieces


def grade(*points: tuple[str, str], errors: tuple[tuple[str, str], ...] = ()) -> Grade:
    found = tuple(PointFound("p", status, quote) for quote, status in points)
    return Grade(5, None, "e", "m", "", points=found, errors=errors)


def marked(answer: str, given: Grade) -> list[tuple[str, str | None]]:
    cut = pieces(answer, given)
    assert "".join(piece.text for piece in cut) == answer
    return [(piece.text, piece.status) for piece in cut]


def test_an_answer_without_a_grade_is_one_piece() -> None:
    assert pieces("As it is.", None) == [Piece("As it is.")]


def test_an_empty_answer_has_no_pieces() -> None:
    assert pieces("", grade(("tea", "met"))) == []


def test_each_quote_is_marked_where_it_stands() -> None:
    found = marked("Warm the pot, then pour.", grade(("then pour", "partial"), ("Warm the pot", "met")))
    assert found == [("Warm the pot", "met"), (", ", None), ("then pour", "partial"), (".", None)]


def test_a_missing_point_marks_nothing() -> None:
    assert marked("Warm the pot.", grade(("Warm", "missing"))) == [("Warm the pot.", None)]


def test_a_wrong_statement_is_marked_as_contradicted() -> None:
    assert marked("Boil it.", grade(errors=(("Boil it", "Not green tea."),))) == [
        ("Boil it", "contradicted"),
        (".", None),
    ]


def test_words_that_two_quotes_share_have_the_heavier_status() -> None:
    found = marked("one two three", grade(("one two", "met"), ("two three", "contradicted")))
    assert found == [("one ", "met"), ("two three", "contradicted")]


@pytest.mark.parametrize("answer", ["It’s “hot” –\n very", 'IT\'S "HOT" -  VERY'])
def test_white_space_capitals_quotes_and_dashes_may_differ(answer: str) -> None:
    assert marked(answer, grade(("it's “hot” — very", "met"))) == [(answer, "met")]


def test_a_quote_is_found_in_whole_words_only() -> None:
    assert marked("The steam of tea", grade(("tea", "met"))) == [("The steam of ", None), ("tea", "met")]


def test_signs_in_a_quote_are_no_pattern() -> None:
    assert marked("C++ (fast.*)", grade(("C++ (fast.*)", "met"))) == [("C++ (fast.*)", "met")]


def test_a_quote_of_an_earlier_answer_or_of_nothing_marks_nothing() -> None:
    assert marked("Short.", grade(("said before", "met"), ("", "met"), ("...", "partial"))) == [("Short.", None)]


def test_a_very_long_answer_is_marked_too() -> None:
    found = marked("word " * 20_000 + "warm the pot 🫖 שלום", grade(("warm the pot", "met")))
    assert found[1:] == [("warm the pot", "met"), (" 🫖 שלום", None)]
