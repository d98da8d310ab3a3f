"""Draws how answers were delivered: on the report, answer by answer, and on Progress over time. Never a score."""

import streamlit as st

from core.analytics import learner_charts
from core.analytics.spoken import spoken_interviews
from core.bootstrap import Services
from core.domains import Catalogue
from core.interview.records import TurnView
from core.speech.delivery import EASY_PACE, Band, filler_rate, notes, pace_band
from ui.charts import draw_chart
from ui.when import zone

BADGES: dict[Band, tuple[str, str]] = {
    "good": ("green", "good"),
    "fair": ("orange", "fair"),
    "poor": ("red", "worth practising"),
}
SAYS = {"good": "which is easy to follow", "fair": "which can be followed", "poor": "which is hard to follow"}


def draw_delivery(turn: TurnView) -> None:
    """What there is to be said of how an answer was spoken or put, folded away; nothing where nothing is."""
    found = notes(turn.delivery) if turn.delivery else []
    if not found:
        return
    spoken = turn.input_mode == "voice"
    with st.expander("How it was said" if spoken else "How it was put", icon=":material/graphic_eq:"):
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


def draw_spoken(services: Services, learner_id: int, domain: str | None, catalogue: Catalogue) -> None:
    """Pace and fillers over time, for those who speak their answers."""
    with services.database.read() as session:
        shown = spoken_interviews(session, learner_id, domain)
    if shown.empty:
        return
    local = shown["started_at"].dt.tz_convert(zone())
    shown = shown.assign(
        Domain=[catalogue.name_of(key) for key in shown["domain"]],
        Day=local.dt.day.astype(str) + local.dt.strftime(" %b %Y"),
    )
    last = shown.iloc[-1]
    says = (
        f"Last time, on {last['Day']}, you spoke {last['pace']:.0f} words a minute, {SAYS[pace_band(last['pace'])]}, with at "
        f"least {last['fillers']:.1f} fillers a minute. Between the grey lines, {EASY_PACE[0]} and {EASY_PACE[1]}, it "
        "suits most listeners. Delivery is never in a score."
    )
    columns = {
        "Day": "Day", "Domain": "Domain", "pace": "Words a minute", "fillers": "Fillers a minute, at least",
        "answers": "Spoken answers",
    }  # fmt: skip
    draw_chart("How you speak", shown, learner_charts.pace_over_time(), says, columns)
