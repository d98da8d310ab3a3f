"""The rubric, over every combination of levels."""

from itertools import product

import pytest

from core.grading import rubric

KINDS = ["knowledge", "behavioural"]
WRONG = [0, 1, 2, 5]


def combinations(kind: str) -> list[dict[str, int]]:
    names = list(rubric.weights(kind))
    return [dict(zip(names, levels, strict=True)) for levels in product(range(5), repeat=len(names))]


@pytest.mark.parametrize("kind", KINDS)
def test_weights_add_up_to_one(kind):
    assert sum(rubric.weights(kind).values()) == pytest.approx(1)


@pytest.mark.parametrize("kind", KINDS)
def test_every_combination_scores_from_1_to_10(kind):
    for levels, wrong in product(combinations(kind), WRONG):
        assert rubric.score(levels, kind, wrong) in range(1, 11)


@pytest.mark.parametrize("kind", KINDS)
def test_a_higher_level_never_lowers_the_score(kind):
    for levels in combinations(kind):
        for name in levels:
            if levels[name] < 4:
                raised = levels | {name: levels[name] + 1}
                assert rubric.score(raised, kind) >= rubric.score(levels, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_another_wrong_part_never_raises_the_score(kind):
    for levels in combinations(kind):
        scores = [rubric.score(levels, kind, wrong) for wrong in range(4)]
        assert scores == sorted(scores, reverse=True)


def test_nothing_correct_scores_at_most_3():
    assert max(rubric.score(levels) for levels in combinations("knowledge") if levels["correctness"] == 0) == 3


@pytest.mark.parametrize("kind", KINDS)
def test_one_wrong_part_keeps_the_score_under_7(kind):
    assert max(rubric.score(levels, kind, 1) for levels in combinations(kind)) == 6


@pytest.mark.parametrize("kind", KINDS)
def test_more_than_one_wrong_part_keeps_the_score_under_5(kind):
    assert max(rubric.score(levels, kind, 2) for levels in combinations(kind)) == 4


def test_9_and_10_take_a_correct_exhaustive_and_clear_answer():
    for levels in combinations("knowledge"):
        if rubric.score(levels) >= 9:
            assert (levels["correctness"], levels["completeness"]) == (4, 4)
            assert levels["clarity"] >= 3


def test_7_takes_a_correct_answer():
    assert all(levels["correctness"] >= 3 for levels in combinations("knowledge") if rubric.score(levels) >= 7)


@pytest.mark.parametrize("short_of", ["completeness", "clarity"])
def test_a_correct_answer_short_of_one_thing_scores_7_or_8(short_of):
    levels = {"correctness": 4, "completeness": 4, "clarity": 4} | {short_of: 2}
    assert rubric.score(levels) in (7, 8)


@pytest.mark.parametrize("kind", KINDS)
def test_the_ends_of_the_scale_are_reached(kind):
    names = rubric.weights(kind)
    assert rubric.score(dict.fromkeys(names, 0), kind) == 1
    assert rubric.score(dict.fromkeys(names, 4), kind) == 10


@pytest.mark.parametrize(
    "levels",
    [
        {},
        {"correctness": 4},
        {"correctness": 4, "completeness": 4, "clarity": 4, "style": 4},
        {"correctness": 5, "completeness": 4, "clarity": 4},
        {"correctness": -1, "completeness": 4, "clarity": 4},
        {"correctness": 2.5, "completeness": 4, "clarity": 4},
    ],
)
def test_levels_outside_the_rubric_are_refused(levels):
    with pytest.raises(ValueError, match=r"criteria|level"):
        rubric.score(levels)


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="riddle"):
        rubric.weights("riddle")


@pytest.mark.parametrize(("estimate", "score"), [(-3.0, 1), (1.49, 1), (1.5, 2), (6.5, 7), (9.5, 10), (40.0, 10)])
def test_halves_are_rounded_up_and_the_scale_has_ends(estimate, score):
    assert rubric.to_score(estimate) == score
