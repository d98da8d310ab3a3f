"""A follow-up asks for one thing that was left out: whoever says that has answered it."""

from core.engines.base import Grade, GradeTask, KeyPoint
from core.grading.lexical import LexicalGrader

POINTS = (
    KeyPoint("Water at eighty degrees", ("let the kettle cool to eighty degrees",), must=True),
    KeyPoint("A shorter steep lowers bitterness", ("take the leaves out sooner",)),
    KeyPoint("Fresh leaves hold fewer tannins", ("young leaves have less tannin",)),
)
FIRST = "You let the kettle cool to eighty degrees."


def graded(answer: str) -> Grade:
    task = GradeTask(
        "How do you brew green tea? And how long do you leave it?", answer, key_points=POINTS, before=(FIRST,)
    )
    return LexicalGrader().grade(task)


def score(answer: str) -> int:
    return graded(answer).score or 0


def test_one_of_the_open_points_is_a_good_answer() -> None:
    assert score("I take the leaves out sooner, after two minutes, because it goes bitter otherwise.") >= 7


def test_saying_the_first_answer_again_is_not() -> None:
    assert score(FIRST) <= 3


def test_who_says_the_first_answer_again_is_told_so() -> None:
    assert graded(FIRST).feedback.next_step.startswith("This is what you had said before")
    assert "said before" not in graded("I take the leaves out sooner, after two minutes.").flags


def test_all_of_the_open_points_are_a_better_one() -> None:
    both = "I take the leaves out sooner, after two minutes. Also, young leaves have less tannin in them."
    assert score(both) > score("I take the leaves out sooner, after two minutes, because it goes bitter otherwise.")


def test_an_answer_on_the_subject_in_which_no_point_is_recognised_is_more_than_nothing_and_says_so() -> None:
    own = (
        "I would brew it for about half as long as black tea, taste it every so often while it is green, and stop as soon as "
        "the cup is pleasant to drink, since nobody likes it when you leave it standing."
    )
    assert score(own) == 3
    assert graded(own).feedback.strength.startswith("You spoke to the question")


def test_an_answer_beside_the_subject_is_not() -> None:
    beside = (
        "We went to the mountains last summer, where my brother broke his ankle on the second day, and we spent the rest of "
        "the week playing cards and reading novels on the balcony of the hotel."
    )
    assert score(beside) <= 2
