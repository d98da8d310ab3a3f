"""Reads a question aloud by the browser's own voices, at a click or, where the learner chose so, by itself."""

import re

import streamlit as st

from core.accounts.permissions import Viewer
from core.bootstrap import Services
from core.engines.base import ServiceError, Speaker
from core.interview.records import InterviewView, TurnView
from ui.components import component

ALOUD = "read_aloud"
"""The learner's setting: every question is read by itself."""
HTML = """
<button type="button" aria-pressed="false">
  <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" fill="currentColor">
    <path d="M3 9v6h4l5 5V4L7 9H3zm13.5 3a4.5 4.5 0 0 0-2.5-4v8a4.5 4.5 0 0 0 2.5-4zM14 3.2v2.1a7 7 0 0 1 0 13.4v2.1a9 9 0 0 0 0-17.6z"/>
  </svg><span data-label>Hear the question</span>
</button><span role="status"></span>
"""
CSS = """
:host, span { font-family: var(--st-font, sans-serif); font-size: 0.875rem; }
button {
  display: inline-flex; align-items: center; gap: 0.4rem; min-height: 2.5rem; padding: 0 0.75rem; cursor: pointer;
  color: var(--st-text-color); background: transparent; border: 1px solid var(--st-border-color); border-radius: 0.6rem;
}
button:hover, button[aria-pressed="true"] { color: var(--st-primary-color); border-color: var(--st-primary-color); }
button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
[role="status"] { display: block; color: var(--st-text-color); opacity: 0.75; }
"""


def draw_read_aloud(services: Services, viewer: Viewer, view: InterviewView, turn: TurnView) -> None:
    """The button; what is read is what the interviewer said, without its signs for the eye."""
    aloud = bool(viewer.settings.get(ALOUD))
    if services.speaker is not None:
        draw_server_voice(services.speaker, view, turn, aloud=aloud)
        return
    mount = component("read_aloud", HTML, CSS)
    id_ = f"{view.public_id}-{turn.number}"
    data = {"id": id_, "text": spoken_text(turn.message), "language": "en", "aloud": aloud}
    mount(key=f"aloud-{id_}", data=data)


def draw_server_voice(speaker: Speaker, view: InterviewView, turn: TurnView, *, aloud: bool) -> None:
    """The same by a speech server, where one is set up: the question is sent there once, when it is asked for."""
    key = f"spoken-{view.public_id}-{turn.number}"
    if aloud or st.button("Hear the question", key=f"hear-{key}", icon=":material/volume_up:"):
        try:
            if key not in st.session_state:
                with st.spinner("Finding the voice …"):
                    st.session_state[key] = speaker.speak(spoken_text(turn.message), "en")
        except ServiceError as error:
            st.caption(f":material/volume_off: {error.sentence}")
    if sound := st.session_state.get(key):
        st.audio(sound.data, sound.mime, autoplay=True)


def spoken_text(message: str) -> str:
    """A message as it is read out: without Markdown's signs, and with a word in place of code."""
    text = re.sub(r"```.*?(?:```|\Z)", " (see the code on the screen) ", message, flags=re.DOTALL)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"^\s{0,3}(?:#{1,6}|[-*+]|>)\s+", "", text, flags=re.MULTILINE)
    return " ".join(re.sub(r"[*`~]|(?<!\w)_|_(?!\w)", "", text).split())
