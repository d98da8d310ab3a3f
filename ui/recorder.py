"""Takes a recording, by microphone or as a file, and puts its words into the answer box."""

import hashlib

import streamlit as st

from core.bootstrap import Services
from core.engines.base import Fault, ServiceError
from core.interview.records import InterviewView, TurnView
from ui.answer_box import fill_box, store_draft
from ui.changes import draw_changes

NO_SPEECH = (
    "Voice is off: no speech service is set. Set `OPENAI_API_KEY` (or `OPENAI_BASE_URL` for a server of your own) "
    "and start Viva again; until then, type your answer."
)
UPLOADS = ["wav", "webm", "ogg", "mp3", "m4a", "mp4", "flac"]


def draw_recorder(services: Services, view: InterviewView, turn: TurnView, language: str) -> None:
    """Both recorders and the file upload; must run above the answer box, whose text it sets."""
    if not services.speech.available:
        st.info(NO_SPEECH, icon=":material/mic_off:")
        return
    state = st.session_state
    base = f"{view.public_id}-{turn.number}"
    count = state.setdefault(f"recordings-{base}", 0)
    other = state.get("other_recorder", False)
    clip: tuple[bytes, str] | None = None
    if other:
        from streamlit_mic_recorder import mic_recorder  # only where it is wanted: it keeps the microphone open

        said = mic_recorder("Record answer", "Stop", just_once=True, format="wav", key=f"mic2-{base}-{count}")
        clip = (said["bytes"], "answer.wav") if said else None
    else:
        recording = st.audio_input("Record your answer", key=f"mic-{base}-{count}")
        clip = (recording.getvalue(), recording.name) if recording else None
    with st.expander("Trouble recording?"):
        st.toggle(
            "Use the other recorder", key="other_recorder", help="For browsers that block cookies or older phones."
        )
        upload = st.file_uploader("Upload a recording instead", type=UPLOADS, key=f"file-{base}-{count}")
        clip = clip or ((upload.getvalue(), upload.name) if upload else None)
    if clip:
        _take(services, view, turn, *clip, language)
    draw_changes(services, view, turn)


def _take(services: Services, view: InterviewView, turn: TurnView, data: bytes, name: str, language: str) -> None:
    """Transcribe a recording once: a widget hands the same one over at every rerun, also after a failure."""
    state = st.session_state
    base = f"{view.public_id}-{turn.number}"
    digest = hashlib.sha256(data).hexdigest()
    done, failed = state.setdefault(f"heard-{base}", {}), state.setdefault(f"unheard-{base}", {})
    if digest in done:
        return
    force = state.pop(f"anyway-{base}", False)
    if digest not in failed or state.pop(f"again-{base}", False) or force:
        try:
            with st.spinner("Writing down what you said …"):
                heard = services.speech.hear(
                    data,
                    name,
                    domain=view.domain,
                    question=turn.message,
                    question_id=turn.question_id,
                    skill=turn.skill,
                    language=language,
                    force=force,
                )
        except ServiceError as error:
            failed[digest] = error
        else:
            failed.pop(digest, None)
            done[digest] = heard
            key = fill_box(view, turn)
            state[key] = f"{state[key]} {heard.text}".strip()
            store_draft(services.interviews, view, turn)
    if error := failed.get(digest):
        _explain(base, error)


def _explain(base: str, error: ServiceError) -> None:
    st.error(f"{error.sentence} Your recording is still here.", icon=":material/mic_off:")
    with st.container(horizontal=True):
        if error.kind is Fault.SILENCE:
            st.button("Send it anyway", key=f"send-{base}", on_click=_flag, args=(f"anyway-{base}",))
        elif error.retryable:
            st.button("Try again", key=f"retry-{base}", on_click=_flag, args=(f"again-{base}",))


def _flag(key: str) -> None:
    st.session_state[key] = True
