"""The offline grader's sentences: in the words of the key points, the most important first."""

import pytest

from core.engines.base import Feedback, GradeTask, KeyPoint, Misconception
from core.grading.lexical import LexicalGrader

POINTS = (
    KeyPoint("Drawn like the cases that will come.", ("drawn like future cases",), 1),
    KeyPoint("Data the model has never seen.", ("unseen data",), 2, must=True),
    KeyPoint("Used once, at the very end.", ("looked at only once",), 3),
)
WRONG = Misconception("Tune on the test set.", ("tune the model on the test set",), "Tune on a validation set.")
PADDING = "My favourite holiday was in Portugal, where we ate grilled fish by the sea and walked along the cliffs. "


def feedback(answer: str, kind: str = "knowledge") -> Feedback:
    task = GradeTask("What is a test set?", answer, kind, key_points=POINTS, misconceptions=(WRONG,))
    return LexicalGrader().grade(task).feedback


def test_what_was_covered_is_counted_and_the_must_have_named_first() -> None:
    told = feedback("It is unseen data, and it is looked at only once.")
    assert told.strength == "You covered 2 of 3 points, among them: “Data the model has never seen”."
    assert told.gap == "A point that was not heard: “Drawn like the cases that will come”."


def test_the_must_have_is_missed_first() -> None:
    gap = feedback("It should be drawn like future cases.").gap
    assert gap.index("never seen") < gap.index("at the very end")


def test_an_answer_to_something_else_is_sent_back_to_the_question() -> None:
    step = "Read the question once more: nothing in this was heard to answer it."
    assert feedback(PADDING + PADDING).next_step == f"{step} Begin with: “Data the model has never seen”."
    assert step not in feedback("No idea, it is something with models, I would have to guess.").next_step
    assert step not in feedback(f"A test set is unseen data. {PADDING}").next_step


def test_an_error_is_the_next_thing_to_do() -> None:
    told = feedback("It is unseen data, looked at only once. I tune the model on the test set.")
    assert told.next_step == "Set this right first: Tune on a validation set."


def test_everything_covered_leads_further() -> None:
    answer = (
        "It is unseen data, drawn like future cases, and looked at only once because every look flatters the model."
    )
    assert feedback(answer).gap == ""
    assert feedback(answer).next_step.startswith("Now ")


def test_further_steps_differ_from_question_to_question() -> None:
    def step(point: str) -> str:
        task = GradeTask("What is it?", point, key_points=(KeyPoint(point, (point,), 1),))
        return LexicalGrader().grade(task).feedback.next_step

    points = ["A set that nobody has seen before" + " at all" * number for number in range(4)]
    assert len({step(point) for point in points}) > 1


def test_nothing_said_says_where_to_begin() -> None:
    told = feedback("I don't know.")
    assert (told.strength, told.improved) == ("", "")
    assert told.gap.endswith("A full answer makes this point: “Data the model has never seen”.")


def test_a_word_in_common_is_no_praise() -> None:
    assert feedback("You take the model and you wait for a while.").strength == ""


@pytest.mark.parametrize(
    ("answer", "advice"),
    [
        ("unseen, data, model, drawn, future, cases, looked, once, end, test, set, split", "whole sentences"),
        (f"It is unseen data. {PADDING * 9}", "your first two sentences"),
    ],
)
def test_advice_fits_what_held_the_answer_down(answer: str, advice: str) -> None:
    assert advice in feedback(answer).next_step
