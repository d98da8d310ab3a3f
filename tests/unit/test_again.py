"""Weak answers again: the plan that they become, and what two tries at a question show beside each other."""

import pytest

from core.engines.base import Grade
from core.interview.again import Shift, compare, plan_again
from core.interview.model import Mode, Move
from core.interview.records import TurnView
from tests.unit.views import grade, interview, turn


def test_the_questions_of_these_answers_become_an_interview_with_room_for_follow_ups() -> None:
    view = interview([turn(1, "a"), turn(2, "b"), turn(3, "b", move=Move.FOLLOW_UP), turn(4, "c")])
    plan = plan_again(view, [3, 1, 2])
    assert plan is not None
    assert (plan.again, plan.again_of, plan.questions) == (("b", "a"), "p", 4)
    assert (plan.domain, plan.level, plan.mode) == ("tiny", 4, Mode.MOCK)


def test_questions_that_are_not_from_the_bank_cannot_be_asked_again() -> None:
    view = interview([turn(1, None), turn(2, "a")])
    assert plan_again(view, [1]) is None
    plan = plan_again(view, [1, 2])
    assert plan is not None
    assert plan.again == ("a",)


def test_first_answers_to_the_same_question_stand_side_by_side() -> None:
    before = interview([turn(1, "a"), turn(2, "a", move=Move.HINT, answer="hinted"), turn(3, "b", answer="old")])
    after = interview([turn(1, "b", answer="new"), turn(2, "x")])
    (one,) = compare(before, after)
    assert (one.before.answer, one.after.answer) == ("old", "new")


def test_what_has_changed_is_told_criterion_by_criterion_and_point_by_point() -> None:
    old = grade(3, {"clarity": 2, "gone": 1}, {"p": "missing", "q": "met", "r": "partial", "s": "met"})
    new = grade(7, {"clarity": 3, "new": 4}, {"p": "met", "q": "missing", "r": "contradicted", "s": "met", "t": "met"})
    (one,) = compare(interview([turn(1, "a", old)]), interview([turn(1, "a", new)]))
    assert one.shifts == (Shift("clarity", 2, 3),)
    assert (one.gained, one.lost, one.still) == (("p",), ("q",), ("r",))
    assert one.comparable


SKIPPED = turn(1, "a", answer=None, skipped=True)
FAILED = Grade(None, "the server was away", "e", "m", "")


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (turn(1, "a", grade()), turn(1, "a", grade()), ""),
        (turn(1, "a", grade()), turn(1, "a", grade(), source="openai"), "Different graders gave these scores"),
        (turn(1, "a", grade()), SKIPPED, "This question was skipped this time"),
        (SKIPPED, turn(1, "a", grade()), "This question was skipped before"),
        (SKIPPED, SKIPPED, "This question was skipped both times"),
        (turn(1, "a", grade()), turn(1, "a"), "One of these answers has no score"),
        (turn(1, "a", FAILED), turn(1, "a", grade()), "One of these answers has no score"),
    ],
)
def test_two_scores_are_compared_or_it_is_said_why_not(before: TurnView, after: TurnView, why: str) -> None:
    (one,) = compare(interview([before]), interview([after]))
    assert one.why_not.startswith(why)
    assert one.comparable is (not why)


def test_an_answer_without_a_grade_has_no_changes() -> None:
    (one,) = compare(interview([turn(1, "a", grade(levels={"clarity": 1}))]), interview([turn(1, "a")]))
    assert (one.shifts, one.gained, one.comparable) == ((), (), False)
