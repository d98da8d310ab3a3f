"""Draws how an answer was delivered, on the report. Never a score."""

import streamlit as st

from core.interview.records import TurnView
from core.speech.delivery import Band, filler_rate, notes

BADGES: dict[Band, tuple[str, str]] = {
    "good": ("green", "good"),
    "fair": ("orange", "fair"),
    "poor": ("red", "worth practising"),
}


def draw_delivery(turn: TurnView) -> None:
    """What there is to be said of how an answer was spoken or put, folded away; nothing where nothing is."""
    found = notes(turn.delivery) if turn.delivery else []
    if not found:
        return
    spoken = turn.input_mode == "voice"
    folded = st.expander("How it was said" if spoken else "How it was put", icon=":material/graphic_eq:",
                         key=f"delivery-{turn.number}", on_change="rerun")  # fmt: skip
    if not folded.open:  # a dozen small pieces below each of 25 answers are made when somebody reads them
        return
    with folded:
        for note in found:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(f"**{note.name}:** {note.value}", width="content")
                if note.band in BADGES:
                    color, label = BADGES[note.band]
                    st.badge(label, color=color)
                if note.advice:
                    st.caption(note.advice, width="content")
        if spoken and turn.delivery and "speech" not in turn.delivery:
            st.caption(
                "Pace, fillers and pauses aren't shown: the recording is too noisy for them, or can't be measured."
            )
        st.caption(
            "Advice only: none of this is in your score. Recognisers leave out some fillers, so there may be more."
            if spoken and turn.delivery and filler_rate(turn.delivery) is not None
            else "Advice only: none of this is in your score."
        )
