"""Prompts: the words that are sent to a model and the domains' questions; edited as versions, tried, put to use."""

import streamlit as st

from core.accounts.permissions import Role
from ui.access import require
from ui.aliases import draw_aliases
from ui.bench import draw_bench
from ui.outcome import show_outcome
from ui.text_editor import draw_editor
from ui.text_use import draw_use
from ui.texts import choose, draw_state
from ui.trial import draw_trial

STEPS = {
    "Edit": draw_editor,
    "Try a question": draw_trial,
    "Rubric bench": draw_bench,
    "Put to use": draw_use,
    "Learnt forms": draw_aliases,
}
viewer = require(Role.ADMIN)

st.title("Prompts and domains", anchor=False)
show_outcome()
chosen = choose()
draw_state(chosen)
step = st.segmented_control(
    "Step", list(STEPS), default="Edit", required=True, key="step", label_visibility="collapsed"
)
STEPS[step](viewer, chosen)
