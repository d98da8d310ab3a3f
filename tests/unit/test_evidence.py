"""Quotes are looked up in the answer; what they don't bear out doesn't count."""

import pytest

from core.engines.base import Assessment, Criterion, Feedback, PointFound
from core.grading.evidence import found_in, verified

ANSWER = "Well — the median doesn’t move much…  The mean\ndoes, as “outliers” pull it."


def assessment(
    points: tuple[PointFound, ...] = (),
    criteria: tuple[Criterion, ...] = (),
    errors: tuple[tuple[str, str], ...] = (),
) -> Assessment:
    return Assessment(points, errors, criteria, Feedback("", "", ""), "high")


@pytest.mark.parametrize(
    "quote",
    [
        ANSWER,
        "the median doesn't move much",
        "THE MEAN does",
        '"outliers" pull it.',
        "'the mean does'",
        "Well - the median",
        "median doesn’t move much...",
    ],
)
def test_case_white_space_and_kinds_of_quotes_and_dashes_make_no_difference(quote: str) -> None:
    assert found_in(quote, ANSWER)


@pytest.mark.parametrize(
    "quote", ["", " ", "…", '""', "the mode", "the median moves much", "the mean pull it", "e", "liers"]
)
def test_what_was_not_said_in_these_words_is_not_found(quote: str) -> None:
    assert not found_in(quote, ANSWER)


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert found_in("cafe\u0301", "In a café.")
    assert found_in("café", "In a cafe\u0301.")


def test_a_quote_in_a_script_without_spaces_is_found() -> None:
    assert found_in("中位数", "我用中位数。")


def test_a_point_met_by_words_that_were_never_said_is_missing() -> None:
    points = (PointFound("robust", "met", "it is robust"), PointFound("moves", "partial", "doesn't move much"))
    checked, flags = verified(assessment(points), ANSWER)
    assert [(point.status, point.quote) for point in checked.points] == [
        ("missing", ""),
        ("partial", "doesn't move much"),
    ]
    assert flags == ["quote not found: robust"]


def test_a_missing_point_needs_no_quote() -> None:
    points = (PointFound("robust", "missing", ""),)
    assert verified(assessment(points), ANSWER) == (assessment(points), [])


def test_a_point_met_before_may_quote_the_earlier_answer() -> None:
    points = (PointFound("sorted", "met", "sort the values"),)
    checked, flags = verified(assessment(points), ANSWER, ("First I sort the values.",))
    assert (checked.points, flags) == (points, [])


def test_a_criterion_is_shown_by_this_answer_alone() -> None:
    criteria = (Criterion("correctness", 3, "r", "sort the values"),)
    checked, _ = verified(assessment(criteria=criteria), ANSWER, ("First I sort the values.",))
    assert checked.criteria[0].level == 0


def test_a_level_without_a_true_quote_counts_as_0() -> None:
    criteria = (
        Criterion("correctness", 4, "r", "it is robust"),
        Criterion("completeness", 2, "r", ""),
        Criterion("clarity", 3, "r", "the mean does"),
    )
    checked, flags = verified(assessment(criteria=criteria), ANSWER)
    assert [criterion.level for criterion in checked.criteria] == [0, 0, 3]
    assert flags == ["quote not found: correctness", "quote not found: completeness"]


def test_an_error_that_nobody_made_is_dropped_and_told() -> None:
    errors = (("the mode moves", "It doesn't."), ("outliers", "Say extreme values."))
    checked, flags = verified(assessment(errors=errors), ANSWER)
    assert checked.errors == (("outliers", "Say extreme values."),)
    assert flags == ["error not found: It doesn't."]
