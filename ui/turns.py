"""Draws questions, answers, scores and feedback: the same on Practise and on Review."""

from collections.abc import Sequence

import streamlit as st

from core.engines.base import Criterion, Grade, PointFound
from core.interview.names import LEVELS, MOVES, SOURCES, model_answer_name
from core.interview.opinions import GradeView
from core.interview.records import TurnView
from ui.safe import model_text, plain
from ui.when import day

INTERVIEWER, LEARNER = ":material/record_voice_over:", ":material/person:"
POINTS = {
    "met": (":material/check_circle:", "You said"),
    "partial": (":material/circle:", "Half said"),
    "missing": (":material/cancel:", "Missing"),
    "contradicted": (":material/error:", "Contradicted"),
}


def score_color(score: float) -> str:
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
    """Scores and feedback of an answer, or why there is none; `whole` adds the criteria and the model answer.

    `open_` says that the same question is still being asked: what is missing would give its answer away.
    """
    if turn.skipped:
        return
    person, machine = turn.opinions.person, turn.opinions.machine
    if person:
        _draw_score(person, "")
        _draw_feedback(person.grade, open_=open_)
    if machine is None or machine.grade.score is None:
        if not person:
            _draw_absence(turn)
        return
    hints = f" · {turn.hints_seen} hint{'s' if turn.hints_seen > 1 else ''}" if turn.hints_seen else ""
    _draw_score(machine, hints)
    _draw_feedback(machine.grade, open_=open_)
    if turn.grading_pending:
        st.caption("It is being graded again …")
    if whole:
        _draw_evidence(machine.grade, turn, f"evidence-{turn.number}")
        for old in turn.opinions.superseded:
            said = f"{old.grade.score} / 10" if old.grade.score else f"not graded, because {plain(old.grade.reason)}"
            st.caption(f"Before: {said}, {made_by(old)} on {day(old.at)}")


def draw_judgement(grade: Grade) -> None:
    """A grade that belongs to no interview: its score or the reason why there is none, feedback and evidence."""
    if grade.score is None:
        _draw_reason(grade.reason or "")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(f"{grade.score} / 10", color=score_color(grade.score))
        st.caption(SOURCES.get(grade.engine, plain(grade.engine)))
    _draw_feedback(grade, open_=False)
    _draw_evidence(grade, None, "evidence")


def _draw_absence(turn: TurnView) -> None:
    if reason := turn.ungraded:
        _draw_reason(reason)
    else:
        st.caption("Grading …")


def _draw_reason(reason: str) -> None:
    st.warning(f"Not graded, because {plain(reason[:1].lower() + reason[1:], 500)}", icon=":material/help:")


def made_by(view: GradeView) -> str:
    """What or who gave a grade, in words."""
    return f"graded by {plain(view.by)}" if view.by else SOURCES.get(view.source, plain(view.source))


def _draw_score(view: GradeView, hints: str) -> None:
    score = view.grade.score
    with st.container(horizontal=True, vertical_alignment="center"):
        if score is not None:
            st.badge(f"{score} / 10", color=score_color(score))
        st.caption(made_by(view) + hints)


def _draw_feedback(grade: Grade, *, open_: bool) -> None:
    feedback = grade.feedback
    if feedback.strength:
        st.markdown(f"**What worked.** {model_text(feedback.strength)}")
    if open_:
        st.caption("What is missing is shown once you leave this question.")
        return
    if feedback.comment:
        st.markdown(model_text(feedback.comment))
    for label, text in (("What is missing", feedback.gap), ("Next", feedback.next_step)):
        if text:
            st.markdown(f"**{label}.** {model_text(text)}")
    if feedback.improved:
        st.markdown(f"**In better words.** {model_text(feedback.improved)}")


def _draw_criteria(criteria: Sequence[Criterion]) -> None:
    with st.grid(3, min_column_width=190, gap="medium"):
        for one in criteria:
            with st.container(gap=None):
                st.progress(one.level / 4, f"{plain(one.name.capitalize())}: {one.level} of 4")
                if one.rationale:
                    st.caption(model_text(one.rationale))


def _met(found: PointFound) -> str:
    icon, label = POINTS.get(found.status, POINTS["missing"])
    quote = f" — “{plain(found.quote, 400)}”" if found.quote else ""
    return f"{icon} {label}: {model_text(' '.join(found.point.split()))}{quote}"


def _draw_evidence(grade: Grade, turn: TurnView | None, key: str) -> None:
    """The criteria, and folded away what a good answer says: it is made, and sent, only when somebody opens it."""
    model_answer = turn.model_answer if turn else None
    if grade.criteria:
        _draw_criteria(grade.criteria)
    if not (grade.points or grade.errors or grade.flags or model_answer):
        return
    label = "Point by point, and a model answer" if model_answer else "Point by point: what a good answer says"
    details = st.expander(label, key=key, on_change="rerun")
    if not details.open:
        return
    with details:
        st.markdown("\n\n".join(_met(found) for found in grade.points))
        for quote, correction in grade.errors:
            said = f"“{plain(quote, 400)}” — " if quote else ""
            st.markdown(f":material/error: {said}{model_text(correction)}")
        for flag in grade.flags:
            st.caption(plain(flag.replace("_", " ").capitalize()))
        if turn and model_answer:
            st.markdown(f"**{model_answer_name(turn.move)}.** {model_text(model_answer)}")
