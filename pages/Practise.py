"""Hold an interview: one question at a time, by voice or by typing."""

import streamlit as st

from core.engines.base import Fault, ServiceError
from core.interview.model import Mode, Phase
from core.interview.records import InterviewView, TurnView
from ui.access import require
from ui.answer_box import SURE, draw_box, send, sure_key
from ui.flags import draw_flag
from ui.livetext import follow_reply
from ui.outcome import act, show_problem
from ui.read_aloud import draw_read_aloud
from ui.recorder import draw_recorder
from ui.services import services
from ui.setup_form import draw_setup
from ui.spoken import follow
from ui.standing import draw_head, draw_history
from ui.turns import draw_question

viewer = require()
interviews = services().interviews


def draw_answering(view: InterviewView, turn: TurnView) -> None:
    """Recorder, answer box, and what can be done with it."""
    writing = draw_recorder(services(), viewer, view, turn)
    shut = writing is not None and writing.shut
    speak = "Speak or type" if services().speech.available else "Type your answer"
    hint = f"{speak}; you can edit before you send."
    box, own = (interviews, view, turn), (view.learner_id, view.public_id, turn.number)
    show_problem(draw_box(*box, hint, shut=shut))
    st.segmented_control("How sure are you of this answer? (optional)", list(SURE), key=sure_key(view, turn),
                         help="Progress shows how often you are sure and right, or sure and wrong.")  # fmt: skip
    with st.container(horizontal=True):
        st.button("Send answer", type="primary", icon=":material/send:", on_click=send, args=box, disabled=shut)
        if view.mode is Mode.PRACTICE and turn.hints_left:
            label = f"Hint ({turn.hints_left} left)"
            st.button(label, icon=":material/lightbulb:", on_click=act, args=(interviews.hint, *own))
        st.button("Skip", icon=":material/skip_next:", on_click=act, args=(interviews.skip, *own))
    if writing:
        follow(services(), writing)


public_id = st.query_params.get("interview")
if not public_id:
    st.title("Practise", anchor=False)
    draw_setup(services(), viewer)
    st.stop()
try:
    view = interviews.view(viewer.id, public_id)
except ServiceError as error:
    if error.kind is not Fault.NOT_FOUND:
        raise
    st.error(error.sentence)
    st.page_link("pages/Practise.py", label="Begin a new interview", query_params={})
    st.stop()
if view.phase is Phase.FINISHED:
    st.switch_page("pages/Review.py", query_params={"interview": public_id})
draw_head(services(), view)
with st.container():
    if view.answered:
        draw_history(services(), view)
if view.current:
    with st.container():
        draw_question(view.current, view.question_of(view.current))
        with st.container(horizontal=True, vertical_alignment="center"):
            draw_read_aloud(services(), viewer, view, view.current)
            draw_flag(services(), view, view.current)
        draw_answering(view, view.current)
elif view.asking and view.asking.failed:
    show_problem()
    st.error(view.asking.sentence or "The interviewer could not be reached.", icon=":material/cloud_off:")
    ask_again = (interviews.retry, view.learner_id, view.public_id, "ask", len(view.turns) + 1)
    st.button("Try again", type="primary", on_click=act, args=ask_again)
else:
    st.empty()  # in the place of the box, or the last question's would stay open while the next one is asked
    follow_reply(services(), view)
