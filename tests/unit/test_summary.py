"""The closing summary: from the grades alone, ungraded answers in no mean, advice that fits the scores."""

from collections.abc import Sequence
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.engines.base import PointFound
from core.grading.summary import GradedTurn, summarise


def turn(
    number: int,
    score: int | None,
    skill: str = "SQL",
    level: int = 3,
    *,
    hints: int = 0,
    errors: Sequence[tuple[str, str]] = (),
    points: Sequence[tuple[str, str]] = (),
    question: str = "",
    deeper: bool = False,
) -> GradedTurn:
    found = tuple(PointFound(point, status, "") for point, status in points)
    reason = None if score is not None else "the model server was away"
    return GradedTurn(
        number, question or f"Question {number}?", skill, level, score, reason, found, tuple(errors), hints, deeper
    )


turns = st.lists(
    st.builds(
        turn,
        st.integers(1, 25),
        st.none() | st.integers(1, 10),
        st.sampled_from(["SQL", "Statistics", "Experiments"]),
        st.integers(1, 5),
        hints=st.integers(0, 3),
        deeper=st.booleans(),
    ),
    max_size=25,
)


@given(turns)
def test_ungraded_answers_are_counted_and_are_in_nothing_else(told: list[GradedTurn]) -> None:
    scores = [one.score for one in told if one.score is not None]
    summary = summarise(told)
    assert (summary.graded, summary.answered) == (len(scores), len(told))
    assert summary.overall == (round(mean(scores), 1) if scores else None)
    graded_only = summarise([one for one in told if one.score is not None])
    assert summary.as_dict() == {**graded_only.as_dict(), "answered": len(told)}


@given(turns)
def test_the_plan_has_two_to_four_steps_where_there_is_a_grade(told: list[GradedTurn]) -> None:
    summary = summarise(told)
    assert len(summary.plan) in ((2, 3, 4) if summary.graded else (0,))
    assert len(set(summary.plan)) == len(summary.plan)


@given(turns)
def test_no_skill_is_strong_and_weak(told: list[GradedTurn]) -> None:
    summary = summarise(told)
    strong, weak = ({line.partition(":")[0] for line in lines} for lines in (summary.strengths, summary.gaps))
    assert not strong & weak


@given(turns)
def test_nobody_is_sent_up_from_weak_answers_or_past_the_last_level(told: list[GradedTurn]) -> None:
    summary = summarise(told)
    if any("Go up a level" in step for step in summary.plan):
        assert summary.gaps == ()
        assert summary.overall is not None
        assert summary.overall >= 7
        assert max(one.level for one in told if one.score is not None) < 5


def test_nothing_graded_says_nothing() -> None:
    summary = summarise([turn(1, None), turn(2, None)])
    assert (summary.overall, summary.strengths, summary.gaps, summary.plan, summary.retry) == (None, (), (), (), ())


def test_a_strength_has_its_mean_its_level_and_the_point_of_the_best_answer() -> None:
    told = [turn(1, 7), turn(2, 9, level=4, points=[("Use an index.", "met"), ("Read the plan", "missing")])]
    assert summarise(told).strengths == ("SQL: 8.0 over 2 answers, at level 4; you brought out: “Use an index”.",)


def test_a_gap_names_what_was_wrong_before_what_was_missing() -> None:
    missing = [("Use an index", "missing")]
    assert summarise([turn(1, 3, points=missing)]).gaps == ("SQL: 3 of 10; not said: use an index.",)
    wrong = [("it locks", "A read takes no lock.")]
    assert summarise([turn(1, 3, points=missing, errors=wrong)]).gaps == (
        "SQL: 3 of 10; to put right: a read takes no lock.",
    )


def test_what_another_answer_to_the_question_said_is_not_called_unsaid() -> None:
    opening = turn(1, 2, question="Why?", points=[("Use an index", "missing"), ("Read the plan", "missing")])
    follow_up = turn(2, 4, question="Why?", points=[("Use an index", "met"), ("Read the plan", "partial")])
    assert summarise([opening]).gaps == ("SQL: 2 of 10; not said: use an index.",)
    assert summarise([opening, follow_up]).gaps == ("SQL: 3.0 over 2 answers; only half said: read the plan.",)
    all_said = turn(2, 4, question="Why?", points=[("Use an index", "met"), ("Read the plan", "met")])
    assert summarise([opening, all_said]).gaps == ("SQL: 3.0 over 2 answers.",)


def test_what_was_said_to_another_question_is_still_unsaid_to_this_one() -> None:
    told = [turn(1, 2, points=[("Use an index", "missing")]), turn(2, 4, points=[("Use an index", "met")])]
    assert summarise(told).gaps == ("SQL: 3.0 over 2 answers; not said: use an index.",)


def test_an_abbreviation_keeps_its_capitals_in_a_sentence() -> None:
    assert summarise([turn(1, 3, points=[("GROUP BY comes first.", "missing")])]).gaps == (
        "SQL: 3 of 10; not said: GROUP BY comes first.",
    )


def test_the_plan_begins_with_the_weakest_skills_at_their_level() -> None:
    told = [turn(1, 3, "SQL", 2), turn(2, 1, "Statistics", 4), turn(3, 5, "Experiments", 1)]
    assert summarise(told).plan[:2] == (
        "Practise Statistics at level 4 until two answers in a row reach 7.",
        "Practise SQL at level 2 until two answers in a row reach 7.",
    )


def test_good_answers_lead_up_a_level() -> None:
    assert "Go up a level: try level 4 next time." in summarise([turn(1, 9), turn(2, 8)]).plan


@pytest.mark.parametrize(("hints", "advised"), [([1, 0, 0], True), ([1, 0, 0, 0], False), ([0, 0, 0], False)])
def test_hints_are_spoken_of_when_a_third_of_the_questions_took_one(hints: list[int], advised: bool) -> None:
    plan = summarise([turn(number, 8, hints=taken) for number, taken in enumerate(hints, 1)]).plan
    assert any("took a hint" in step for step in plan) is advised


def test_the_lowest_three_under_8_are_to_be_retried_each_once() -> None:
    told = [turn(1, 8), turn(2, 7), turn(3, 2, question="Why?"), turn(4, 4, question="Why?"), turn(5, 5), turn(6, 6)]
    assert summarise(told).retry == ("Why?", "Question 5?", "Question 6?")


def test_a_question_is_judged_by_the_best_answer_to_it() -> None:
    told = [turn(1, 3, question="Why?"), turn(2, 8, question="Why?", hints=1), turn(3, 4, question="How?")]
    assert summarise([*told, turn(4, 6, question="How?")]).retry == ("How?",)


def test_a_deeper_question_that_went_badly_brings_back_no_question_that_went_well() -> None:
    summary = summarise([turn(1, 9, question="Why?"), turn(2, 2, question="Why?", deeper=True)])
    assert (summary.overall, summary.retry, summary.retry_numbers, summary.gaps) == (5.5, (), (), ())
    assert not any("questions below" in step for step in summary.plan)


def test_a_skill_that_is_weak_without_its_deeper_question_is_a_gap() -> None:
    told = [turn(1, 9, question="Why?"), turn(2, 2, question="Why?", deeper=True), turn(3, 1), turn(4, 2)]
    assert summarise(told).gaps == ("SQL: 3.5 over 4 answers.",)


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        ([7, None], "1 of 2 answers graded"),
        ([7], "1 of 1 answer graded"),
        ([], "no answer to grade"),
    ],
)
def test_how_many_answers_were_graded_is_said_in_words(scores: list[int | None], said: str) -> None:
    assert summarise([turn(number, score) for number, score in enumerate(scores, 1)]).how_many == said


def test_after_a_mock_interview_nobody_is_sent_to_mock_mode() -> None:
    told = [turn(1, 10, level=5)]
    assert any("Mock mode" in step for step in summarise(told).plan)
    assert not any("Mock mode" in step for step in summarise(told, mock=True).plan)
    assert len(summarise(told, mock=True).plan) == 2
