"""Recordings to listen to."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from core.speech.recordings import Recorded
from ui.web.sound import SOUND

STYLE = "width: 100%; max-width: 26rem; height: 2.5rem; color-scheme: light dark"


def duration(row: Recorded, before: str = "") -> str:
    """The recording's length as 0:42, with what goes before it; nothing where only a decoder could tell."""
    if row.seconds is None:
        return ""
    minutes, seconds = divmod(round(row.seconds), 60)
    return f"{before}{minutes}:{seconds:02d}"


def draw_player(row: Recorded) -> None:
    """The browser's own player; nothing is fetched before somebody presses play."""
    source = f"{SOUND}?of={escape(row.name or '')}"
    st.html(f'<audio controls preload="none" src="{source}" style="{STYLE}" aria-label="Recording"></audio>')


def draw_kept(rows: Sequence[Recorded]) -> None:
    """The recordings that were kept of an answer."""
    for row in rows:
        if row.here:
            draw_player(row)
        else:
            st.caption(":material/mic_off: This recording lies on another server.")
