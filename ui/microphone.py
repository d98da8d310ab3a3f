"""The microphone tried out before an interview, and what to do where the browser doesn't allow it."""

import streamlit as st

from core.bootstrap import Services
from core.engines.base import ServiceError
from core.speech.audio import Loudness, loudness, prepare
from ui.components import component

DENIED = (
    "The browser doesn't allow the microphone here. Click the sign to the left of the address at the top, allow the microphone for "
    "this site, and reload the page; nothing is lost by that. Or type: it counts the same."
)
CSS = """
[role="status"] {
  font-family: var(--st-font, sans-serif); font-size: 0.875rem; color: var(--st-text-color); padding: 0.75rem 1rem;
  margin-top: 0.75rem; border: 1px solid var(--st-border-color); border-left: 4px solid var(--st-primary-color); border-radius: 0.6rem;
}
[hidden] { display: none; }
"""
VERDICTS = {
    Loudness.NOTHING: ("We hear nobody. Is the right microphone chosen, and is it switched on?", "error"),
    Loudness.FAINT: ("We hear you, but only faintly. Come closer to the microphone, or turn it up.", "warning"),
    Loudness.NOISY: ("We hear you, but there is a lot of noise. A quieter place or a headset helps.", "warning"),
    Loudness.DISTORTED: (
        "You are so loud that the sound breaks. Move away from the microphone, or turn it down.",
        "warning",
    ),
    Loudness.GOOD: ("We hear you well.", "success"),
}


def draw_microphone_check(services: Services) -> None:
    """Two seconds to listen to and how they sound, in words; nothing of it is sent anywhere or stored."""
    if not services.speech.available:
        return
    with st.expander("Check your microphone (optional)", icon=":material/mic:"):
        st.caption("Record yourself for two seconds and listen. Nothing of it is stored, or sent to be written down.")
        with st.container(gap=None):
            clip = st.audio_input("Say something", key="microphone-check")
            draw_denied("check")
        if clip:
            try:
                words, kind = VERDICTS[loudness(prepare(clip.getvalue(), clip.name))]
            except ServiceError as error:
                words, kind = error.sentence, "error"
            {"success": st.success, "warning": st.warning, "error": st.error}[kind](words)


def draw_denied(key: str) -> None:
    """What to do, shown only in a browser that doesn't allow the microphone on this site."""
    mount = component("microphone", f'<div role="status" hidden>{DENIED}</div>', CSS)
    mount(key=f"denied-{key}")
