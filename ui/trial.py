"""One question of a domain, an answer to it, and the grade that it gets from the version at hand."""

from concurrent.futures import Future
from functools import partial

import streamlit as st

from core.accounts.permissions import Role, Viewer
from core.engines.base import Grade, Grader, GradeTask
from ui.access import require
from ui.outcome import perform
from ui.safe import model_text
from ui.services import services
from ui.texts import Chosen
from ui.turns import draw_judgement

_TRIAL = "trial"


def draw_trial(_: Viewer, chosen: Chosen) -> None:
    """Choose a question, answer it, and see the grade; nothing of it is kept."""
    if chosen.immeasurable:
        st.info(chosen.immeasurable)
        return
    if (domain := chosen.domain()) is None:
        st.info("There is no domain to try it on.")
        return
    ids = [question.id for question in domain.questions]
    question = domain.find(st.selectbox("Question", ids, key=f"try-{domain.key}", persist_state="session"))
    assert question is not None  # noqa: S101  it is one of them
    st.markdown(model_text(question.text))
    box = f"try-answer-{domain.key}-{question.id}"
    st.text_area("Your answer", key=box, height=120, persist_state="session")
    st.button("Grade it", type="primary", on_click=_start, args=(chosen, box, partial(
        domain.grade_task, question, asked=question.text, level=question.level)))  # fmt: skip
    mark, future = st.session_state.get(_TRIAL, ("", None))
    if future is not None and mark == _mark(chosen, box):
        st.fragment(_follow, run_every=None if future.done() else 1.0)(future)


def _start(chosen: Chosen, box: str, task_for: "partial[GradeTask]") -> None:
    answer = st.session_state[box]

    def work(viewer: Viewer) -> str:
        grader: Grader = chosen.grader()
        st.session_state[_TRIAL] = (
            _mark(chosen, box),
            services().trials.start(viewer, grader, task_for(answer=answer)),
        )
        return ""

    perform(work, Role.ADMIN)


def _mark(chosen: Chosen, box: str) -> str:
    return f"{chosen.key}-{chosen.number}-{box}"


def _follow(future: "Future[Grade]") -> None:
    require(Role.ADMIN)  # a fragment reruns without its page
    if not future.done():
        st.caption(":material/hourglass_top: Grading …")
    elif future.cancelled() or future.exception() is not None:
        st.error("Something went wrong on our side. Please try again.")
    else:
        draw_judgement(future.result())
