"""Home: what is open, and the next step."""

import datetime as dt

import streamlit as st

from core.accounts.permissions import Role
from core.interview.model import FlagKind
from core.quality import queues
from ui.access import require
from ui.assignments import draw_tasks
from ui.charts import NUMBER_WITH_WORD
from ui.home import draw_goal, draw_last, draw_next, draw_streak
from ui.safe import plain
from ui.services import services
from ui.when import ago

NEWS = dt.timedelta(days=14)  # how long an answer to a flag stays on this page

viewer = require()
interviews = services().interviews
mine = interviews.overview(viewer.id)

st.title(f"Hello, {plain(viewer.name)}", anchor=False)
if viewer.is_sample:
    st.badge("Sample data", icon=":material/science:", color="violet", help="A made-up programme to look around in.")

with services().database.read() as session:
    answered = queues.answered(session, viewer.id, services().now() - NEWS)
    waiting = queues.waiting(session, viewer)
for flag in answered:
    what = "disagreement with a score" if flag.kind is FlagKind.SCORE else "flag"
    st.page_link(
        "pages/Review.py",
        label=f"Your {what} was dealt with: read what came of it, at question {flag.number}",
        icon=":material/outlined_flag:",
        query_params={"interview": flag.interview},
    )
if waiting:
    label = f"{waiting} objection{'s' if waiting > 1 else ''} of learners wait{'' if waiting > 1 else 's'} for you"
    st.page_link("pages/Quality.py", label=label, icon=":material/verified:")

for item in mine.open_:
    with st.container(border=True):
        st.subheader(f"{plain(item.domain_name)}: question {item.at} of {item.limit} is waiting", anchor=False)
        st.caption(f"Begun {ago(item.started_at, services().now())}. It stands where you left it.")
        if st.button("Resume", icon=":material/play_arrow:", type="primary", key=f"resume-{item.public_id}"):
            st.switch_page("pages/Practise.py", query_params={"interview": item.public_id})

draw_tasks(services(), viewer)
draw_next(services(), viewer, mine.finished, first=not mine.open_)
if mine.last:
    draw_last(services(), viewer, mine.last)
if mine.finished:
    draw_goal(services(), viewer)

with st.container(horizontal=True):
    st.metric("Interviews finished", mine.finished, border=True, height=NUMBER_WITH_WORD)
    st.metric("Answers given", mine.answered, border=True, height=NUMBER_WITH_WORD)
    st.metric("Mean score", f"{mine.mean:.1f}" if mine.mean is not None else "–", border=True, height=NUMBER_WITH_WORD,
              help="Of all graded answers, 1–10, as scored; Progress shows it adjusted for difficulty.")  # fmt: skip
    draw_streak(services(), viewer)

if mine.finished:
    with st.container(horizontal=True):
        st.page_link("pages/Review.py", label="Read past interviews", icon=":material/history:")
        st.page_link("pages/Progress.py", label="See your progress", icon=":material/trending_up:")
if viewer.role is not Role.LEARNER:
    st.page_link("pages/Cohorts.py", label="See your cohorts", icon=":material/groups:")
