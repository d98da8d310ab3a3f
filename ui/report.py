"""The report of an interview: the overall picture first, then every answer."""

import streamlit as st

from core.accounts.permissions import Viewer
from core.accounts.transcripts import Opened
from core.bootstrap import Services
from core.interview.model import EndReason, Phase
from core.interview.records import InterviewView
from core.interview.report import report_of
from ui.access import require, told
from ui.again import draw_again, draw_comparison
from ui.outcome import act, show_outcome, show_problem
from ui.report_turns import draw_turns
from ui.safe import model_text, plain
from ui.second_grades import draw_grade_all
from ui.setup_form import MODES
from ui.take_along import draw_take_along
from ui.turns import SOURCES
from ui.when import day, moment

ENDS = {
    EndReason.LIMIT: "all questions asked",
    EndReason.TIME: "time was up",
    EndReason.LEARNER: "ended early",
}


def draw_report(services: Services, viewer: Viewer, opened: Opened) -> None:
    """Head, summary and turns; refreshes itself while grades are still coming in."""
    view = opened.view
    page, label = ("Review", "All interviews") if opened.own else ("Cohorts", "Cohorts")
    st.page_link(f"pages/{page}.py", label=label, icon=":material/arrow_back:", query_params={})
    whose = "" if opened.own else f" · {plain(opened.learner_name)}"
    st.title(f"{plain(view.domain_name)}{whose}", anchor=False)
    _draw_facts(view)
    withheld = view.is_withheld and opened.own
    if view.answered and not withheld and _in_the_making(view):
        # Before what is said once: that would be gone when this begins the page anew.
        st.fragment(_wait, run_every=1.0)(services, view)
    show_problem()
    show_outcome()
    if view.phase is not Phase.FINISHED and opened.own:
        st.page_link(
            "pages/Practise.py",
            label="This interview is still open: resume",
            icon=":material/play_arrow:",
            query_params={"interview": view.public_id},
        )
    if withheld:
        st.info("A mock interview keeps its scores and its feedback for the end.", icon=":material/hourglass_top:")
        return
    if not view.answered:
        st.info("No question was answered in this interview, so there is nothing to score.")
        return
    if opened.own:
        draw_take_along(services, opened)
    _draw_summary(services, opened)
    if opened.words:
        _draw_words(services, opened)
    if view.words_removed_at is not None:
        says = f"What was said here was removed on {day(view.words_removed_at)}, as the programme sets. Scores stay."
        st.info(says, icon=":material/auto_delete:")
    elif not opened.words:
        st.info("This learner has not agreed to share what they said: scores only.", icon=":material/lock:")
    if opened.own:
        draw_comparison(services, view)
    st.subheader("Answer by answer", anchor=False)
    draw_grade_all(opened)
    draw_turns(services, opened)


def _draw_facts(view: InterviewView) -> None:
    level = f"level {view.level}" if view.level else "level found on the way"
    how = ENDS.get(EndReason(view.end_reason), "") if view.end_reason else "still open"
    facts = [moment(view.started_at), MODES[view.mode][0], level, _answers(view), how]
    st.caption(" · ".join(facts))
    if view.is_sample:
        st.badge("Sample data", icon=":material/science:", color="violet")


def _answers(view: InterviewView) -> str:
    """How many answers there are, and beside them how many questions were skipped: "9 answers, 1 skipped"."""
    skipped = sum(turn.skipped for turn in view.answered)
    given = len(view.answered) - skipped
    return f"{given} answer{'' if given == 1 else 's'}" + (f", {skipped} skipped" if skipped else "")


def _in_the_making(view: InterviewView) -> bool:
    return not view.grading_done or (view.writing is not None and view.writing.pending)


@told("report")
def _wait(services: Services, view: InterviewView) -> None:
    require()  # a fragment reruns without its page
    now = services.interviews.view(view.learner_id, view.public_id)
    owed = [turn for turn in now.answered if not turn.skipped]
    done = sum(not turn.grading_pending for turn in owed)
    if not _in_the_making(now) or (now.grading_done and not view.grading_done):
        st.rerun()
    says = (
        "The closing words are being written."
        if done == len(owed)
        else f"Grading: {done} of {len(owed)} {'is' if len(owed) == 1 else 'are'} done."
    )
    st.info(says, icon=":material/hourglass_top:")


def _draw_words(services: Services, opened: Opened) -> None:
    """What a model wrote about the interview as a whole, from the grades."""
    view = opened.view
    if view.words:
        with st.container(border=True):
            st.markdown(":material/record_voice_over: **In your interviewer's words**")
            st.markdown(model_text(view.words))
            st.caption("Written by a model from the scores and evidence below.")
    elif view.writing is not None and view.writing.failed:
        st.caption(f"There are no closing words: {plain(view.writing.sentence, 300)}")
        if opened.own:
            again = (services.interviews.retry, view.learner_id, view.public_id, "summary", 0)
            st.button("Write them now", on_click=act, args=again)


def _draw_summary(services: Services, opened: Opened) -> None:
    view = opened.view
    summary = report_of(view)
    sources = {turn.source for turn in view.answered if turn.source}
    with st.container(border=True):
        left, right = st.columns([1, 2], vertical_alignment="center")
        with left:
            st.metric(
                "Overall score",
                f"{summary.overall:.1f} / 10" if summary.overall is not None else "Not graded",
                help="The mean of all graded answers, each 1–10.",
            )
            st.caption(summary.how_many.capitalize())
            st.caption(" and ".join(sorted(SOURCES.get(source, source) for source in sources)))
        with right:
            _draw_list("Strengths", summary.strengths, ":material/thumb_up:")
            _draw_list("Gaps", summary.gaps, ":material/target:")
    if summary.plan:
        with st.container(border=True):
            _draw_list("What to practise next", summary.plan, ":material/event_upcoming:")
            if summary.retry:
                st.markdown("**Questions to try again**")
                for question in summary.retry:
                    st.markdown(f"- {model_text(question)}")
                if opened.own and view.phase is Phase.FINISHED:
                    label = "Practise these again" if len(summary.retry) > 1 else "Practise it again"
                    draw_again(services, view, summary.retry_numbers, label, f"again-{view.public_id}")


def _draw_list(title: str, items: tuple[str, ...], icon: str) -> None:
    st.markdown(f"{icon} **{title}**")
    for item in items:
        st.markdown(f"- {model_text(item)}")
    if not items:
        st.caption("Nothing stood out.")
