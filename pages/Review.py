"""Past interviews: find one, open it, read the report."""

import streamlit as st

from core.accounts.transcripts import open_interview
from core.engines.base import Fault, ServiceError
from ui.access import require
from ui.finder import draw_finder
from ui.report import draw_report
from ui.report_turns import draw_not_sent
from ui.services import services

viewer = require()
st.query_params.update()  # a link within a page leaves the browser's address as it was: the next click would lead back
public_id = st.query_params.get("interview")
if not public_id:
    st.title("Review", anchor=False)
    draw_finder(services(), viewer.id)
    st.stop()
try:
    opened = open_interview(services().database, services().interviews, viewer, public_id, services().now())
except ServiceError as error:
    if error.kind is not Fault.NOT_FOUND:
        raise
    st.error(error.sentence)
    st.page_link("pages/Review.py", label="All interviews", icon=":material/arrow_back:", query_params={})
    st.stop()
draw_report(services(), viewer, opened)
draw_not_sent(opened)
