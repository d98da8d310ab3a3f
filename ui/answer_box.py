"""The box in which an answer is written: what stands in it is stored at every pause, and stays when it can't be."""

import streamlit as st

from core.engines.base import Fault, ServiceError
from core.interview.records import InterviewView, TurnView
from core.interview.service import Interviews, Words, clean_text
from ui import unsent
from ui.components import component
from ui.outcome import act

SURE = {"Sure": True, "Unsure": False}


def box_key(view: InterviewView, turn: TurnView) -> str:
    """The session key of a turn's box."""
    return f"draft-{view.public_id}-{turn.number}"


def sure_key(view: InterviewView, turn: TurnView) -> str:
    """The session key of what the learner says of the turn's answer before sending it: one of SURE, or nothing."""
    return f"sure-{view.public_id}-{turn.number}"


def fill_box(view: InterviewView, turn: TurnView) -> str:
    """Put the draft into a box that is new in this tab; returns its key."""
    key = box_key(view, turn)
    st.session_state.setdefault(key, unsent.kept(key, turn.draft))
    return key


def draw_box(interviews: Interviews, view: InterviewView, turn: TurnView, hint: str, *, shut: bool) -> str:
    """The box itself, whose text is stored at every pause in typing; returns its key."""
    key = fill_box(view, turn)
    with st.container(gap=None):
        st.text_area("Your answer", key=key, height=180, placeholder=hint, on_change=store_draft,
                     args=(interviews, view, turn), disabled=shut)  # fmt: skip
        component("keep_draft", "<span></span>")(key="keep-draft")
    return key


def store_draft(interviews: Interviews, view: InterviewView, turn: TurnView) -> None:
    """Store what stands in the box, so that a refresh or another tab finds it; else keep it in this one."""
    key = box_key(view, turn)
    text = st.session_state[key]
    unsent.keep(key, text)

    def store() -> None:
        if not interviews.save_draft(view.learner_id, view.public_id, turn.number, text):
            _refuse_other(interviews, view, turn, text)

    if act(store):
        unsent.drop(key)


def send(interviews: Interviews, view: InterviewView, turn: TurnView) -> None:
    """Submit what stands in the box; whatever goes wrong, it stays there, or beside the next one."""
    key = box_key(view, turn)
    heard = list(st.session_state.get(f"heard-{view.public_id}-{turn.number}", {}).values())
    raw, corrected = (" ".join(part) or None for part in ([h.raw for h in heard], [h.text for h in heard]))
    sure = SURE.get(st.session_state.get(sure_key(view, turn)))
    words = Words(st.session_state.get(key, ""), "voice" if heard else "text", raw, corrected, sure)

    def submit() -> None:
        if not interviews.submit_answer(view.learner_id, view.public_id, turn.number, words):
            unsent.keep(key, words.text)
            _refuse_other(interviews, view, turn, words.text)

    if act(submit):
        unsent.drop_all()


def _refuse_other(interviews: Interviews, view: InterviewView, turn: TurnView, text: str) -> None:
    """Raises ServiceError when the closed question has not just this answer, as after a double click."""
    stored = interviews.view(view.learner_id, view.public_id).turns[turn.number - 1].answer
    if stored != clean_text(text):
        sentence = "This question was closed in another tab already; what you wrote was not sent."
        raise ServiceError(Fault.BAD_INPUT, sentence, retryable=False)
