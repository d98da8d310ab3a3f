"""Charts as pictures, drawn from the same specification that the browser draws."""

import re
import tomllib
from xml.etree import ElementTree

import pandas as pd

from core.analytics import charts, learner_charts
from core.analytics.pictures import COLORS, SCALE, WIDTH, png, svg
from core.config import ROOT

HOSTILE = "<script>x</script> ![x](http://evil.example/1.png)"
SCORES = pd.DataFrame(
    {
        "started_at": pd.to_datetime(["2026-10-01", "2026-10-08"], utc=True),
        "Day": ["1 Oct 2026", "8 Oct 2026"],
        "Domain": ["Law", HOSTILE],
        "public_id": ["a", "b"],
        "mean": [4.0, 6.5],
        "n": [5, 6],
    }
)


def test_an_svg_has_the_title_the_points_and_names_as_mere_text() -> None:
    drawn = ElementTree.fromstring(  # noqa: S314 our own drawing
        svg("Scores", SCORES, learner_charts.scores_over_time())
    )
    texts = [node.text for node in drawn.iter() if node.text]
    assert "Scores" in texts
    assert any(text.startswith("<script>") for text in texts)
    tags = {node.tag.rpartition("}")[2] for node in drawn.iter()}
    assert "path" in tags
    assert not {"script", "image", "a", "foreignObject"} & tags


def test_interviews_of_one_day_are_told_apart_by_the_clock() -> None:
    starts = pd.to_datetime(["2026-11-27T09:10", "2026-11-27T10:40", "2026-11-27T12:20"], utc=True)
    frame = SCORES.iloc[[0, 0, 0]].assign(started_at=starts)
    drawn = ElementTree.fromstring(svg("Scores", frame, learner_charts.scores_over_time()))  # noqa: S314 our own drawing
    texts = [node.text for node in drawn.iter() if node.text]
    assert sum("Nov" in text for text in texts) <= 1
    assert sum(":" in text for text in texts) > 1


def test_dates_under_a_chart_by_week_are_mondays() -> None:
    weeks = pd.date_range("2026-08-31", periods=13, freq="7D")
    frame = pd.DataFrame({"week": weeks, "learners": 3, "started": 4, "finished": 2})
    drawn = ElementTree.fromstring(svg("Practice", frame, charts.activity()))  # noqa: S314 our own drawing
    dates = {node.text for node in drawn.iter() if node.text and re.fullmatch(r"\d\d \w{3}", node.text)}
    assert len(dates) > 3
    assert dates <= {f"{week:%d %b}" for week in weeks}


def test_the_colours_are_those_that_the_browser_adds() -> None:
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]
    assert theme["chartCategoricalColors"] == COLORS


def test_a_png_has_the_width_that_was_asked_for() -> None:
    drawn = png("Scores", SCORES, learner_charts.scores_over_time())
    assert drawn.startswith(b"\x89PNG")
    assert int.from_bytes(drawn[16:20]) >= WIDTH * SCALE
