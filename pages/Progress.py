"""A learner's own scores by views: how it goes, skills, how well they judge themselves, how they speak."""

import pandas as pd
import streamlit as st

from core.analytics.placing import placings
from core.analytics.progress import skills_by_period
from core.analytics.queries import NEWEST, learner_interviews, learner_skills, learner_totals
from core.analytics.spoken import spoken_interviews
from ui import progress
from ui.access import require
from ui.calibration import draw_calibration
from ui.charts import NUMBER, choose_source
from ui.safe import plain
from ui.services import services
from ui.when import zone

VIEWS = ["How it goes", "Skills", "Confidence", "Speech"]

viewer = require()
catalogue = services().domains.catalogue()


def draw_nothing_yet() -> None:
    """What will be here, for somebody who has no score yet."""
    with st.container(border=True):
        st.subheader("After your first graded interview you will see your scores here", anchor=False)
        st.markdown(
            "1. **After one** interview: your score, the level you stand at, and your skills.\n"
            "2. **After four** in one domain: whether you are improving there, by a rule that is seldom fooled by luck.\n"
            "3. **As you go on**: which skills fade, and how many hints you still need."
        )
        st.page_link("pages/Practise.py", label="Hold the first interview", icon=":material/mic:")


def draw_numbers(totals: pd.DataFrame, shown: pd.DataFrame) -> None:
    recent = shown.tail(progress.RECENT)
    with st.container(horizontal=True):
        st.metric("Interviews finished", f"{totals['finished'].sum():,}", border=True, height=NUMBER)
        st.metric("Graded answers", f"{totals['n'].sum():,}", border=True, height=NUMBER)
        mean = (recent["mean"] * recent["n"]).sum() / recent["n"].sum()
        st.metric(
            "Mean, last five",
            f"{mean:.1f}",
            border=True,
            height=NUMBER,
            help="Mean score of the answers in the last five.",
        )
    if without := int(totals["ungraded"].sum()):
        st.caption(
            f"{without} answer{'s' if without > 1 else ''} could not be graded: nothing here is drawn from {'them' if without > 1 else 'it'}."
        )
    if len(shown) == NEWEST:
        st.caption(f"What follows is about the newest {NEWEST} interviews.")


st.title("Progress", anchor=False)
progress.come_back()
with services().database.read() as session:
    totals = learner_totals(session, viewer.id)
if totals.empty:
    draw_nothing_yet()
    st.stop()
keys = sorted(totals["domain"].unique(), key=catalogue.name_of)
domain = st.pills(
    "Domain", keys, format_func=lambda key: plain(catalogue.name_of(key)), key="field", bind="query-params"
)
source = choose_source(totals["source"].unique().tolist())
totals = totals[(totals["source"] == source) & (totals["domain"] == domain if domain else True)]
if totals.empty:
    st.info("There is no interview with these scores in this domain.")
    st.stop()
with services().database.read() as session:
    shown = learner_interviews(session, viewer.id, domain, source)
    draw_numbers(totals, shown)
    view = st.segmented_control("View", VIEWS, default=VIEWS[0], required=True, key="view", bind="query-params",
                                label_visibility="collapsed")  # fmt: skip
    if view == "How it goes":
        progress.draw_course(shown, placings(session, viewer.id, source), catalogue)
    elif view == "Skills":
        of_skills = domain or str(shown["domain"].iloc[-1])
        skills = learner_skills(session, viewer.id, of_skills, source)
        progress.draw_skills(skills_by_period(skills, zone()), of_skills, catalogue)
        if not domain and len(keys) > 1:
            st.caption(
                "These are the skills of the domain of your last interview; choose another domain at the top for its own."
            )
    elif view == "Confidence":
        draw_calibration(session, viewer.id, domain, source, catalogue)
    else:
        progress.draw_spoken(spoken_interviews(session, viewer.id, domain), catalogue)
