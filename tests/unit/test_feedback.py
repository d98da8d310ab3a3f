"""The offline grader's sentences: in the words of the key points, the most important first."""

import pytest

from core.engines.base import Feedback, GradeTask, KeyPoint, Misconception
from core.grading.feedback import write
from core.grading.lexical import LexicalGrader
from core.grading.points import Finding

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


def test_one_point_that_was_covered_is_the_one_named() -> None:
    told = feedback("It should be drawn like future cases.")
    assert told.strength == "You covered 1 of 3 points: “Drawn like the cases that will come”."


def test_the_must_have_is_missed_first() -> None:
    gap = feedback("It should be drawn like future cases.").gap
    assert gap.index("never seen") < gap.index("at the very end")


def test_a_must_have_that_is_half_said_comes_before_a_lesser_point_that_is_missing() -> None:
    found = [
        Finding(point, 0.5, status, "") for point, status in zip(POINTS, ("met", "partial", "missing"), strict=True)
    ]
    told = write("knowledge", found, (), ())
    must, lesser = "“Data the model has never seen”.", "“Used once, at the very end”."
    assert told.gap == f"This point was only touched on: {must} Not heard at all: {lesser}"
    assert told.next_step.endswith(must)


def test_what_to_build_in_is_said_for_when_it_comes_again_as_not_every_answer_can_be_given_again_now() -> None:
    told = feedback("It should be drawn like future cases.").next_step
    assert told == "When this comes again, take about a minute and build in: “Data the model has never seen”."


def test_an_answer_that_says_one_right_thing_over_and_over_is_told_so() -> None:
    task = GradeTask("What is a test set?", "It is data that the model has never seen. " * 20, key_points=POINTS)
    given = LexicalGrader().grade(task)
    assert given.flags == ("says the same over and over",)
    assert given.criteria[2].rationale == "This says the same thing over and over; once is enough."
    wanted = "“Used once, at the very end”."
    assert given.feedback.next_step == f"Say this once, and use the time for what is missing: {wanted}"


def test_what_was_heard_agrees_with_its_number() -> None:
    task = GradeTask("What is a test set?", "It should be drawn like future cases.", key_points=POINTS)
    assert LexicalGrader().grade(task).criteria[1].rationale == "1 of 3 points of a full answer was heard."


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


def test_nothing_said_to_a_follow_up_names_a_point_of_the_question_that_it_belongs_to() -> None:
    before = ("It is unseen data.",)
    task = GradeTask("What is a test set? And how often?", "I don't know.", key_points=POINTS, before=before)
    gap = LexicalGrader().grade(task).feedback.gap
    assert gap.endswith("A full answer to the question also makes this point: “Used once, at the very end”.")


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
