"""Choosing narrows: what is clicked in a chart of a cohort becomes filters of the page, which stand in its address."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from core.analytics.charts import CHOSEN
from core.storage.ids import week_of

EARLIEST = dt.timedelta(hours=14)
"""By so much clocks are ahead of UTC where the day begins first."""
Filters = Mapping[str, tuple[str, Callable[[Any], Any]]]
"""Of a field of what is clicked, the filter that it sets, and how its value is read."""


def monday(value: Any) -> str:
    """The Monday of a chart's week as it stands in the address.

    Charts say milliseconds since 1970 of the midnight where the browser is, which is the day before, in UTC, in the East.
    """
    if isinstance(value, str):
        return dt.datetime.fromisoformat(value).date().isoformat()
    return week_of(dt.datetime.fromtimestamp(value / 1000, dt.UTC) + EARLIEST).isoformat()


WEEK: Filters = {"week": ("week", monday)}
SCORE: Filters = {"score": ("score", int)}


def narrowing(key: str, filters: Filters, **along: Any) -> Callable[[], None]:
    """What takes a click in the chart with this key into the filters, and sets others `along` with them.

    What was clicked is let go by another click, and with it the filters.
    """

    def take() -> None:
        chosen = st.session_state[key]["selection"].get(CHOSEN, [])
        for field, (name, read) in filters.items():
            st.session_state[name] = read(chosen[0][field]) if chosen else None
        if chosen:
            st.session_state.update(along)

    return take
