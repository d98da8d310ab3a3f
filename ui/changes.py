"""What Viva changed in the words of a recording: each change is shown and undone by a click, what is unsure only offered."""

import streamlit as st

from core.bootstrap import Services
from core.interview.records import InterviewView, TurnView
from core.speech.terms import Edit, swapped
from core.speech.transcription import Heard
from ui.answer_box import box_key, store_draft
from ui.safe import plain

MAX_SHOWN = 12
"""More buttons than that would hide the question; the newest recording comes first."""


def draw_changes(services: Services, view: InterviewView, turn: TurnView) -> None:
    """The terms that were put right in this turn's box, and those that may have been meant; must run above the box."""
    base = f"{view.public_id}-{turn.number}"
    recordings: dict[int, Heard] = st.session_state.get(f"heard-{base}", {})
    settled: set[str] = st.session_state.setdefault(f"settled-{base}", set())
    undo, take = [], []
    for recording, heard in reversed(recordings.items()):
        for edits, buttons, old in ((heard.done.edits, undo, "term"), (heard.done.suggestions, take, "heard")):
            for edit in edits:
                key = f"{base}-{recording}-{old}-{edit.start}"
                if key not in settled and getattr(edit, old) in st.session_state.get(box_key(view, turn), ""):
                    buttons.append((key, heard, edit))
    for caption, icon, buttons, back in (
        ("Put right by Viva; click to undo", ":material/undo:", undo, True),
        ("Did you mean this? Click to use it", ":material/check:", take, False),
    ):
        if not buttons:
            continue
        st.caption(caption)
        with st.container(horizontal=True, gap="small"):
            for key, heard, edit in buttons[:MAX_SHOWN]:
                label = f"{plain(edit.heard, 40)} → {plain(edit.term, 40)}"
                own = (services, view, turn, key, heard, edit, back)
                st.button(label, key=f"change-{key}", icon=icon, type="tertiary", on_click=_swap, args=own)


def _swap(
    services: Services, view: InterviewView, turn: TurnView, key: str, heard: Heard, edit: Edit, back: bool
) -> None:
    """Undo an edit, or take a suggestion, in the box as it stands now."""
    old, new = (edit.term, edit.heard) if back else (edit.heard, edit.term)
    box = box_key(view, turn)
    st.session_state[box] = swapped(st.session_state[box], heard.text, heard.done.place(edit), old, new)
    st.session_state[f"settled-{view.public_id}-{turn.number}"].add(key)
    store_draft(services.interviews, view, turn)
