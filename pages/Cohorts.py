"""A cohort's scores: over time, by domain and skill, and the learners behind them."""

import datetime as dt

import pandas as pd
import streamlit as st

from core.accounts.permissions import Role
from core.analytics import charts, queries
from core.analytics.metrics import with_means
from core.interview.model import Mode
from core.interview.search import Wanted, found, search
from ui.access import require
from ui.charts import choose_source, draw_chart, histogram_long
from ui.safe import plain
from ui.services import services
from ui.setup_form import MODES

ACTIVE = dt.timedelta(days=14)

viewer = require(Role.MANAGER, Role.ADMIN)
domains = services().domains.catalogue().domains


def name_of(domain: str) -> str:
    return domains[domain].name if domain in domains else domain.replace("_", " ").title()


def draw_numbers(learners: pd.DataFrame, all_scores: pd.DataFrame) -> None:
    active = (learners["last_interview"] >= services().now() - ACTIVE).sum()
    n, total = all_scores["n"].sum(), all_scores["total"].sum()
    with st.container(horizontal=True):
        st.metric("Learners", len(learners), border=True)
        st.metric("Active", int(active), border=True, help="Held an interview in the last 14 days.")
        st.metric("Responses graded", f"{n:,}", border=True)
        st.metric("Mean score", f"{total / n:.1f}" if n else "–", border=True)


def draw_scores(weeks: pd.DataFrame, skills: pd.DataFrame, scores: pd.DataFrame) -> None:
    numbers = {"mean": "Mean score", "low": "From", "high": "To", "n": "Responses"}
    draw_chart(
        "Scores over time", with_means(weeks), charts.weekly_means(),
        "Mean score of each week with its 90 % band. Questions adapt to the learner, so growth shows less here than it is.",
        {"week": "Week from", **numbers},
    )  # fmt: skip
    by_domain = skills.groupby("domain", as_index=False)[["n", "total", *queries.HISTOGRAM]].sum()
    if len(by_domain) > 1:
        named = with_means(by_domain).assign(Domain=[name_of(key) for key in by_domain["domain"]])
        draw_chart("By domain", named, charts.means_by("Domain"), "Mean score by domain, weakest first.",
                   {"Domain": "Domain", **numbers})  # fmt: skip
    key = str(by_domain.sort_values("n")["domain"].iloc[-1])
    part = skills[skills["domain"] == key]
    names = domains[key].skills if key in domains else {}
    named = with_means(part).assign(Skill=[names.get(skill, skill.replace("_", " ")) for skill in part["skill"]])
    says = "Mean score by skill, weakest first; grey has fewer than 5 responses. Choose a domain above for another."
    draw_chart(f"Skills in {plain(name_of(key))}", named, charts.means_by("Skill"), says, {"Skill": "Skill", **numbers})
    draw_chart("How scores are spread", histogram_long(scores.iloc[0]), charts.distribution(),
               "Share of all graded responses with each score.", {"score": "Score", "n": "Responses"})  # fmt: skip


def draw_learners(learners: pd.DataFrame) -> None:
    st.subheader("Learners", anchor=False)
    st.caption("Choose a row to see that learner's interviews.")
    table = learners[["name", "interviews", "n", "mean", "last_interview"]].rename(
        columns={"name": "Name", "interviews": "Interviews", "n": "Responses", "mean": "Mean score",
                 "last_interview": "Last interview"}
    )  # fmt: skip
    config = {
        "Mean score": st.column_config.NumberColumn(format="%.1f"),
        "Last interview": st.column_config.DatetimeColumn(format="D MMM YYYY"),
    }
    event = st.dataframe(
        table, hide_index=True, width="stretch", column_config=config, on_select="rerun", selection_mode="single-row",
        key="learners", alt="Learners of the cohort",
    )  # fmt: skip
    if rows := event["selection"]["rows"]:
        draw_learner(learners.iloc[rows[0]])


def draw_learner(learner: pd.Series) -> None:
    with services().database.read() as session:
        ids = search(session, int(learner["id"]), Wanted(domain=domain))
        theirs = found(session, int(learner["id"]), ids[:50])
    st.subheader(plain(learner["name"]), anchor=False)
    if not theirs:
        st.info("No interview yet.")
    for row in theirs:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            mean = f"{row.mean:.1f} / 10" if row.mean is not None else "not graded"
            st.markdown(f"**{plain(name_of(row.domain))}** · {mean}", width="stretch")
            st.caption(f"{row.started_at:%d %b %Y} · {MODES[Mode(row.mode)][0]} · {row.answered} answers")
            st.page_link("pages/Review.py", label="Open", icon=":material/arrow_forward:",
                         query_params={"interview": row.public_id})  # fmt: skip


st.title("Cohorts", anchor=False)
cohorts = {cohort.public_id: cohort for cohort in services().people.cohorts_of(viewer)}
if not cohorts:
    st.info("You look after no cohort yet; an administrator can add you to one on the People page.")
    st.stop()
key = st.selectbox(
    "Cohort", list(cohorts), format_func=lambda id_: cohorts[id_].title, key="cohort", bind="query-params"
)
if cohorts[key].is_sample:
    st.badge("Sample data", icon=":material/science:", color="violet")
domain = st.pills(
    "Domain", list(domains), format_func=lambda k: plain(name_of(k)), key="cohort_domain", bind="query-params"
)
own = [cohorts[key].id]
with services().database.read() as session:
    learners = queries.cohort_learners(session, own, domain=domain)
    scores = queries.cohort_distribution(session, own, domain=domain)
    weeks = queries.cohort_weeks(session, own, domain=domain)
    skills = queries.cohort_domain_skill(session, own, domain=domain)
draw_numbers(learners, scores)
if scores.empty:
    st.info("Nothing has been graded here yet; charts begin with the first finished answer.")
else:
    source = choose_source(scores.sort_values("n", ascending=False)["source"].tolist())
    draw_scores(*(frame[frame["source"] == source] for frame in (weeks, skills, scores)))
draw_learners(learners)
