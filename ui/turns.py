"""Draws questions, answers, scores and feedback: the same on Practise and on Review."""

import re

import streamlit as st

from core.engines.base import Grade
from core.interview.model import Move
from core.interview.records import TurnView
from ui.safe import model_text, plain

INTERVIEWER, LEARNER = ":material/record_voice_over:", ":material/person:"
LEVELS = {1: "Foundations", 2: "Basics", 3: "Professional", 4: "Senior", 5: "Expert"}
MOVES = {
    Move.OPENING: "New question",
    Move.NEW_TOPIC: "New question",
    Move.FOLLOW_UP: "Follow-up",
    Move.DEEPER: "Going deeper",
    Move.HINT: "With a hint",
}
SOURCES = {
    "offline": "estimated by the offline engine, ± 2",
    "openai": "graded by the model",
    "sample": "sample data",
    "person": "graded by a person",
}
POINTS = {
    "met": (":material/check_circle:", "You said"),
    "partial": (":material/circle:", "Half said"),
    "missing": (":material/cancel:", "Missing"),
    "contradicted": (":material/error:", "Contradicted"),
}


def score_color(score: int) -> str:
    """The badge colour of a score; the number itself always stands beside it."""
    return "red" if score < 5 else "orange" if score < 7 else "green"


def draw_question(turn: TurnView, about: TurnView | None = None) -> None:
    """What the interviewer said, with its move, skill and level under it; `about` repeats the question that it belongs to."""
    with st.chat_message("assistant", avatar=INTERVIEWER):
        st.markdown(model_text(turn.message))
        if about is not None and about.number != turn.number:
            st.caption(f"The question was: {plain(about.question, 700)}")
        st.caption(f"{MOVES[turn.move]} · {plain(turn.skill_name)} · level {turn.level}, {LEVELS[turn.level].lower()}")
    for hint in turn.hints:
        with st.chat_message("assistant", avatar=":material/lightbulb:"):
            st.markdown(f"**Hint.** {model_text(hint)}")


def draw_answer(turn: TurnView) -> None:
    """What the learner sent, word for word."""
    with st.chat_message("user", avatar=LEARNER):
        if turn.skipped:
            st.caption("Skipped")
        else:
            st.text(turn.answer or "")


def draw_grade(turn: TurnView, *, whole: bool = True, open_: bool = False) -> None:
    """Score and feedback of an answer, or why there is none; `whole` adds the criteria and the model answer.

    `open_` says that the same question is still being asked: what is missing would give its answer away.
    """
    if turn.skipped:
        return
    grade = turn.grade
    if grade is None:
        failed = turn.grading is not None and turn.grading.state == "failed"
        st.caption(f"Not graded: {plain(turn.grading.sentence)}" if failed and turn.grading else "Grading …")
        return
    if grade.score is None:
        st.warning(f"Not graded, because {plain(grade.reason)}", icon=":material/help:")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(f"{grade.score} / 10", color=score_color(grade.score))
        hints = f" · {turn.hints_seen} hint{'s' if turn.hints_seen > 1 else ''}" if turn.hints_seen else ""
        st.caption(SOURCES.get(turn.source or "", "") + hints)
    _draw_feedback(grade, open_=open_)
    if whole:
        _draw_evidence(turn, grade)


def _draw_feedback(grade: Grade, *, open_: bool) -> None:
    feedback = grade.feedback
    if feedback.strength:
        st.markdown(f"**What worked.** {model_text(feedback.strength)}")
    if open_:
        st.caption("What is missing stands here when you have left this question: you have another try at it now.")
        return
    for label, text in (("What is missing", feedback.gap), ("Next", feedback.next_step)):
        if text:
            st.markdown(f"**{label}.** {model_text(text)}")
    if feedback.improved:
        st.markdown(f"**In better words.** {model_text(feedback.improved)}")


def _draw_evidence(turn: TurnView, grade: Grade) -> None:
    with st.expander("Your words as evidence, point by point"):
        for found in grade.points:
            icon, label = POINTS.get(found.status, POINTS["missing"])
            quote = f" — “{plain(found.quote, 400)}”" if found.quote else ""
            st.markdown(f"{icon} {label}: {model_text(found.point)}{quote}")
        for quote, correction in grade.errors:
            said = f"“{plain(quote, 400)}” — " if quote else ""
            st.markdown(f":material/error: {said}{model_text(correction)}")
        if grade.criteria:
            levels = " · ".join(f"{plain(c.name.capitalize())} {c.level} of 4" for c in grade.criteria)
            st.caption(levels)
        for flag in grade.flags:
            st.caption(plain(flag.replace("_", " ").capitalize()))
        if not (grade.points or grade.errors or grade.criteria):
            st.caption("No evidence was recorded for this grade.")
    if turn.model_answer:
        with st.expander("A model answer"):
            st.markdown(model_text(turn.model_answer))


def marked(answer: str, grade: Grade | None) -> str:
    """The answer as safe markdown with the quotes that count for it in bold."""
    text = plain(answer, len(answer))
    for found in grade.points if grade else ():
        quote = plain(found.quote, len(found.quote)).strip()
        if len(quote) >= 8 and found.status in ("met", "partial"):
            text = re.sub(re.escape(quote), lambda match: f"**{match[0]}**", text, count=1)
    return text.replace("\n", "  \n")
