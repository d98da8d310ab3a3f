"""The learner's side of flags: say what is wrong with a question or a score, and read what came of it."""

from typing import Any

import streamlit as st

from core.bootstrap import Services
from core.interview.model import QUESTION_FLAGS, FlagKind
from core.interview.opinions import FlagView
from core.interview.records import InterviewView, TurnView
from core.storage.feedback_tables import MAX_WORDS
from ui.outcome import act
from ui.safe import model_text, plain
from ui.when import day

KINDS = {
    FlagKind.WRONG: "It is wrong",
    FlagKind.UNCLEAR: "It is unclear",
    FlagKind.OFF: "It is off: not the topic, or not fit to ask",
}
QUESTION_SEEN_BY = "An administrator sees the question and these words; your answer only if you share your answers."
SCORE_SEEN_BY = "The managers of your cohorts and the administrators can then read this one answer, with your reason."


def draw_flag(services: Services, view: InterviewView, turn: TurnView) -> None:
    """What the learner said of this question and what came of it, or the way to say it."""
    if flag := turn.opinions.question_flag:
        _draw_outcome(f"You flagged this question: {KINDS[flag.kind].lower()}.", flag)
        return
    key = f"flag-{view.public_id}-{turn.number}"
    popover = st.popover("Flag this question", icon=":material/outlined_flag:", type="tertiary", key=f"{key}-popover",
                         on_change="rerun")  # fmt: skip
    if not _was_opened(popover, key):
        return
    with popover, st.form(key, border=False):
        st.radio("What is the matter?", QUESTION_FLAGS, format_func=lambda kind: KINDS[kind], key=f"{key}-kind")
        st.text_input("In your words (optional)", key=f"{key}-words", max_chars=MAX_WORDS)
        st.caption(QUESTION_SEEN_BY)
        st.form_submit_button("Send the flag", on_click=_flag, args=(services, view, turn, key))


def draw_dispute(services: Services, view: InterviewView, turn: TurnView) -> None:
    """That the learner disagrees with this score and what came of it, or the way to say so."""
    if flag := turn.opinions.score_flag:
        _draw_outcome(f"You disagree with this score: {plain(flag.words, MAX_WORDS)}", flag)
        return
    key = f"dispute-{view.public_id}-{turn.number}"
    popover = st.popover("I disagree with this score", icon=":material/balance:", type="tertiary", key=f"{key}-popover",
                         on_change="rerun")  # fmt: skip
    if not _was_opened(popover, key):
        return
    with popover, st.form(key, border=False):
        st.text_area("Why?", key=f"{key}-words", max_chars=MAX_WORDS)
        st.caption(SCORE_SEEN_BY)
        st.form_submit_button("Ask for another look", on_click=_dispute, args=(services, view, turn, key))


def _was_opened(popover: Any, key: str) -> bool:
    """Whether its form is wanted: a report has two for each answer. Once it is, it stays, with what was typed in it."""
    if popover.open:
        st.session_state[f"{key}-opened"] = True
    return f"{key}-opened" in st.session_state


def _flag(services: Services, view: InterviewView, turn: TurnView, key: str) -> None:
    kind, words = st.session_state[f"{key}-kind"], st.session_state[f"{key}-words"]
    act(services.flags.flag, view.learner_id, view.public_id, turn.number, kind, words)


def _dispute(services: Services, view: InterviewView, turn: TurnView, key: str) -> None:
    words = st.session_state[f"{key}-words"]
    act(services.flags.flag, view.learner_id, view.public_id, turn.number, FlagKind.SCORE, words)


def _draw_outcome(said: str, flag: FlagView) -> None:
    st.caption(f":material/outlined_flag: {said}")
    if flag.closed_at is None:
        st.caption("It waits to be looked at.")
    else:
        came = model_text(flag.note) if flag.note else "A person has graded the answer: see the score above."
        st.caption(f"**Dealt with on {day(flag.closed_at)}.** {came}")
