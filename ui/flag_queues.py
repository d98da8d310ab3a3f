"""The staff's side of flags: what waits to be looked at, with what is needed to decide."""

import streamlit as st

from core.accounts.permissions import Viewer
from core.quality.queues import DisputedScore, FlaggedQuestion, disputed_scores, flagged_questions
from core.storage.feedback_tables import MAX_WORDS
from ui.flags import KINDS
from ui.outcome import perform
from ui.people import STAFF
from ui.safe import model_text, plain
from ui.services import services
from ui.turns import MOVES, score_color
from ui.when import ago

LIMIT = 50


def draw_questions(viewer: Viewer) -> None:
    """Flagged questions, oldest first."""
    with services().database.read() as session:
        waiting = flagged_questions(session, viewer, LIMIT)
    if not waiting:
        st.info("No flagged question waits.", icon=":material/task_alt:")
    for item in waiting:
        with st.container(border=True):
            _draw_question(item)
    _draw_more(len(waiting))


def draw_scores(viewer: Viewer) -> None:
    """Scores that learners disagree with, oldest first."""
    with services().database.read() as session:
        waiting = disputed_scores(session, viewer, LIMIT)
    if not waiting:
        st.info("No learner waits for another look at a score.", icon=":material/task_alt:")
    for item in waiting:
        with st.container(border=True):
            _draw_score(item)
    _draw_more(len(waiting))


def _draw_question(item: FlaggedQuestion) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(KINDS[item.kind], icon=":material/outlined_flag:", color="orange")
        _draw_place(item, MOVES[item.move])
    for earlier in item.before:
        st.caption(f"Before it: {model_text(earlier)}")
    st.markdown(model_text(item.message))
    for hint in item.hints:
        st.markdown(f"**Hint.** {model_text(hint)}")
    if item.words:
        st.markdown(f"**The learner says.** {plain(item.words, MAX_WORDS)}")
    with st.expander("Where it came from"):
        _draw_origin(item)
    _draw_note(item.id, "Dealt with")


def _draw_score(item: DisputedScore) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if item.score is not None:
            st.badge(f"{item.score} / 10", color=score_color(item.score))
        _draw_place(item, f"question {item.number}, {plain(item.learner)}")
    st.markdown(f"**The learner says.** {plain(item.reason, MAX_WORDS)}")
    label = f"Read answer {item.number}, and grade it if the score is wrong (your look is recorded)"
    st.page_link("pages/Review.py", label=label, icon=":material/arrow_forward:",
                 query_params={"interview": item.interview})  # fmt: skip
    _draw_note(item.id, "The score stands")


def _draw_place(item: FlaggedQuestion | DisputedScore, what: str) -> None:
    """Domain, skill and level, and how long it has waited."""
    if item.is_sample:
        st.badge("Sample data", icon=":material/science:", color="violet")
    domain = services().domains.catalogue().domains.get(item.domain)
    name, skill = (domain.name, domain.skills.get(item.skill, item.skill)) if domain else (item.domain, item.skill)
    since = ago(item.flagged_at, services().now())
    st.caption(f"{plain(name)} · {plain(skill)} · level {item.level} · {what} · flagged {since}")


def _draw_origin(item: FlaggedQuestion) -> None:
    """Engine and prompt, and what the bank has for the question."""
    kept = "kept to the policy card" if item.complied else "left the policy card"
    digest = f", prompt {item.prompt_digest[:12]}" if item.prompt_digest else ""
    st.caption(f"Asked by {plain(item.engine)}, {plain(item.model)}{digest}; the reply {kept}.")
    domain = services().domains.catalogue().domains.get(item.domain)
    found = domain.find(item.question_id) if domain and item.question_id else None
    if found is None:
        st.caption("It is not from the question bank.")
    else:
        st.caption(f"{plain(found.id)} in the question bank:")
        st.markdown(model_text(found.text))
        st.markdown("\n".join(f"- {model_text(entry.point)}" for entry in found.key_points))
        st.markdown(f"**Model answer.** {model_text(found.model_answer)}")
    address = {"interview": item.interview}
    st.page_link("pages/Review.py", label="The interview (your look is recorded)", query_params=address)


def _draw_note(flag_id: int, done: str) -> None:
    with st.form(f"flag-{flag_id}", border=False):
        st.text_area("Note to the learner", key=f"note-{flag_id}", max_chars=MAX_WORDS, height=68)
        st.form_submit_button(done, on_click=_close, args=(flag_id,))


def _draw_more(shown: int) -> None:
    if shown == LIMIT:
        st.caption(f"These are the {LIMIT} oldest; the next ones come up as you deal with them.")


def _close(flag_id: int) -> None:
    note = st.session_state[f"note-{flag_id}"]

    def work(viewer: Viewer) -> str:
        services().flags.close(viewer, flag_id, note)
        return "Dealt with; the learner sees your note."

    perform(work, *STAFF)
