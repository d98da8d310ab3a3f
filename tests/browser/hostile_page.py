"""A page of hostile texts and nothing else, for test_hostile_text.py."""

import sys
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.hostile import PAYLOADS
from ui.safe import model_text, plain

for number, payload in enumerate(PAYLOADS):
    st.markdown(model_text(payload))
    st.markdown(plain(payload))
    st.button(plain(payload), key=f"button-{number}")
    st.checkbox(plain(payload), key=f"checkbox-{number}")
st.markdown("all of it is drawn")
