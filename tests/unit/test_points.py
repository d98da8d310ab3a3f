"""Key points and misconceptions: what an answer says, what it turns round, and what it only mentions."""

import pytest

from core.engines.base import KeyPoint, Misconception
from core.grading.matching import Answer, even
from core.grading.points import Finding, find, misconceptions_in


def found(point: str, answer: str, *accept: str) -> Finding:
    (finding,) = find([KeyPoint(point, accept)], "", Answer(answer), even)
    return finding


def stated(claim: str, answer: str, *accept: str) -> list[str]:
    wrong = Misconception(claim, accept, "No.")
    return [quote for quote, _ in misconceptions_in([wrong], Answer(answer), even)]


def test_a_point_in_other_words_and_another_spelling_is_met() -> None:
    finding = found("the median is robust to outliers", "And medians, they stay robust to outlyers.")
    assert (finding.status, finding.quote) == ("met", "And medians, they stay robust to outlyers")


def test_an_accepted_wording_meets_the_point() -> None:
    assert found("first in, first out", "It is served in the order of arrival.", "the order of arrival").status == "met"


def test_half_of_a_point_is_partial_and_nothing_of_it_missing() -> None:
    point = "split the data by customer before scaling the columns"
    assert found(point, "You split the data.").status == "partial"
    missing = found(point, "Look at the chart.")
    assert (missing.status, missing.quote) == ("missing", "")


def test_the_quote_is_verbatim() -> None:
    answer = "First I look.  The MEDIAN, being robust to outliers, stays. Then I leave."
    assert found("the median is robust to outliers", answer).quote in answer


@pytest.mark.parametrize(
    "answer",
    [
        "The median is not robust to outliers.",
        "the median isn't robust to the outliers",
        "the median isnt robust to outliers",
    ],
)
def test_a_point_with_a_not_put_in_is_contradicted(answer: str) -> None:
    assert found("the median is robust to outliers", answer).status == "contradicted"


def test_a_point_with_its_not_left_out_is_contradicted() -> None:
    finding = found("probation does not take away statutory rights", "Probation does take away statutory rights.")
    assert finding.status == "contradicted"


@pytest.mark.parametrize(
    ("point", "answer"),
    [
        (
            "I reported it to the partner",
            "I said that I wouldn't, and I reported it to the partner who owned the agency.",
        ),
        (
            "a woman on leave has priority for a vacancy and must not be scored down",
            "The woman on leave isn't immune, but she has priority for a vacancy and mustn't be marked down.",
        ),
        ("PUT and DELETE are idempotent, POST is not", "So put and delete are idempotent but post is not."),
        ("the median is robust to outliers", "The median is robust to outliers, not like the mean."),
        ("the median is robust to outliers", "It's not that the mean is; the median is robust to outliers."),
        ("the median is robust to outliers", "Nobody doubts that the median is robust to outliers."),
    ],
)
def test_a_not_that_belongs_to_something_else_contradicts_nothing(point: str, answer: str) -> None:
    assert found(point, answer).status == "met"


def test_who_says_it_right_as_well_contradicts_nothing() -> None:
    answer = "The median is robust to outliers. With two values the median is not robust to outliers."
    assert found("the median is robust to outliers", answer).status == "met"


CLAIM = "outliers pull the median more than the mean"


@pytest.mark.parametrize(
    "answer",
    [
        "Outliers pull the median more than the mean.",
        "I'd say that outliers pull the median rather more than they pull the mean, so I avoid it.",
        "so outliers pull the median more than the mean and that is why",
    ],
)
def test_a_misconception_that_is_stated_is_found(answer: str) -> None:
    (quote,) = stated(CLAIM, answer)
    assert quote.lower().startswith("outliers pull the median")
    assert quote in answer


@pytest.mark.parametrize(
    "answer",
    [
        "Outliers don't pull the median more than the mean.",
        "Some people say that outliers pull the median more than the mean.",
        "It is a myth that outliers pull the median more than the mean.",
        "If outliers pull the median more than the mean, something is odd.",
        "Outliers pull the median more than the mean? That is wrong.",
        "Outliers pull the median more than the mean, which is a common mistake.",
        "Outliers pull the mean more than the median.",
        "I wouldn't say outliers pull the median more than the mean.",
    ],
)
def test_a_misconception_that_is_denied_or_reported_is_none(answer: str) -> None:
    assert stated(CLAIM, answer) == []


def test_a_denial_right_before_is_heard_in_its_short_form() -> None:
    assert stated("cut everything by forty per cent", "I wouldn't cut everything by forty per cent.") == []
    assert stated("cut everything by forty per cent", "I would cut everything by forty per cent.") != []


def test_the_last_word_of_a_short_claim_must_be_heard() -> None:
    claim = "the person specification is about personality"
    assert stated(claim, "The person specification is about what the work demands.") == []
    assert stated(claim, "The person specification is about personality.") != []


def test_a_claim_of_small_words_alone_can_be_found() -> None:
    assert stated("having is the same thing as where", "Having is the same thing as where.") != []


def test_a_mistake_as_the_subject_is_no_denial() -> None:
    answer = "An unreasonable mistake gives him no defence; a silly mistake still counts against him."
    assert stated("an unreasonable mistake gives him no defence", answer) != []
