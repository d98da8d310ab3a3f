"""Progress."""

import streamlit as st

from ui.access import require

require()
st.title("Progress", anchor=False)
st.info("There is nothing to see here yet.")
