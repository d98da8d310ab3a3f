"""Where an interview stands: how far along it is, and what has been said."""

import streamlit as st

from core.bootstrap import Services
from core.interview.model import EndReason, Mode
from core.interview.records import InterviewView, TurnView
from ui.access import require, told
from ui.flags import draw_flag
from ui.outcome import act
from ui.safe import plain
from ui.setup_form import MODES
from ui.turns import LEVELS, draw_answer, draw_grade, draw_question


def draw_head(services: Services, view: InterviewView) -> None:
    """Domain, question number, time left, and the way out."""
    answered = len(view.answered)
    at = min(answered + 1, view.limit)
    level = f"level {view.level}, {LEVELS[view.level].lower()}" if view.level else "finding your level"
    st.subheader(f"{plain(view.domain_name)} · question {at} of {view.limit}", anchor=False)
    st.progress(answered / view.limit)
    left = ""
    if view.deadline:
        minutes = (view.deadline - services.now()).total_seconds() / 60
        left = f" · {minutes:.0f} min left" if minutes > 0 else " · time is up: this is your last answer"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"{MODES[view.mode][0]} · {level}{left}", width="stretch")
        with st.popover("End interview", icon=":material/flag:"):
            st.write("Answers so far are kept and graded. The open question won't count.")
            if view.current and view.current.draft.strip():
                st.warning("What stands in the box is not sent: press “Send answer” first if it is to count.")
            end = (services.interviews.end, view.learner_id, view.public_id, EndReason.LEARNER)
            st.button("End and see the report", type="primary", on_click=act, args=end)


def draw_history(services: Services, view: InterviewView) -> None:
    """The earlier turns folded away, the last answer in sight, with its feedback in Practice."""
    practice = view.mode is Mode.PRACTICE
    *earlier, last = view.answered
    if earlier:
        with st.expander(f"Earlier in this interview ({len(earlier)})"):
            for turn in earlier:
                _draw_turn(services, view, turn, practice, open_=view.is_open(turn))
    draw_question(last)
    draw_flag(services, view, last)
    draw_answer(last)
    if practice:
        with st.container(border=True):
            draw = st.fragment(_draw_feedback, run_every=1.0 if last.grading_pending else None)
            draw(services, view, last.number, open_=view.is_open(last))


def _draw_turn(services: Services, view: InterviewView, turn: TurnView, practice: bool, *, open_: bool) -> None:
    draw_question(turn)
    draw_flag(services, view, turn)
    draw_answer(turn)
    if practice:
        draw_grade(turn, whole=False, open_=open_)


@told("feedback")
def _draw_feedback(services: Services, view: InterviewView, number: int, *, open_: bool) -> None:
    require()  # a fragment reruns without its page
    turn = services.interviews.view(view.learner_id, view.public_id).turns[number - 1]
    draw_grade(turn, whole=False, open_=open_)
    if turn.ungraded and st.button("Grade again", key=f"grade-{number}"):
        act(services.interviews.retry, view.learner_id, view.public_id, "grade", number)
        st.rerun()  # the whole page, which then looks again every second
