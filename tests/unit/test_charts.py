"""The charts take whatever frame they are drawn with."""

from collections.abc import Callable
from typing import Any

import pytest

from core.analytics import charts

ALL = [
    charts.scores_over_time,
    charts.ability_over_time,
    charts.weekly_means,
    charts.distribution,
    lambda: charts.means_by("Skill"),
]


@pytest.mark.parametrize("make", ALL)
def test_no_part_of_a_chart_has_data_of_its_own_that_hides_the_frame(make: Callable[[], dict[str, Any]]) -> None:
    spec = make()
    assert not [part for part in (spec, *spec.get("layer", ())) if "data" in part or "datasets" in part]
