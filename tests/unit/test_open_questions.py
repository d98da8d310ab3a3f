"""What is missing from an answer is kept back for as long as another try at the same question follows, and no longer."""

import pytest

from core.interview.model import Move, Phase
from tests.unit.views import grade, interview, turn


@pytest.mark.parametrize(
    ("move", "kept_back"),
    [(Move.HINT, True), (Move.FOLLOW_UP, True), (Move.DEEPER, False), (Move.NEW_TOPIC, False)],
)
def test_only_a_hint_or_a_follow_up_asks_for_it_again(move: Move, kept_back: bool) -> None:
    asked = turn(2, "a", answer=None, move=move)
    view = interview([turn(1, "a", grade()), asked], phase=Phase.ANSWERING)
    assert view.is_open(view.turns[0]) is kept_back


def test_questions_before_the_one_asked_again_are_closed() -> None:
    turns = [turn(1, "a", grade()), turn(2, "b", grade()), turn(3, "b", answer=None, move=Move.HINT)]
    view = interview(turns, phase=Phase.ANSWERING)
    assert [view.is_open(one) for one in view.answered] == [False, True]


def test_nothing_is_kept_back_when_the_interview_is_over() -> None:
    view = interview([turn(1, "a", grade()), turn(2, "a", grade(), move=Move.FOLLOW_UP)])
    assert not any(view.is_open(one) for one in view.answered)
