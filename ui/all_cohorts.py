"""All cohorts beside each other: what may be said of their order, and the way into each."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import pandas as pd
import streamlit as st
from sqlalchemy.orm import Session

from core.analytics import charts
from core.analytics.overview import RANKED_FROM, overview, ranked, scores_by_cohort
from core.analytics.scope import Scope
from core.storage.ids import week_of
from ui.charts import choose_source, draw_chart
from ui.cohort_views import NOTHING_GRADED
from ui.downloads import draw_downloads

CHART, TABLE = "all-cohorts-chart", "all-cohorts"


def draw_overview(session: Session, scope: Scope, now: dt.datetime) -> None:
    """All cohorts of the scope by the grades of one engine, drawn and as a table; a click in either opens one of them."""
    scores = scores_by_cohort(session, scope)
    by_engine = scores.groupby("source")["n"].sum().sort_values(ascending=False, kind="stable")
    if by_engine.empty:
        st.info(NOTHING_GRADED)
        return
    source = choose_source(list(by_engine.index))
    rows = ranked(overview(session, replace(scope, source=source), scores[scores["source"] == source], week_of(now)))
    several = rows["programme"].nunique() > 1
    rows = rows.assign(Cohort=rows["programme"] + " ▸ " + rows["name"] if several else rows["name"])
    placed = rows.dropna(subset=["shrunk"])
    if len(placed) > 1:
        says = (
            f"Each mean with its 90 % band; where bands overlap, neither cohort is ahead. Means of few responses are drawn "
            f"toward the mean of all, and none under {RANKED_FROM} responses is shown. A click on a cohort opens it."
        )
        columns = {
            "Cohort": "Cohort",
            "shrunk": "Mean score",
            "shrunk_low": "From",
            "shrunk_high": "To",
            "n": "Responses",
        }
        draw_chart("Cohorts by mean score", placed, charts.bands_by("Cohort"), says, columns, key=CHART,
                   on_select=_open_clicked, height=charts.BARS.height(len(placed)))  # fmt: skip
    _draw_table(rows, several)


def _draw_table(rows: pd.DataFrame, several: bool) -> None:
    place = [
        "too few responses" if pd.isna(low) else f"{low:.0f}" if low == high else f"{low:.0f}–{high:.0f}"
        for low, high in zip(rows["rank_from"], rows["rank_to"], strict=True)
    ]
    table = pd.DataFrame(
        {
            **({"Programme": rows["programme"]} if several else {}),
            "Cohort": rows["name"],
            "Learners": rows["learners"],
            "Practising": rows["active"],
            "Responses": rows["n"],
            "Mean": rows["mean"].round(1),
            "90 % band": [_band(low, high) for low, high in zip(rows["low"], rows["high"], strict=True)],
            "Level served": rows["level"].round(1),
            "Place": place,
        }
    )
    one_digit = st.column_config.NumberColumn(format="%.1f")
    practising = st.column_config.NumberColumn(
        help="Learners who began an interview this week or last, whichever was the busier."
    )
    config = {"Practising": practising, "Mean": one_digit, "Level served": one_digit}
    st.dataframe(
        table, hide_index=True, width="stretch", column_config=config,
        on_select=partial(_open_row, rows["public_id"].tolist()), selection_mode="single-row", key=TABLE,
        alt="All cohorts with their scores and possible places",
    )  # fmt: skip
    draw_downloads(table, "All cohorts")
    st.caption(
        "Places that the 90 % bands allow. Cohorts differ in whom they take in and in what they were asked. A row opens its "
        "cohort."
    )


def _open_row(public_ids: Sequence[str]) -> None:
    if chosen := st.session_state[TABLE]["selection"]["rows"]:
        _open(public_ids[chosen[0]])


def _open_clicked() -> None:
    if chosen := st.session_state[CHART]["selection"].get(charts.CHOSEN, []):
        _open(chosen[0]["public_id"])


def _open(public_id: str) -> None:
    st.session_state.update(cohort=public_id, view="How it goes")


def _band(low: float, high: float) -> str:
    return "–" if pd.isna(low) else f"{low:.1f}–{high:.1f}"
