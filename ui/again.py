"""Practising answers again from their report, and what has changed since, side by side."""

from collections.abc import Iterable

import streamlit as st

from core.bootstrap import Services
from core.engines.base import Fault, ServiceError
from core.interview.again import Comparison, compare, plan_again
from core.interview.records import InterviewView, TurnView
from core.storage.ids import new_public_id
from ui.marks import answer_html
from ui.safe import model_text, plain
from ui.turns import score_color
from ui.when import day


def draw_again(services: Services, view: InterviewView, numbers: Iterable[int], label: str, key: str) -> None:
    """A button that begins an interview with the questions of these turns; none where they are not from the bank."""
    plan = plan_again(view, numbers)
    if plan is None or view.domain not in services.domains.catalogue().domains:
        return
    next_ = f"{key}-next"  # two clicks on one drawing of the button are one interview
    if not st.button(label, icon=":material/replay:", key=key):
        st.session_state[next_] = new_public_id()
        return
    try:
        begun = services.interviews.start(view.learner_id, plan, st.session_state[next_])
    except ServiceError as error:
        st.error(error.sentence)
    else:
        st.switch_page("pages/Practise.py", query_params={"interview": begun})


def draw_comparison(services: Services, view: InterviewView) -> None:
    """Before and after, question by question, in the report of an interview that asked questions again."""
    if view.again_of is None:
        return
    try:
        before = services.interviews.view(view.learner_id, view.again_of)
    except ServiceError as error:
        if error.kind is not Fault.NOT_FOUND:  # it was erased meanwhile
            raise
        return
    found = compare(before, view)
    if not found:
        return
    st.subheader("Before and after", anchor=False)
    st.page_link("pages/Review.py", label=f"The interview of {day(before.started_at)}", icon=":material/history:",
                 query_params={"interview": before.public_id})  # fmt: skip
    for one in found:
        with st.container(border=True):
            _draw_comparison(one)


def _draw_comparison(one: Comparison) -> None:
    st.markdown(model_text(one.after.question))
    for column, label, turn in zip(st.columns(2), ("Before", "After"), (one.before, one.after), strict=True):
        with column:
            _draw_side(label, turn)
    if not one.comparable:
        st.caption(one.why_not)
        return
    if one.shifts:
        st.markdown(" · ".join(_told(shift.name, shift.before, shift.after) for shift in one.shifts))
    for points, icon, label in (
        (one.gained, ":material/add_circle:", "New"),
        (one.lost, ":material/remove_circle:", "No longer said"),
        (one.still, ":material/cancel:", "Still missing"),
    ):
        for point in points:
            st.markdown(f"{icon} {label}: {model_text(point)}")


def _draw_side(label: str, turn: TurnView) -> None:
    grade = turn.grade
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{label}**", width="content")
        if grade and grade.score is not None:
            st.badge(f"{grade.score} / 10", color=score_color(grade.score))
        else:
            st.badge("Skipped" if turn.skipped else "Not graded", color="gray")
        if turn.hints_seen:
            st.caption(f"{turn.hints_seen} hint{'s' if turn.hints_seen > 1 else ''}")
    if turn.answer:
        with st.expander("The answer"):
            st.html(answer_html(turn.answer, grade))


def _told(name: str, before: int, after: int) -> str:
    """The change of a level in words and colour: "Clarity 2 → 3"."""
    color = "green" if after > before else "red" if after < before else "gray"
    return f":{color}[{plain(name.capitalize())} {before} → {after}]"
