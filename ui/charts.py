"""Draws a chart with what it shows in words, and its numbers behind it."""

from collections.abc import Callable
from typing import Any, Literal

import pandas as pd
import streamlit as st

from core.analytics.charts import HEIGHT
from core.analytics.frames import HISTOGRAM
from ui.access import require
from ui.downloads import draw_downloads, draw_pictures, file_name
from ui.safe import plain
from ui.turns import SOURCES

NUMBER, NUMBER_WITH_WORD = 108, 135
"""Pixels of a number in a box, and of one with a word under it: held until the browser has what draws it."""
LONGEST = 1000
"""Letters of a sentence under a chart."""


def draw_chart(
    title: str,
    frame: pd.DataFrame,
    spec: dict[str, Any],
    says: str,
    columns: dict[str, str],
    *,
    key: str | None = None,
    on_select: Literal["rerun"] | Callable[[], None] = "rerun",
    height: int = HEIGHT,
) -> Any:
    """A heading, the chart, a sentence that says what it shows, and the table; `columns` names what the table has.

    Title and sentence are mere text: names in them are made harmless here. With a key, returns what is selected in the
    chart, by the names of the specification's selections, and calls `on_select` when that changes. The height, in pixels,
    is held until the chart is there.
    """
    st.subheader(plain(title), anchor=False)
    selecting: dict[str, Any] = {"key": key, "on_select": on_select} if key else {}
    alt = f"{title}. {says}"
    state = st.vega_lite_chart(frame, spec, width="stretch", height=height, alt=alt, **selecting)
    st.caption(plain(says, LONGEST))
    st.fragment(_draw_numbers)(title, frame, spec, columns)
    return state["selection"] if key else {}


def _draw_numbers(title: str, frame: pd.DataFrame, spec: dict[str, Any], columns: dict[str, str]) -> None:
    """The table behind a chart, and its files: made, and sent, only when somebody opens it."""
    numbers = st.expander("The numbers", key=f"numbers-{file_name(title)}", on_change="rerun")
    if not numbers.open:
        return
    require()  # a fragment reruns without its page
    with numbers:
        table = frame[list(columns)].rename(columns=columns).round(2)
        st.dataframe(table, hide_index=True, width="stretch", alt=f"{title}: the numbers")
        with st.container(horizontal=True):
            draw_downloads(table, title)
            if len(frame):
                draw_pictures(title, frame, spec)


def choose_source(sources: list[str]) -> str:
    """Which grades to look at: different engines are never drawn together."""
    if len(sources) == 1:
        st.caption(f"Scores: {SOURCES.get(sources[0], sources[0])}.")
        return sources[0]
    chosen = st.segmented_control(
        "Scores", sources, format_func=lambda s: SOURCES.get(s, s), default=sources[0], required=True, key="source",
        bind="query-params",
    )  # fmt: skip
    st.caption("Scores of different engines are not compared with each other.")
    return str(chosen)


def histogram_long(counts: pd.DataFrame) -> pd.DataFrame:
    """One row a score from rows of counts h1..h10 together: score, n, share."""
    n = counts[HISTOGRAM].to_numpy(dtype="int64").sum(axis=0)
    return pd.DataFrame({"score": range(1, 11), "n": n, "share": n / max(n.sum(), 1)})
