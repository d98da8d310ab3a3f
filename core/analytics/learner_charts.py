"""A learner's own charts as Vega-Lite specifications: interviews over time, of which a point can be chosen, and skills."""

from functools import cache
from typing import Any

import altair as alt

from core.analytics.charts import HEIGHT, SCORE, TICKS, Rows, spec_of
from core.speech.delivery import EASY_PACE

CHOSEN = "chosen"
"""The name of the selection: its one field is the public_id of the interview whose point was chosen."""
SKILLS, FELT = Rows(50, 38), Rows(147, 40)
FEW_COLOR, LIMIT_COLOR = "#c3c9d5", "#8a93a5"
RESULTS = {"Right (7–10)": "#2746b3", "Partly (5–6)": "#9db4ff", "Wrong (1–4)": "#c2570c"}
"""How an answer came out, with its colour."""
CLOCK = "timeFormat(datum.value, seconds(datum.value) ? '%H:%M:%S' : '%H:%M')"
DAY = "timeFormat(datum.value, '%-d %b')"
TIMES = f"!(hours(datum.value) || minutes(datum.value)) ? {DAY} : datum.index == 0 ? [{CLOCK}, {DAY}] : {CLOCK}"
"""The label of a tick: its day, or the clock where it falls within one, with the day once, under the first."""
GAPS = alt.Scale(paddingInner=0.05)
SHADES = ["#dfe7ff", "#2746b3"]
"""Light to dark: told apart without telling red from green."""


def _interviews(*shown: alt.Tooltip) -> alt.Chart:
    return alt.Chart(height=HEIGHT).encode(
        x=alt.X("started_at:T", title=None, axis=alt.Axis(labelExpr=TIMES, tickCount=5, labelOverlap=True)),
        color=alt.Color("Domain:N", legend=alt.Legend(orient="bottom", title=None, columns=2, labelLimit=150)),
        tooltip=[alt.Tooltip("Domain:N"), alt.Tooltip("Day:N"), *shown],
    )


def _points(base: alt.Chart) -> Any:
    return base.mark_point(filled=True, size=80, opacity=1, cursor="pointer").add_params(
        alt.selection_point(name=CHOSEN, fields=["public_id"])
    )


@cache
def scores_over_time() -> dict[str, Any]:
    """Mean score of each interview. Columns started_at, Day, Domain, public_id, mean, n."""
    shown = [alt.Tooltip("mean:Q", title="Mean score", format=".1f"), alt.Tooltip("n:Q", title="Graded answers")]
    base = _interviews(*shown).encode(
        y=alt.Y("mean:Q", title="Mean score", scale=SCORE, axis=alt.Axis(values=TICKS)),
    )
    return spec_of(base.mark_line(opacity=0.4) + _points(base))


@cache
def levels_over_time() -> dict[str, Any]:
    """Mean level of the questions of each interview. Columns started_at, Day, Domain, public_id, level, n."""
    shown = [alt.Tooltip("level:Q", title="Mean level", format=".1f"), alt.Tooltip("n:Q", title="Graded answers")]
    scale = alt.Scale(domain=[1, 5], nice=False)
    base = _interviews(*shown).encode(
        y=alt.Y("level:Q", title="Level of the questions", scale=scale, axis=alt.Axis(values=[1, 2, 3, 4, 5])),
    )
    return spec_of(base.mark_line(opacity=0.4) + _points(base))


@cache
def hints_over_time() -> dict[str, Any]:
    """Hints for every ten answers of each interview. Columns started_at, Day, Domain, public_id, rate, hints, answered."""
    shown = [alt.Tooltip("hints:Q", title="Hints"), alt.Tooltip("answered:Q", title="Answers")]
    scale = alt.Scale(domain=alt.DomainUnionWith(unionWith=[0, 1]))  # without a hint there would be no scale at all
    y = alt.Y("rate:Q", title="Hints in ten answers", scale=scale, axis=alt.Axis(tickCount=4))
    base = _interviews(*shown).encode(y=y)
    return spec_of(base.mark_line(opacity=0.4) + _points(base))


@cache
def pace_over_time() -> dict[str, Any]:
    """Words a minute of each interview's spoken answers, between the lines of what is easy to follow. Columns started_at, Day, Domain,
    public_id, pace, fillers."""
    shown = [
        alt.Tooltip("pace:Q", title="Words a minute", format=".0f"),
        alt.Tooltip("fillers:Q", title="Fillers a minute, at least", format=".1f"),
    ]
    base = _interviews(*shown).encode(y=alt.Y("pace:Q", title="Words a minute", scale=alt.Scale(zero=False)))
    once = alt.Chart().transform_aggregate(n="count()")  # or there would be a line for every row
    limits = [once.mark_rule(color=LIMIT_COLOR).encode(y=alt.datum(words)) for words in EASY_PACE]
    return spec_of(alt.layer(*limits, base.mark_line(opacity=0.4), _points(base)))


@cache
def ability_over_time() -> dict[str, Any]:
    """Difficulty-adjusted ability as the level it stands for, with its band. Columns started_at, Day, Domain, public_id, mean,
    low, high."""
    shown = [
        alt.Tooltip("mean:Q", title="Level", format=".1f"),
        alt.Tooltip("low:Q", title="from", format=".1f"),
        alt.Tooltip("high:Q", title="to", format=".1f"),
    ]
    level = alt.Scale(domain=[0, 6], nice=False, clamp=True)
    base = _interviews(*shown)
    bars = base.mark_rule(opacity=0.4, strokeWidth=2).encode(
        y=alt.Y("low:Q", scale=level, title="Level half mastered"), y2="high:Q"
    )
    points = _points(base).encode(
        y=alt.Y("mean:Q", scale=level, title="Level half mastered", axis=alt.Axis(values=[1, 2, 3, 4, 5])),
    )
    return spec_of(bars + points)


@cache
def calibration() -> dict[str, Any]:
    """How answers came out by how sure the learner was. Columns Felt, Result, share, n, place (the order of results)."""
    return spec_of(
        alt.Chart(height=alt.Step(FELT.each))
        .mark_bar(cornerRadius=2)
        .encode(
            x=alt.X("sum(share):Q", title="Share of answers", axis=alt.Axis(format="%", tickCount=4), scale=alt.Scale(domain=[0, 1])),
            y=alt.Y("Felt:N", title=None, sort=["Sure", "Unsure"]),
            color=alt.Color(
                "Result:N",
                scale=alt.Scale(domain=[*RESULTS], range=[*RESULTS.values()]),
                legend=alt.Legend(orient="bottom", title=None, labelLimit=150),
            ),
            order=alt.Order("place:Q"),
            tooltip=[alt.Tooltip("Felt:N"), alt.Tooltip("Result:N"), alt.Tooltip("n:Q", title="Answers")],
        )
    )  # fmt: skip


@cache
def skills_by_period() -> dict[str, Any]:
    """Mean score by skill and period with n in each cell, grey where n is small. Columns Skill, Period, place, mean, n, few,
    weakness (the order of the skills)."""
    base = alt.Chart(height=alt.Step(SKILLS.each)).encode(
        x=alt.X("Period:N", sort=alt.EncodingSortField("place", op="min"), title=None, scale=GAPS,
                axis=alt.Axis(orient="top", labelAngle=0, labelOverlap=True, domain=False, ticks=False)),
        y=alt.Y("Skill:N", sort=alt.EncodingSortField("weakness", op="min"), title=None, scale=GAPS,
                axis=alt.Axis(labelLimit=alt.ExprRef("width > 500 ? 260 : 130"), domain=False, ticks=False)),
        tooltip=[
            alt.Tooltip("Skill:N"),
            alt.Tooltip("Period:N"),
            alt.Tooltip("mean:Q", title="Mean score", format=".1f"),
            alt.Tooltip("n:Q", title="Answers"),
        ],
    )  # fmt: skip
    shade = alt.Color("mean:Q", scale=alt.Scale(domain=[1, 10], range=SHADES), legend=None)
    cells = base.mark_rect(cornerRadius=3).encode(color=alt.condition(alt.datum.few, alt.value(FEW_COLOR), shade))
    light = (alt.datum.mean > 6) & ~alt.datum.few
    ink = alt.condition(light, alt.value("#ffffff"), alt.value("#1b2130"))
    means = base.mark_text(dy=-6, fontSize=13, fontWeight=600).encode(text=alt.Text("mean:Q", format=".1f"), color=ink)
    counts = base.transform_calculate(label="'n ' + datum.n").mark_text(dy=9, fontSize=10)
    return spec_of(cells + means + counts.encode(text="label:N", color=ink))
