"""Cohorts."""

import streamlit as st

from core.accounts.permissions import Role
from ui.access import require

require(Role.MANAGER, Role.ADMIN)
st.title("Cohorts", anchor=False)
st.info("There is nothing to see here yet.")
