"""A statement with a "not" before it is the opposite; a "not" that belongs to something else changes nothing."""

import pytest

from core.engines.base import GradeTask, KeyPoint, Misconception
from core.grading.lexical import LexicalGrader

POINT = KeyPoint("Told the right person at once", ("reported it to the partner that same day",), must=True)


def status(answer: str) -> str:
    return LexicalGrader().grade(GradeTask("What did you do?", answer, key_points=(POINT,))).points[0].status


@pytest.mark.parametrize(
    "answer", ["I did not report it to the partner that same day.", "I never reported it to the partner that same day."]
)
def test_a_negated_point_is_contradicted(answer: str) -> None:
    assert status(answer) == "contradicted"


@pytest.mark.parametrize(
    "answer",
    [
        "I reported it to the partner that same day.",
        "I said that I wouldn't, and I reported it to the partner that same day, with the file.",
        "They did not know; reported it to the partner that same day, as I should.",
        "I not only reported it to the partner that same day, I wrote it down.",
    ],
)
def test_a_not_about_something_else_leaves_the_point_met(answer: str) -> None:
    assert status(answer) == "met"


WRONG = Misconception("Green tea is always bitter.", ("green tea is bitter by nature",), "It comes from the brewing.")


def errors(answer: str) -> int:
    return len(
        LexicalGrader()
        .grade(GradeTask("What of green tea?", answer, key_points=(POINT,), misconceptions=(WRONG,)))
        .errors
    )


@pytest.mark.parametrize("answer", ["Green tea is always bitter.", "In my view green tea is bitter by nature."])
def test_a_wrong_belief_that_is_stated_is_an_error(answer: str) -> None:
    assert errors(answer) == 1


@pytest.mark.parametrize(
    "answer",
    [
        "I don't think that green tea is always bitter.",
        "It isn't true that, as you often hear, green tea is bitter by nature.",
        "It is a myth that green tea is always bitter.",
        "That green tea is always bitter is simply wrong.",
    ],
)
def test_a_wrong_belief_that_is_denied_is_none(answer: str) -> None:
    assert errors(answer) == 0
