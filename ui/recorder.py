"""Takes a recording, by either recorder or as a file, stores it, and sees to it that it is written down."""

from typing import cast

import streamlit as st

from core.accounts.permissions import Viewer
from core.bootstrap import Services
from core.engines.base import ServiceError
from core.interview.records import InterviewView, TurnView
from ui.access import may_set_up
from ui.answer_box import fill_box
from ui.changes import draw_changes
from ui.microphone import draw_denied
from ui.outcome import act
from ui.spoken import Writing, draw_spoken, note_reason, write_down
from ui.voice import draw_notice, has_agreed

NO_SPEECH = "Voice is off, since this installation has no speech service: type your answer, it counts the same."
SET_SPEECH = (
    "Voice is off: no speech service is set. Set `OPENAI_API_KEY` (or `OPENAI_BASE_URL` for a server of your own) "
    "and start Viva again; until then, type your answer."
)
UPLOADS = ["wav", "webm", "ogg", "mp3", "m4a", "mp4", "flac"]
LIMIT = "Up to 13 minutes at a time; you can record again, and the words are added to those in the box."
OTHER = "other_recorder"
"""The learner's setting, and the key of its switch: streamlit-mic-recorder in place of the browser's usual one."""
TROUBLE = "Reloading the page often helps; what you have written and recorded stays."
Taken = tuple[bytes, str]


def draw_recorder(services: Services, viewer: Viewer, view: InterviewView, turn: TurnView) -> Writing | None:
    """Both recorders and the file upload, and what was recorded; must run above the answer box, whose text it sets.

    Returns the recording that is being written down at the moment, for the end of the page to wait for.
    """
    if not services.speech.available:
        st.info(SET_SPEECH if may_set_up(viewer) else NO_SPEECH, icon=":material/mic_off:")
        return None
    if not has_agreed(viewer):
        draw_notice(services, viewer)
        return None
    count = f"recordings-{view.public_id}-{turn.number}"
    st.session_state.setdefault(count, 0)
    clip = _draw_ways(services, viewer, f"{view.public_id}-{turn.number}-{st.session_state[count]}")
    if clip and _store(services, viewer, view, turn, *clip):
        st.session_state[count] += 1  # a fresh recorder: what was in this one is stored
    with st.container():  # each in a place of its own: while the page waits, whatever has moved is shown twice
        writing = draw_spoken(services, viewer, view, turn)
    fill_box(view, turn)
    with st.container():
        draw_changes(services, view, turn)
    return writing


def _draw_ways(services: Services, viewer: Viewer, key: str) -> Taken | None:
    """What was recorded or uploaded in the widgets with this key."""
    st.session_state.setdefault(OTHER, bool(viewer.settings.get(OTHER)))
    clip = _by_other_recorder(key) if st.session_state[OTHER] else None
    with st.container(gap=None):
        if not st.session_state[OTHER] and (
            recording := st.audio_input("Record your answer", key=f"mic-{key}", help=LIMIT)
        ):
            clip = recording.getvalue(), recording.name
        draw_denied(key)
    with st.expander("Trouble recording?"):
        st.caption(TROUBLE)
        label, says = "Use the other recorder", "For browsers in which the first one does nothing, and older phones."
        st.toggle(label, key=OTHER, help=says, on_change=_save_choice, args=(services, viewer))
        upload = st.file_uploader("Upload a recording instead", type=UPLOADS, key=f"file-{key}")
    return clip or ((upload.getvalue(), upload.name) if upload else None)


def _by_other_recorder(key: str) -> Taken | None:
    from streamlit_mic_recorder import mic_recorder  # only where it is wanted: it keeps the microphone open

    said = mic_recorder("Record answer", "Stop", just_once=True, format="wav", key=f"mic2-{key}")
    st.caption("This recorder takes up to three minutes at a time.")
    return (cast(bytes, said["bytes"]), "answer.wav") if said else None


def _store(services: Services, viewer: Viewer, view: InterviewView, turn: TurnView, data: bytes, name: str) -> bool:
    """Store a recording before anything else happens to it, and have it written down; a widget may hand it over again."""
    try:
        row, reason = services.recordings.store(view.learner_id, view.public_id, turn.number, data)
    except ServiceError as error:
        st.error(f"{error.sentence} The recording is still in the recorder.", icon=":material/mic_off:")
        st.button("Try again", key=f"store-{view.public_id}-{turn.number}")
        return False
    note_reason(row.id, reason)
    if row.raw is None and row.fault is None:
        write_down(services, viewer, view, turn, row, data=data, name=name)
    return True


def _save_choice(services: Services, viewer: Viewer) -> None:
    act(lambda: services.people.save_settings(viewer.id, **{OTHER: st.session_state[OTHER]}))
