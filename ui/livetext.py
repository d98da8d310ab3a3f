"""Shows the interviewer's message while it is being written."""

import streamlit as st

from core.bootstrap import Services
from core.interview.records import InterviewView
from ui.safe import model_text

LOOK_AGAIN = 0.25
"""Seconds between looks at the database while another process, or nobody yet, writes the message."""


def follow_reply(services: Services, view: InterviewView) -> None:
    """Stream the owed message into the page, then rerun; safe to abandon at any moment, for nothing is computed here."""
    with st.chat_message("assistant", avatar=":material/record_voice_over:"):
        box = st.empty()
    box.markdown("*The interviewer is thinking …*")
    key = (view.id, number := len(view.turns) + 1)

    def owed() -> bool:
        return ("ask", number) in services.interviews.owed(view.learner_id, view.public_id)

    while True:
        for text in services.live.follow(key):
            if text.strip():
                box.markdown(model_text(text) + " ▌")
        if services.workers.wait_while(owed, LOOK_AGAIN):
            st.rerun()
