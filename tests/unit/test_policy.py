"""The policy: the estimate, the level it asks for, the moves on the card, the choice of questions."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.interview import policy
from core.interview.model import LEVELS, MAX_TURNS, Band, Move, PastTurn, QuestionRef, Step, band_of

SKILLS = [f"skill{n}" for n in range(6)]
QUESTIONS = [QuestionRef(f"{skill}-{level}", skill, level) for skill in SKILLS for level in LEVELS]
BANK = policy.Bank(QUESTIONS)


def turn(
    number: int, move: Move = Move.NEW_TOPIC, *, score: int | None = 6, hints: int = 0, **changes: object
) -> PastTurn:
    step = Step(move, "skill0", 3, "skill0-3", **{k: v for k, v in changes.items() if k == "rung"})  # type: ignore[arg-type]
    return PastTurn(number, step, score, hints, skipped=bool(changes.get("skipped", False)))


def card(past: list[PastTurn], bank: policy.Bank = BANK, declared: int | None = 3) -> dict[Band, Step]:
    return policy.plan(policy.starting_ability(declared), declared, past, bank, Random(1)).steps


def hold(scores: list[int], declared: int | None, bank: policy.Bank = BANK) -> list[PastTurn]:
    """An interview in which the answers score as given."""
    past: list[PastTurn] = []
    for number, score in enumerate(scores, 1):
        band = band_of(past[-1].score) if past and past[-1].score is not None else Band.NONE
        step = card(past, bank, declared)[band]
        past.append(PastTurn(number, step, score, step.rung if step.move is Move.HINT else 0))
    return past


def test_a_good_answer_raises_the_estimate_and_a_bad_one_lowers_it() -> None:
    start = policy.Ability()
    assert policy.update(start, 3, 10).theta > start.theta > policy.update(start, 3, 1).theta


def test_every_response_makes_the_estimate_surer() -> None:
    ability = policy.Ability()
    for score in (1, 10, 5):
        surer = policy.update(ability, 3, score)
        assert surer.variance < ability.variance
        ability = surer


def test_the_same_score_counts_for_less_after_a_hint() -> None:
    assert policy.update(policy.Ability(), 3, 7, hints=2).theta < policy.update(policy.Ability(), 3, 7).theta


def test_an_ungraded_turn_changes_nothing() -> None:
    assert policy.estimate(policy.Ability(), [turn(1, score=None)]) == policy.Ability()


@given(st.floats(-6, 6), st.sampled_from(LEVELS))
def test_the_level_moves_one_step_at_most_and_stays_within_1_and_5(theta: float, last: int) -> None:
    level = policy.target_level(policy.Ability(theta), last)
    assert abs(level - last) <= 1
    assert level in LEVELS


@pytest.mark.parametrize("declared", LEVELS)
def test_the_first_question_has_the_declared_level(declared: int) -> None:
    steps = card([], declared=declared)
    assert {step.level for step in steps.values()} == {declared}
    assert {step.move for step in steps.values()} == {Move.OPENING}


def test_someone_who_knows_nothing_gets_a_small_hint_first() -> None:
    step = card([turn(1, score=None)])[Band.NONE]
    assert (step.move, step.rung, step.question_id) == (Move.HINT, 1, "skill0-3")


def test_the_second_hint_is_the_next_rung() -> None:
    past = [turn(1, score=1), turn(2, Move.HINT, score=None, hints=1, rung=1)]
    assert card(past)[Band.NONE].rung == 2


def test_a_hint_asked_for_counts_as_a_rung() -> None:
    assert card([turn(1, score=None, hints=1)])[Band.WEAK].rung == 2


def test_a_partly_right_answer_is_followed_up_once() -> None:
    assert card([turn(1, score=None)])[Band.PARTIAL].move is Move.FOLLOW_UP
    assert card([turn(1), turn(2, Move.FOLLOW_UP, score=None)])[Band.PARTIAL].move is Move.NEW_TOPIC


def test_after_two_probes_comes_a_new_topic_whatever_the_answer() -> None:
    past = [
        turn(1, score=1),
        turn(2, Move.HINT, score=1, hints=1, rung=1),
        turn(3, Move.HINT, score=None, hints=2, rung=2),
    ]
    assert {step.move for step in card(past).values()} == {Move.NEW_TOPIC}


def test_a_skipped_question_is_left_alone() -> None:
    assert {step.move for step in card([turn(1, score=None, skipped=True)]).values()} == {Move.NEW_TOPIC}


def test_a_strong_answer_goes_deeper_where_that_can_be_graded() -> None:
    bank = policy.Bank(QUESTIONS, deep=["skill0-3"])
    step = card([turn(1, score=None)], bank)[Band.STRONG]
    assert (step.move, step.level, step.question_id) == (Move.DEEPER, 4, "skill0-3")
    assert card([turn(1, score=None)])[Band.STRONG].move is Move.NEW_TOPIC


def test_the_card_asks_no_less_of_a_better_answer() -> None:
    steps = card([turn(1, score=None, skipped=True)])
    levels = [steps[band].level for band in Band]
    assert levels == sorted(levels)


@given(st.lists(st.integers(1, 10), min_size=MAX_TURNS, max_size=MAX_TURNS), st.sampled_from([None, *LEVELS]))
def test_no_question_begins_twice_in_an_interview(scores: list[int], declared: int | None) -> None:
    begun = [
        past.step.question_id for past in hold(scores, declared) if past.step.move in (Move.OPENING, Move.NEW_TOPIC)
    ]
    assert len(begun) == len(set(begun))


def test_skills_are_balanced_over_an_interview() -> None:
    asked = [past.step.skill for past in hold([9] * 12, 3)]
    assert sorted(asked) == sorted(SKILLS * 2)


def test_recent_questions_are_left_out_while_there_are_others() -> None:
    recent = [question.id for question in QUESTIONS if question.level == 3]
    asked = {past.step.question_id for past in hold([6, 9] * 6, 3, policy.Bank(QUESTIONS, recent=recent))}
    assert not asked & set(recent)


def test_when_all_are_recent_the_longest_ago_comes_first() -> None:
    recent = [question.id for question in QUESTIONS]
    bank = policy.Bank([q for q in QUESTIONS if q.skill == "skill2" and q.level == 3] + [QuestionRef("old", "skill2", 3)],
                       recent=["old", *recent])  # fmt: skip
    assert card([], bank)[Band.NONE].question_id == "old"


def test_weak_skills_come_first() -> None:
    assert card([], policy.Bank(QUESTIONS, weak_skills=["skill4"]))[Band.NONE].skill == "skill4"


def test_an_empty_bank_names_a_skill_and_no_question() -> None:
    only = [QuestionRef("one", "skill0", 3)]
    step = card([PastTurn(1, Step(Move.OPENING, "skill0", 3, "one"), 9)], policy.Bank(only))[Band.STRONG]
    assert (step.question_id, step.skill) == (None, "skill0")


def test_strong_answers_lead_up_and_weak_ones_down() -> None:
    assert hold([10] * 12, 3)[-1].step.level == 5
    assert hold([1] * 12, 3)[-1].step.level == 1


AGAIN = policy.Bank(QUESTIONS, recent=["skill2-1", "skill4-5"], first=["skill4-5", "skill2-1"], limit=4)


def test_what_comes_first_is_asked_in_its_order_and_at_its_own_level() -> None:
    past = hold([9, 9, 9], 3, AGAIN)
    topics = [one.step.question_id for one in past if one.step.move in (Move.OPENING, Move.NEW_TOPIC)]
    assert topics[:2] == ["skill4-5", "skill2-1"]
    assert past[0].step.level == 5


@pytest.mark.parametrize("score", [1, 3, 6, 10])
def test_no_probe_takes_the_room_of_a_question_that_comes_first(score: int) -> None:
    past = hold([score] * 4, 3, AGAIN)
    assert {"skill4-5", "skill2-1"} <= {one.step.question_id for one in past}
    tight = hold([score] * 2, 3, policy.Bank(QUESTIONS, first=AGAIN.first, limit=2))
    assert [one.step.question_id for one in tight] == ["skill4-5", "skill2-1"]


def test_what_comes_first_and_is_gone_from_the_bank_is_passed_over() -> None:
    past = hold([5], 3, policy.Bank(QUESTIONS, first=["gone", "skill1-2"]))
    assert past[0].step.question_id == "skill1-2"
