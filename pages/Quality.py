"""Quality: what learners object to, and how far machines can be trusted."""

import streamlit as st

from core.accounts.permissions import Role
from ui.access import require
from ui.agreement import draw_agreement
from ui.flag_queues import draw_questions, draw_scores
from ui.outcome import show_outcome
from ui.people import STAFF
from ui.training import draw_training

PARTS = {
    "Scores": draw_scores,
    "Questions": draw_questions,
    "Agreement": draw_agreement,
    "Training data": draw_training,
}
viewer = require(*STAFF)

st.title("Quality", anchor=False)
show_outcome()
part = "Scores"  # all that managers deal with
if viewer.role is Role.ADMIN:
    part = st.segmented_control("Show", list(PARTS), default=part, required=True, key="part", bind="query-params")
PARTS[part](viewer)
