"""The charts take whatever frame they are drawn with."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import altair as alt
import pytest
from jsonschema import ValidationError as SchemaValidationError

from core.analytics import charts, learner_charts

ALL = [
    learner_charts.ability_over_time,
    learner_charts.scores_over_time,
    learner_charts.levels_over_time,
    learner_charts.hints_over_time,
    learner_charts.pace_over_time,
    learner_charts.skills_by_period,
    learner_charts.calibration,
    lambda: charts.weekly("score"),
    lambda: charts.weekly("ability"),
    charts.activity,
    charts.distributions,
    charts.skill_levels,
    lambda: charts.means_by("Skill"),
    lambda: charts.bands_by("Cohort"),
]


@pytest.mark.parametrize("make", ALL)
def test_no_part_of_a_chart_has_data_of_its_own_that_hides_the_frame(make: Callable[[], dict[str, Any]]) -> None:
    spec = make()
    assert not [part for part in (spec, *spec.get("layer", ())) if "data" in part or "datasets" in part]


@pytest.mark.parametrize("make", ALL)
def test_a_chart_is_valid_vega_lite_once_it_has_data(make: Callable[[], dict[str, Any]]) -> None:
    spec = {**make(), "data": {"name": "frame"}}
    alt.Chart.from_dict(spec, validate=True)
    json.dumps(spec)
    with pytest.raises(SchemaValidationError):
        alt.Chart.from_dict({**spec, "height": "tall"}, validate=True)


@pytest.mark.parametrize(
    ("make", "columns"),
    [
        (learner_charts.ability_over_time, {"started_at", "Day", "mean", "low", "high", "Domain"}),
        (learner_charts.scores_over_time, {"started_at", "Day", "mean", "Domain", "n"}),
        (learner_charts.levels_over_time, {"started_at", "Day", "level", "Domain", "n"}),
        (learner_charts.hints_over_time, {"started_at", "Day", "rate", "Domain", "hints", "answered"}),
        (learner_charts.pace_over_time, {"started_at", "Day", "pace", "fillers", "Domain"}),
        (learner_charts.skills_by_period, {"Skill", "Period", "place", "mean", "n", "label", "weakness"}),
        (learner_charts.calibration, {"Felt", "Result", "share", "n", "place"}),
        (lambda: charts.weekly("score"), {"week", "mean", "low", "high", "n", "Cohort"}),
        (charts.distributions, {"score", "share", "n", "Group"}),
        (lambda: charts.means_by("Skill"), {"Skill", "mean", "n"}),
        (lambda: charts.bands_by("Cohort"), {"Cohort", "shrunk", "shrunk_low", "shrunk_high", "n"}),
    ],
)
def test_a_chart_asks_for_the_columns_that_it_names(make: Callable[[], dict[str, Any]], columns: set[str]) -> None:
    assert set(_fields(make())) == columns


def _fields(part: Any) -> Iterator[str]:
    """Every column that some part of a specification reads."""
    if isinstance(part, dict):
        if isinstance(part.get("field"), str):
            yield part["field"]
        for value in part.values():
            yield from _fields(value)
    elif isinstance(part, list):
        for value in part:
            yield from _fields(value)


@pytest.mark.parametrize("make", ALL[:5])
def test_a_point_of_a_learners_chart_says_which_interview_it_is(make: Callable[[], dict[str, Any]]) -> None:
    (chosen,) = make()["params"]
    assert chosen["name"] == learner_charts.CHOSEN
    assert chosen["select"]["fields"] == ["public_id"]
