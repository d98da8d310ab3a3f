"""For administrators: the examples for fine-tuning, to download."""

import streamlit as st

from core.accounts.permissions import Viewer
from ui.web.exports import TRAINING


def draw_training(viewer: Viewer) -> None:
    """What the file holds, whose words are in it, and the link."""
    st.subheader("Examples for fine-tuning", anchor=False)
    whose = (
        "sample people" if viewer.is_sample else "learners whose programme shares transcripts, or who share their own"
    )
    st.markdown(
        f"One line of JSON for each graded answer of {whose}: question, answer, the grade in force (a person's where "
        "there is one) and its feedback. No line names the learner, but people say names in answers: treat the file as "
        "confidential. Each download is recorded."
    )
    st.html(f'<a href="{TRAINING}" download target="_self">Download training.jsonl</a>')
