"""Charts as pictures for slides and letters, drawn here and not by a browser."""

import json
from typing import Any

import pandas as pd

VEGA_LITE = "6.4"
WIDTH, SCALE = 720, 2
"""Pixels of a drawing's width, and how many pixels of a PNG stand for one."""
COLORS = ["#3457d5", "#c2570c", "#0f8a6d", "#8b3fb8", "#b3261e", "#5b6472"]
"""Those of the light theme in .streamlit/config.toml, which the browser adds to charts itself."""
LOOKS = {
    "background": "#ffffff",
    "font": "sans-serif",
    "range": {"category": COLORS},
    "title": {"anchor": "start", "fontSize": 16, "offset": 12},
    "view": {"stroke": None},
}


def svg(title: str, frame: pd.DataFrame, spec: dict[str, Any]) -> bytes:
    """The chart as SVG, with its title."""
    import vl_convert  # takes a while, and few people want a picture

    drawn: str = vl_convert.vegalite_to_svg(_whole(title, frame, spec), vl_version=VEGA_LITE)
    return drawn.encode()


def png(title: str, frame: pd.DataFrame, spec: dict[str, Any]) -> bytes:
    """The chart as PNG, with its title."""
    import vl_convert

    whole = _whole(title, frame, spec)
    drawn: bytes = vl_convert.vegalite_to_png(whole, vl_version=VEGA_LITE, scale=SCALE)
    return drawn


def _whole(title: str, frame: pd.DataFrame, spec: dict[str, Any]) -> dict[str, Any]:
    values = json.loads(frame.to_json(orient="records", date_format="iso"))
    return {
        **spec,
        "title": title,
        "width": WIDTH,
        "data": {"values": values},
        "config": {**spec.get("config", {}), **LOOKS},
    }
