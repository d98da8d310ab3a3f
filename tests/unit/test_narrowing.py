"""A click in a chart becomes filters of the page."""

from typing import Any

import pytest

from core.analytics.charts import CHOSEN
from ui import narrowing
from ui.narrowing import SCORE, WEEK


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    state: dict[str, Any] = {"view": "How it goes"}
    monkeypatch.setattr(narrowing.st, "session_state", state)
    return state


def click(state: dict[str, Any], *chosen: dict[str, Any]) -> None:
    state["chart"] = {"selection": {CHOSEN: list(chosen)}}


def test_a_week_is_read_from_what_a_chart_says_of_it(state: dict[str, Any]) -> None:
    for value in (1_790_553_600_000, "2026-09-28", "2026-09-28T00:00:00"):
        click(state, {"week": value})
        narrowing.narrowing("chart", WEEK)()
        assert (state["week"], state["view"]) == ("2026-09-28", "How it goes")


@pytest.mark.parametrize("hours", [-12, -8, 0, 1, 5.5, 14])
def test_a_week_is_its_monday_wherever_the_browser_is(state: dict[str, Any], hours: float) -> None:
    midnight_there = 1_790_553_600_000 - int(hours * 3_600_000)
    click(state, {"week": midnight_there})
    narrowing.narrowing("chart", WEEK)()
    assert state["week"] == "2026-09-28"


def test_a_click_takes_the_page_along_to_where_it_is_shown(state: dict[str, Any]) -> None:
    click(state, {"score": 6.0})
    narrowing.narrowing("chart", SCORE, view="Learners")()
    assert (state["score"], state["view"]) == (6, "Learners")


def test_a_click_beside_lets_go_and_stays_where_it_is(state: dict[str, Any]) -> None:
    state["score"] = 6
    click(state)
    narrowing.narrowing("chart", SCORE, view="Learners")()
    assert (state["score"], state["view"]) == (None, "How it goes")
