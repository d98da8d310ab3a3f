"""Quality: what learners object to, and what came of it."""

from functools import partial

import streamlit as st

from core.accounts.permissions import Role, Viewer
from core.quality.flags import FlaggedQuestion
from core.storage.feedback_tables import MAX_WORDS
from ui.access import require
from ui.flags import KINDS
from ui.outcome import perform, show_outcome
from ui.safe import model_text, plain
from ui.services import services
from ui.turns import MOVES
from ui.when import ago

LIMIT = 50
viewer = require(Role.ADMIN)
domains = services().domains.catalogue().domains


def draw_questions() -> None:
    """Flagged questions with where they came from, oldest first."""
    waiting = services().flags.questions(viewer, LIMIT)
    if not waiting:
        st.info("No flagged question waits.", icon=":material/task_alt:")
    for item in waiting:
        with st.container(border=True):
            draw_question(item)
    if len(waiting) == LIMIT:
        st.caption(f"These are the {LIMIT} oldest; the next ones come up as you deal with them.")


def draw_question(item: FlaggedQuestion) -> None:
    domain = domains.get(item.domain)
    skill = domain.skills.get(item.skill, item.skill) if domain else item.skill
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(KINDS[item.kind], icon=":material/flag:", color="orange")
        if item.is_sample:
            st.badge("Sample data", icon=":material/science:", color="violet")
        st.caption(f"{plain(domain.name if domain else item.domain)} · {plain(skill)} · level {item.level} · "
                   f"{MOVES[item.move]} · flagged {ago(item.flagged_at, services().now())}")  # fmt: skip
    for earlier in item.before:
        st.caption(f"Before it: {model_text(earlier)}")
    st.markdown(model_text(item.message))
    for hint in item.hints:
        st.markdown(f"**Hint.** {model_text(hint)}")
    if item.words:
        st.markdown(f"**The learner says.** {model_text(item.words)}")
    with st.expander("Where it came from"):
        draw_origin(item)
    with st.form(f"flag-{item.id}", border=False):
        st.text_area("Note to the learner", key=f"note-{item.id}", max_chars=MAX_WORDS, height=68)
        st.form_submit_button("Dealt with", on_click=close, args=(item.id,))


def draw_origin(item: FlaggedQuestion) -> None:
    """Engine and prompt, and what the bank has for the question."""
    kept = "kept to the policy card" if item.complied else "left the policy card"
    digest = f", prompt {item.prompt_digest[:12]}" if item.prompt_digest else ""
    st.caption(f"Asked by {plain(item.engine)}, {plain(item.model)}{digest}; the reply {kept}.")
    domain = domains.get(item.domain)
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


def close(flag_id: int) -> None:
    def work(note: str, now: Viewer) -> str:
        services().flags.close(now, flag_id, note)
        return "Dealt with; the learner sees your note."

    perform(partial(work, st.session_state[f"note-{flag_id}"]), Role.ADMIN)


st.title("Quality", anchor=False)
show_outcome()
draw_questions()
