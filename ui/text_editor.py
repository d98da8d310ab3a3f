"""Where a prompt or a domain is edited: the whole text, or one question of it."""

from functools import partial

import streamlit as st

from core.accounts.permissions import Role, Viewer
from core.quality.sections import section, sections_of, with_section
from core.quality.versions import FaultyTextError, Kind
from core.storage.text_tables import MAX_NOTE
from ui.outcome import perform
from ui.safe import plain
from ui.services import services
from ui.texts import Chosen, draw_faults, version_key
from ui.unsent import boxes, drop, keep, kept

WHOLE = "The whole text"
_FAULTS = "text-faults"


def draw_editor(_: Viewer, chosen: Chosen) -> None:
    """The text in a box, what was wrong with it when it was last to be saved, and the way to save it as a draft."""
    sections = sections_of(chosen.text) if chosen.kind is Kind.DOMAIN else {}
    part = WHOLE
    if sections:
        part = st.selectbox("Part", [*sections, WHOLE], key=f"part-{chosen.key}")
    lines = sections.get(part)
    original = chosen.text if lines is None else section(chosen.text, lines)
    mine = f"edit-{chosen.key}-"
    box = f"{mine}{chosen.number or 'file'}-{part}"
    if lines is not None:
        st.caption(f"Lines {lines.start + 1} to {lines.stop} of the text; complaints count lines from its beginning.")
    place, faults = st.session_state.pop(_FAULTS, ("", ()))
    if place == box and faults:
        draw_faults("This can't be saved as it is:", faults)
    st.session_state.setdefault(box, kept(box, original))
    st.html("<style>.stTextArea textarea { font-family: monospace; font-size: 0.85rem; }</style>")  # indentation counts
    st.text_area("Text", key=box, height=440, on_change=_remember, args=(box, original))
    if other := [name.rpartition("-")[2] for name in boxes(mine) if name != box]:
        st.caption(f"Not saved yet, and kept in this tab: {plain(', '.join(other), 500)}")
    st.text_input("What has changed (optional)", key=f"note-{chosen.key}", max_chars=MAX_NOTE)
    with st.container(horizontal=True):
        st.button("Save as a draft", type="primary", on_click=_save, args=(chosen, lines, box))
        if kept(box, original) != original:
            st.button("Take my changes back", on_click=_take_back, args=(box, original))
        ending = "md" if chosen.kind is Kind.PROMPT else "yaml"
        st.download_button("Download", chosen.text, f"{chosen.name}.{ending}", "text/plain", icon=":material/download:")
    st.caption("A draft changes nothing until it is put to use.")


def _remember(box: str, original: str) -> None:
    text = st.session_state[box]
    if text == original:
        drop(box)
    else:
        keep(box, text)


def _take_back(box: str, original: str) -> None:
    drop(box)
    st.session_state[box] = original


def _save(chosen: Chosen, lines: range | None, box: str) -> None:
    note = f"note-{chosen.key}"
    edited = st.session_state[box]
    text = edited if lines is None else with_section(chosen.text, lines, edited)
    perform(partial(_store, chosen, text, box, note), Role.ADMIN)


def _store(chosen: Chosen, text: str, box: str, note: str, viewer: Viewer) -> str:
    if text == chosen.text:
        raise ValueError("Nothing has been changed yet.")
    try:
        number = services().versions.save(viewer, chosen.kind, chosen.name, text, st.session_state[note])
    except FaultyTextError as error:
        st.session_state[_FAULTS] = (box, error.faults)
        raise ValueError("Nothing is saved: the text has faults. It stays in its box.") from error
    drop(box)
    st.session_state[note] = ""
    st.session_state[version_key(chosen.kind, chosen.name)] = number
    return f"Saved as version {number}, a draft. Try it, and then put it to use."
