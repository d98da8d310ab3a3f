"""Beside the machine's grade: a person's score and feedback, and having the machine grade again."""

import streamlit as st

from core.accounts.permissions import Viewer
from core.accounts.transcripts import Opened
from core.interview.records import InterviewView, TurnView
from core.quality.second_grades import SCORES
from core.storage.feedback_tables import MAX_WORDS
from ui.outcome import perform
from ui.people import STAFF
from ui.safe import plain
from ui.services import services


def draw_second_grade(view: InterviewView, turn: TurnView) -> None:
    """Where staff grade this answer, or change or withdraw what a person gave."""
    given, dispute = turn.opinions.person, turn.opinions.score_flag
    if dispute:
        done = "dealt with" if dispute.closed_at else "it waits for your grade, or for a note on the Quality page"
        st.warning(f"**The learner disagrees** ({done}): {plain(dispute.words, MAX_WORDS)}", icon=":material/balance:")
    key = f"second-{view.public_id}-{turn.number}"
    with st.expander("Change or withdraw the person's grade" if given else "Grade this answer yourself"):
        with st.form(key, border=False):
            # No score is chosen beforehand: a suggestion would be agreed with.
            chosen = given.grade.score if given else None
            st.segmented_control("Score", SCORES, default=chosen, key=f"{key}-score")
            said = given.grade.feedback.comment if given else ""
            st.text_area("Feedback for the learner", said, key=f"{key}-comment", max_chars=MAX_WORDS)
            st.form_submit_button("Save the grade", on_click=_give, args=(view, turn, key))
        if services().regrading.available(view.engine):
            label = "Have the machine grade it again"
            st.button(label, key=f"{key}-again", on_click=_grade_again, args=(view, turn.number))
        if given:
            st.button("Withdraw the grade", key=f"{key}-withdraw", on_click=_withdraw, args=(view, turn))


def draw_grade_all(opened: Opened) -> None:
    """Have all answers graded again that the viewer may: the learner those without a score, staff what they may read."""
    view = opened.view
    if opened.own:
        count = sum(turn.ungraded is not None for turn in view.answered)
        label = f"Grade the {count} answers without a score again"
    else:
        count = sum(turn.answer is not None and opened.reads(turn.number) for turn in view.turns)
        label = "Have all answers graded again by the machine"
    if count > 1 and services().regrading.available(view.engine):
        st.button(label, icon=":material/refresh:", key="again-all", on_click=_grade_again, args=(view, None))


def _grade_again(view: InterviewView, number: int | None) -> None:
    def work(viewer: Viewer) -> str:
        count = services().regrading.again(viewer, view.public_id, number)
        return f"{count} answers are being graded again." if count > 1 else "The answer is being graded again."

    perform(work)


def _give(view: InterviewView, turn: TurnView, key: str) -> None:
    score, comment = st.session_state[f"{key}-score"], st.session_state[f"{key}-comment"]

    def work(viewer: Viewer) -> str:
        if score is None:
            raise ValueError("Choose a score from 1 to 10 first.")
        services().second_grades.give(viewer, view.public_id, turn.number, score, comment)
        return f"Your grade of answer {turn.number} is saved; it counts from now on."

    perform(work, *STAFF)


def _withdraw(view: InterviewView, turn: TurnView) -> None:
    def work(viewer: Viewer) -> str:
        services().second_grades.withdraw(viewer, view.public_id, turn.number)
        return f"The person's grade of answer {turn.number} is withdrawn; the machine's counts again."

    perform(work, *STAFF)
