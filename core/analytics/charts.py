"""Charts as Vega-Lite specifications without data, so that they are built once and drawn with any frame.

No text colour is fixed: the page's theme, light or dark, supplies it.
"""

from functools import cache
from typing import Any, NamedTuple

import altair as alt

SCORE = alt.Scale(domain=[1, 10], nice=False)
TICKS = [1, 4, 7, 10]
CHOSEN = "chosen"
"""The name of the selection in charts that are clicked on: what it says of the mark is named in each chart."""
PALE = 0.35
WEEKS = alt.Axis(
    # Weeks begin on Mondays here, but for the ticks of a chart on Sundays: each says the Monday beside it.
    labelExpr="timeFormat(day(datum.value) == 0 ? time(datum.value) + 86400000 : datum.value, '%d %b')",
    labelOverlap=True,
    tickCount=6,
)
HEIGHT, SPREAD_HEIGHT = 260, 330
"""Pixels of every chart whose rows don't set its height, and of one that has its legend below it as well."""


class Rows(NamedTuple):
    """How tall a chart is that has rows: the pixels of its axes and its legend, and those of each row."""

    edges: int
    each: int

    def height(self, n: int) -> int:
        """Pixels of the chart with n rows."""
        return self.edges + self.each * n


BARS, LEVEL_CELLS = Rows(77, 26), Rows(79, 30)


def clicked(marks: Any, *fields: str, opacity: float = 1.0) -> Any:
    """The marks, of which a click chooses one, and pales the others: the selection CHOSEN, with these fields of it."""
    is_chosen = f'datum && vlSelectionTest("{CHOSEN}_store", datum)'  # whose second click lets it go
    choice = alt.selection_point(name=CHOSEN, fields=list(fields), toggle=is_chosen)
    shown = alt.condition(choice, alt.value(opacity), alt.value(PALE * opacity))
    return marks.encode(opacity=shown).add_params(choice)


def spec_of(chart: Any) -> dict[str, Any]:
    """The chart without data of its own, in its layers too, which would otherwise hide the frame it is drawn with."""
    made: dict[str, Any] = chart.to_dict(validate=False)
    for part in (made, *made.get("layer", ())):
        part.pop("data", None)
        part.pop("datasets", None)
    made.pop("config", None)
    return made


@cache
def means_by(name: str) -> dict[str, Any]:
    """Bars of a mean score by `name`, weakest first, grey where there are few responses. Columns name, mean, n, few.

    A click chooses a bar by its `name`.
    """
    order = alt.EncodingSortField(field="mean", order="ascending")
    base = alt.Chart(height=alt.Step(BARS.each)).encode(
        y=alt.Y(f"{name}:N", sort=order, title=None, axis=alt.Axis(labelLimit=150)),
        x=alt.X("mean:Q", title="Mean score", scale=alt.Scale(domain=[0, 10]), axis=alt.Axis(values=[0, *TICKS])),
        tooltip=[
            alt.Tooltip(f"{name}:N"),
            alt.Tooltip("mean:Q", title="Mean score", format=".1f"),
            alt.Tooltip("n:Q", title="Responses"),
        ],
    )
    few = alt.condition(alt.datum.few, alt.value("#9aa3b2"), alt.value("#3f66d9"))
    bars = base.mark_bar(cornerRadiusEnd=3, height=16, cursor="pointer").encode(color=few)
    return spec_of(clicked(bars, name))


@cache
def bands_by(name: str) -> dict[str, Any]:
    """Means with their bands by `name`, the highest first. Columns name, shrunk, shrunk_low, shrunk_high, n, public_id.

    A click chooses one by its public_id.
    """
    order = alt.EncodingSortField(field="shrunk", order="descending")
    # At least five points wide, so that a small difference looks small.
    scale = alt.Scale(domain=alt.DomainUnionWith(unionWith=[4, 9]), zero=False, nice=False)
    score: dict[str, Any] = {"title": "Mean score", "scale": scale, "axis": alt.Axis(tickCount=6, format=".1f")}
    base = alt.Chart(height=alt.Step(BARS.each)).encode(
        y=alt.Y(f"{name}:N", sort=order, title=None, axis=alt.Axis(labelLimit=200, grid=True)),
        tooltip=[
            alt.Tooltip(f"{name}:N"),
            alt.Tooltip("shrunk:Q", title="Mean score", format=".2f"),
            alt.Tooltip("shrunk_low:Q", title="from", format=".2f"),
            alt.Tooltip("shrunk_high:Q", title="to", format=".2f"),
            alt.Tooltip("n:Q", title="Responses"),
        ],
    )
    band = base.mark_rule(strokeWidth=6, opacity=0.35, strokeCap="round", color="#3f66d9").encode(
        x=alt.X("shrunk_low:Q", **score), x2="shrunk_high:Q"
    )
    points = base.mark_point(filled=True, size=80, cursor="pointer", color="#3f66d9")
    return spec_of(band + clicked(points.encode(x=alt.X("shrunk:Q", **score)), "public_id"))


@cache
def weekly(measure: str) -> dict[str, Any]:
    """A measure of cohorts by week with its 90 % band, one colour a cohort. Columns week, mean, low, high, n, Cohort.

    `measure` is "score" or "ability", the latter as the level that is half mastered. A click chooses a point by its week.
    """
    scores = measure == "score"
    scale = SCORE if scores else alt.Scale(domain=[1, 5], nice=False)
    title = "Mean score" if scores else "Level half mastered"
    base = alt.Chart(height=HEIGHT).encode(
        x=alt.X("week:T", title=None, axis=WEEKS),
        color=alt.Color(
            "Cohort:N", legend=alt.Legend(orient="bottom", title=None, labelLimit=320, columns=1, symbolOpacity=1)
        ),
    )
    band = base.mark_area(opacity=0.18, clip=True).encode(y=alt.Y("low:Q", scale=scale, title=None), y2="high:Q")
    measured = base.encode(
        y=alt.Y("mean:Q", title=title, scale=scale, axis=alt.Axis(values=TICKS if scores else [1, 2, 3, 4, 5])),
        tooltip=[
            alt.Tooltip("Cohort:N"),
            alt.Tooltip("week:T", title="Week from", format="%d %b %Y"),
            alt.Tooltip("mean:Q", title=title, format=".2f"),
            alt.Tooltip("low:Q", title="from", format=".2f"),
            alt.Tooltip("high:Q", title="to", format=".2f"),
            alt.Tooltip("n:Q", title="Responses"),
        ],
    )
    points = measured.mark_point(filled=True, size=70, clip=True, cursor="pointer")
    return spec_of(band + measured.mark_line(clip=True) + clicked(points, "week"))


@cache
def activity() -> dict[str, Any]:
    """Learners who practised and interviews begun by week; a click chooses a week. Columns week, learners, started, finished."""
    base = alt.Chart(height=HEIGHT).encode(
        x=alt.X("week:T", title=None, axis=WEEKS),
        tooltip=[
            alt.Tooltip("week:T", title="Week from", format="%d %b %Y"),
            alt.Tooltip("learners:Q", title="Learners who practised"),
            alt.Tooltip("started:Q", title="Interviews begun"),
            alt.Tooltip("finished:Q", title="of these finished"),
        ],
    )
    count = alt.Y("started:Q", title=None, axis=alt.Axis(tickMinStep=1))
    bars = base.mark_bar(width=14, cornerRadiusEnd=3, cursor="pointer").encode(y=count)
    line = base.mark_line(point=True).encode(y=alt.Y("learners:Q", title=None))
    return spec_of(clicked(bars, "week", opacity=0.45) + line)


@cache
def distributions() -> dict[str, Any]:
    """How scores are spread, group beside group; a click chooses a score. Columns score, share, n, Group."""
    bars = (
        alt.Chart(height=SPREAD_HEIGHT)
        .mark_bar(cornerRadiusEnd=2, cursor="pointer")
        .encode(
            x=alt.X("score:O", title="Score", axis=alt.Axis(labelAngle=0)),
            xOffset=alt.XOffset("Group:N", sort=None),
            y=alt.Y("share:Q", title="Share", axis=alt.Axis(format="%", tickCount=4)),
            color=alt.Color(
                "Group:N",
                sort=None,  # in the order of the data, so that the first has its colour in every chart
                legend=alt.Legend(orient="bottom", title=None, labelLimit=320, columns=1),
            ),
            tooltip=[
                alt.Tooltip("Group:N"),
                alt.Tooltip("score:O", title="Score"),
                alt.Tooltip("n:Q", title="Responses"),
                alt.Tooltip("share:Q", title="Share", format=".1%"),
            ],
        )
    )
    return spec_of(clicked(bars, "score"))


@cache
def skill_levels() -> dict[str, Any]:
    """Mean score by skill and level with the number of responses; a click chooses both. Columns Skill, level, mean, n, few."""
    base = alt.Chart(height=alt.Step(LEVEL_CELLS.each)).encode(
        x=alt.X("level:O", title="Level asked", axis=alt.Axis(labelAngle=0, orient="top")),
        y=alt.Y("Skill:N", title=None, axis=alt.Axis(labelLimit=170)),
        tooltip=[
            alt.Tooltip("Skill:N"),
            alt.Tooltip("level:O", title="Level"),
            alt.Tooltip("mean:Q", title="Mean score", format=".1f"),
            alt.Tooltip("n:Q", title="Responses"),
        ],
    )
    colour = alt.Color("mean:Q", scale=alt.Scale(domain=[1, 10], scheme="blues"), legend=None)
    cells = base.mark_rect(cornerRadius=4, cursor="pointer").encode(
        color=alt.condition(alt.datum.few, alt.value("#c3c9d4"), colour)
    )
    dark = alt.condition((alt.datum.mean > 6.5) & ~alt.datum.few, alt.value("white"), alt.value("#1b2130"))
    words = base.mark_text(fontSize=12, cursor="pointer").encode(text=alt.Text("Label:N"), color=dark)
    return spec_of(clicked(cells, "Skill", "level") + words)
