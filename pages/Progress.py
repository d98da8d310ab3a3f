"""A learner's own scores: over time, by domain, by skill."""

import pandas as pd
import streamlit as st

from core.analytics import charts
from core.analytics.metrics import FEW, Z90, trend
from core.analytics.queries import learner_interviews, learner_skills
from core.interview.policy import LOGITS_PER_LEVEL
from ui.access import require
from ui.charts import choose_source, draw_chart
from ui.safe import plain
from ui.services import services

viewer = require()
domains = services().domains.catalogue().domains


def name_of(domain: str) -> str:
    return domains[domain].name if domain in domains else domain.replace("_", " ").title()


def skill_name(domain: str, skill: str) -> str:
    return domains[domain].skills.get(skill, skill) if domain in domains else skill.replace("_", " ")


def draw_summary(shown: pd.DataFrame) -> None:
    """How many, how well, and whether it grows, in words."""
    found = [trend(part["ability"], part["ability_se"]) for _, part in shown.groupby("domain")]
    labels = {one.label for one in found}
    label = "improving" if "improving" in labels else next(iter(labels)) if len(labels) == 1 else "mixed"
    recent = shown.tail(5)
    with st.container(horizontal=True):
        st.metric("Interviews", len(shown), border=True)
        mean = (recent["mean"] * recent["n"]).sum() / recent["n"].sum()
        st.metric("Mean, last five", f"{mean:.1f}", border=True, help="Mean score of the answers in the last five.")
        st.metric("Direction", label.capitalize(), border=True,
                  help="“Improving” only when the difficulty-adjusted ability grows beyond doubt (90 % band).")  # fmt: skip


def draw_scores(shown: pd.DataFrame) -> None:
    says = (
        "Each point is one interview: the mean of its answers. Questions get harder as you get better, so a level line "
        "can hide growth; the next chart takes the difficulty into account."
    )
    columns = {"started_at": "Day", "Domain": "Domain", "mean": "Mean score", "n": "Answers", "Level": "Level served"}
    draw_chart("Scores over time", shown, charts.scores_over_time(), says, columns)


def draw_ability(shown: pd.DataFrame) -> None:
    known = shown.dropna(subset=["ability"])
    if known.empty:
        return
    half = Z90 * known["ability_se"] / LOGITS_PER_LEVEL
    level = 3 + known["ability"] / LOGITS_PER_LEVEL
    frame = known.assign(mean=level, low=level - half, high=level + half)
    says = (
        "The level of question of which you would master half, estimated from each interview with the difficulty and "
        "the hints taken into account; the lines are 90 % bands."
    )
    columns = {"started_at": "Day", "Domain": "Domain", "mean": "Level", "low": "From", "high": "To"}
    draw_chart("Ability, adjusted for difficulty", frame, charts.ability_over_time(), says, columns)


def draw_skills(skills: pd.DataFrame) -> None:
    for domain, part in skills.groupby("domain"):
        named = part.assign(Skill=[skill_name(str(domain), skill) for skill in part["skill"]], few=part["n"] < FEW)
        says = f"Your mean score by skill, weakest first. Grey: fewer than {FEW} answers, too few to rely on."
        columns = {"Skill": "Skill", "mean": "Mean score", "n": "Answers", "level": "Mean level"}
        draw_chart(f"Skills in {plain(name_of(str(domain)))}", named.sort_values("mean"), charts.means_by("Skill"), says,
                   columns)  # fmt: skip


st.title("Progress", anchor=False)
with services().database.read() as session:
    interviews = learner_interviews(session, viewer.id)
    skills = learner_skills(session, viewer.id)
if interviews.empty:
    st.info("After your first graded interview you will see your scores here: over time, by domain and by skill.")
    st.page_link("pages/Practise.py", label="Hold the first interview", icon=":material/mic:")
    st.stop()
keys = sorted(interviews["domain"].unique(), key=name_of)
domain = st.pills("Domain", keys, format_func=lambda key: plain(name_of(key)), key="progress_domain")
source = choose_source(list(dict.fromkeys(reversed(interviews["source"].tolist()))))
shown = interviews[interviews["source"] == source]
skills = skills[skills["source"] == source]
if domain:
    shown, skills = shown[shown["domain"] == domain], skills[skills["domain"] == domain]
if shown.empty:
    st.info("There is no interview with these scores in this domain.")
    st.stop()
shown = shown.assign(Domain=[name_of(key) for key in shown["domain"]], Level=shown["level"].round(1))
draw_summary(shown)
if len(shown) < 4:
    st.info(f"{len(shown)} of the 4 interviews that a first word on your direction needs.", icon=":material/timeline:")
draw_scores(shown)
draw_ability(shown)
draw_skills(skills)
