"""Statistics of scores against an independent computation, and what is said of a trend."""

import math
import statistics

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analytics.frames import HISTOGRAM
from core.analytics.metrics import ENOUGH_SESSIONS, FEW, T95, Z90, trend, with_means

scores = st.lists(st.integers(1, 10), min_size=1, max_size=300)
abilities = st.lists(st.floats(-3, 3), min_size=ENOUGH_SESSIONS, max_size=25)


def counted(*groups: list[int]) -> pd.DataFrame:
    """A row of score counts for each group."""
    return pd.DataFrame([{name: group.count(score) for score, name in enumerate(HISTOGRAM, 1)} for group in groups])


@given(scores)
def test_mean_and_band_are_those_of_the_single_scores(group: list[int]) -> None:
    row = with_means(counted(group)).iloc[0]
    assert row["mean"] == pytest.approx(statistics.mean(group))
    if len(group) < 2:
        assert math.isnan(row["low"])
        assert math.isnan(row["high"])
        return
    half = statistics.NormalDist().inv_cdf(0.95) * statistics.stdev(group) / math.sqrt(len(group))
    assert row["low"] == pytest.approx(max(1, statistics.mean(group) - half))
    assert row["high"] == pytest.approx(min(10, statistics.mean(group) + half))


@given(st.lists(scores, min_size=1, max_size=5))
def test_rows_do_not_know_of_one_another(groups: list[list[int]]) -> None:
    together = with_means(counted(*groups))
    for place, group in enumerate(groups):
        pd.testing.assert_series_equal(together.iloc[place], with_means(counted(group)).iloc[0], check_names=False)


def test_nothing_graded_has_no_mean() -> None:
    row = with_means(counted([])).iloc[0]
    assert row[["mean", "low", "high"]].isna().all()
    assert row["few"]


@pytest.mark.parametrize(("n", "few"), [(FEW - 1, True), (FEW, False)])
def test_few_are_marked(n: int, few: bool) -> None:
    assert with_means(counted([5] * n)).iloc[0]["few"] == few


@given(abilities, st.data())
def test_the_slope_is_that_of_weighted_least_squares(values: list[float], data: st.DataObject) -> None:
    errors = data.draw(st.lists(st.floats(0.2, 1.5), min_size=len(values), max_size=len(values)))
    found = trend(values, errors)
    expected = np.polyfit(np.arange(len(values)), values, 1, w=1 / np.array(errors))[0]
    assert found.slope == pytest.approx(expected, abs=1e-9)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.slope <= found.high


@given(abilities)
def test_a_mirror_image_says_the_opposite(values: list[float]) -> None:
    up, down = trend(values, np.full(len(values), 0.5)), trend([-value for value in values], np.full(len(values), 0.5))
    assert up.slope == pytest.approx(-(down.slope or 0), abs=1e-9)
    opposite = {"improving": "worth a look", "worth a look": "improving"}
    assert down.label == opposite.get(up.label, up.label)


@given(abilities, st.floats(-5, 5))
def test_being_better_all_along_is_no_growth(values: list[float], more: float) -> None:
    errors = np.full(len(values), 0.5)
    assert trend([value + more for value in values], errors).slope == pytest.approx(
        trend(values, errors).slope, abs=1e-9
    )


def test_steep_and_even_growth_is_improving() -> None:
    assert trend([-1, -0.6, -0.2, 0.2, 0.6, 1.0], [0.3] * 6).label == "improving"


def test_a_flat_line_of_many_sure_sessions_is_steady() -> None:
    assert trend([0.5] * 12, [0.4] * 12).label == "steady"


def test_a_steep_fall_is_worth_a_look() -> None:
    assert trend([2, 1.5, 1, 0.5, 0, -0.5], [0.3] * 6).label == "worth a look"


def test_scatter_is_no_evidence() -> None:
    assert trend([-2, 2, -1.5, 2.5, -2, 2], [0.3] * 6).label == "not enough evidence yet"


@pytest.mark.parametrize("n", range(ENOUGH_SESSIONS))
def test_a_few_sessions_say_nothing(n: int) -> None:
    found = trend(np.arange(n) * 1.0, np.full(n, 0.1))
    assert (found.label, found.slope, found.low, found.high) == ("not enough evidence yet", None, None, None)


def test_sessions_without_an_estimate_are_left_out() -> None:
    values, errors = [0.0, math.nan, 0.5, 1.0, 9.0, 1.5], [0.3, 0.3, 0.3, 0.3, math.nan, 0.3]
    assert trend(values, errors) == trend([0.0, 0.5, 1.0, 1.5], [0.3] * 4)
    assert trend([0.0, 0.5, 1.0, None], [0.3] * 4).slope is None  # type: ignore[list-item]


def test_more_sessions_than_the_table_of_t_has_rows_are_no_problem() -> None:
    for n in range(ENOUGH_SESSIONS, len(T95) + 10):
        assert trend(np.sin(np.arange(n)), np.full(n, 0.3)).slope is not None


def test_the_points_of_students_t_fall_towards_the_normal_ones() -> None:
    assert list(T95) == sorted(T95, reverse=True)
    assert T95[-1] > Z90
