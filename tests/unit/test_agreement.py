"""Agreement of two graders, against a computation of its own: from pairs of answers, without a table."""

from itertools import product
from random import Random

import pandas as pd
import pytest

from core.analytics.agreement import VERSION, agreements
from core.analytics.metrics import ENOUGH_PAIRS, Agreement, agreement


def kappa_from_pairs(first: list[int], second: list[int]) -> float:
    """One less the mean squared distance of the two scores of an answer over that of any two answers."""
    same = [(one - two) ** 2 for one, two in zip(first, second, strict=True)]
    any_two = [(one - two) ** 2 for one, two in product(first, second)]
    return 1 - (sum(same) / len(same)) / (sum(any_two) / len(any_two))


@pytest.mark.parametrize("seed", range(20))
def test_kappa_and_difference_are_those_of_the_pairs(seed: int) -> None:
    random = Random(seed)
    n = random.randint(ENOUGH_PAIRS, 200)
    first = [random.randint(1, 10) for _ in range(n)]
    second = [min(10, max(1, score + random.randint(-(seed % 7), 2))) for score in first]
    found = agreement(first, second)
    assert found.n == n
    assert found.kappa == pytest.approx(kappa_from_pairs(first, second), abs=1e-12)
    assert found.difference == pytest.approx(sum(first) / n - sum(second) / n, abs=1e-12)


def test_the_same_scores_agree_fully() -> None:
    assert agreement(range(1, 11), range(1, 11)) == Agreement(10, 1.0, 0.0)


def test_opposite_scores_agree_less_than_by_chance() -> None:
    assert agreement(range(1, 11), range(10, 0, -1)) == Agreement(10, -1.0, 0.0)


def test_a_grader_who_gives_everyone_the_same_agrees_as_by_chance() -> None:
    assert agreement(range(1, 11), [5] * 10) == Agreement(10, pytest.approx(0.0), 0.5)


def test_where_every_score_is_the_same_there_is_no_kappa() -> None:
    assert agreement([7] * 12, [7] * 12) == Agreement(12, None, 0.0)


@pytest.mark.parametrize("n", [0, ENOUGH_PAIRS - 1])
def test_nothing_is_said_of_too_few_answers(n: int) -> None:
    assert agreement([7] * n, [6] * n) == Agreement(n)


def test_versions_are_compared_each_for_itself_the_most_answers_first() -> None:
    rows = [("tea", "openai", "gpt", "old", score, score) for score in range(1, 10)]
    rows += [("tea", "openai", "gpt", "new", score, min(10, score + 1)) for score in range(1, 11)]
    found = agreements(pd.DataFrame(rows, columns=[*VERSION, "person", "machine"]))
    assert found["prompt_digest"].tolist() == ["new", "old"]
    assert found["n"].tolist() == [10, 9]
    assert found["difference"][0] == pytest.approx(-0.9)
    assert found[["kappa", "difference"]].isna().to_numpy().tolist() == [[False, False], [True, True]]


def test_nothing_graded_twice_is_an_empty_table() -> None:
    found = agreements(pd.DataFrame([], columns=[*VERSION, "person", "machine"]))
    assert found.empty
    assert list(found.columns) == [*VERSION, "n", "kappa", "difference"]
