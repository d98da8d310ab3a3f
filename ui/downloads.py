"""What is on the screen as a file: made when it is asked for, and written down where it names learners."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from core.analytics.exports import EXCEL, EXCEL_ROWS, frame_as_csv, frame_as_excel
from core.analytics.pictures import png, svg

OWN_CSV = (
    '<style>[data-testid^="stElementToolbarButton"]:has([aria-label^="Download as CSV"]) { display: none; }</style>'
)
"""Takes Streamlit's download away from its tables: there a name that is a formula is one, and nobody writes it down."""


def draw_pictures(title: str, frame: pd.DataFrame, spec: dict[str, Any]) -> None:
    """The chart as a picture, in either kind."""
    name = file_name(title)
    for kind, make, mime in (("PNG", png, "image/png"), ("SVG", svg, "image/svg+xml")):
        st.download_button(kind, partial(make, title, frame, spec), f"{name}.{kind.lower()}", mime,
                           key=f"{kind}-{name}", on_click="ignore", type="tertiary", icon=":material/image:",
                           help=f"This chart as a picture ({kind})")  # fmt: skip


def draw_downloads(
    table: pd.DataFrame | Callable[[], pd.DataFrame], title: str, taken: Callable[[], None] | None = None
) -> None:
    """The table as CSV and as Excel; `taken` is called before a file is made, and may refuse by raising.

    A table of which only a page is shown is a function that reads it whole.
    """
    name = file_name(title)

    def made(make: Callable[[pd.DataFrame], bytes]) -> Callable[[], bytes]:
        def make_it() -> bytes:
            if taken is not None:
                taken()
            return make(table if isinstance(table, pd.DataFrame) else table())

        return make_it

    with st.container(horizontal=True):
        st.download_button("CSV", made(frame_as_csv), f"{name}.csv", "text/csv", key=f"csv-{name}", on_click="ignore",
                           type="tertiary", icon=":material/download:", help="This table as a CSV file")  # fmt: skip
        if not isinstance(table, pd.DataFrame) or len(table) <= EXCEL_ROWS:
            st.download_button("Excel", made(frame_as_excel), f"{name}.xlsx", EXCEL, key=f"excel-{name}",
                               on_click="ignore", type="tertiary", icon=":material/download:",
                               help="This table as an Excel file")  # fmt: skip


def file_name(title: str) -> str:
    """The title as part of a file's name, and of a widget's key."""
    return re.sub(r"\W+", "-", title.lower()).strip("-")
