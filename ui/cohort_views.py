"""What the cohort page shows of a cohort: how it goes, its skills, its learners, who needs a call, and all cohorts."""

import datetime as dt
from dataclasses import replace

import pandas as pd
import streamlit as st
from sqlalchemy.orm import Session

from core.accounts.permissions import Viewer
from core.analytics import charts
from core.analytics.attention import Thresholds, at_risk
from core.analytics.cohorts import activity, funnel, scores_by_skill, scores_by_week, scores_elsewhere
from core.analytics.metrics import FEW, with_means
from core.analytics.overview import RANKED_FROM, overview, ranked
from core.analytics.scope import Scope
from core.analytics.statistics import change_in_words, statistics
from core.interview.policy import LOGITS_PER_LEVEL
from core.storage.ids import week_of
from ui.charts import NUMBER_WITH_WORD, draw_chart, histogram_long
from ui.downloads import draw_downloads
from ui.missed import draw_missed
from ui.outcome import perform
from ui.people import STAFF
from ui.services import services
from ui.turns import LEVELS

ACTIVE = dt.timedelta(days=14)
NUMBERS = {"mean": "Mean score", "low": "From", "high": "To", "n": "Responses"}


def draw_funnel(session: Session, scope: Scope, now: dt.datetime) -> None:
    """How far the learners of the cohort got, as a row of numbers that each hold the next."""
    got = funnel(session, scope.cohort_ids, active_since=now - ACTIVE)
    steps = [
        ("Invited", got.invited, "Learners who are enrolled."),
        ("Signed in", got.signed_in, "Learners who have been here at least once."),
        ("Began", got.began, "Learners who have begun an interview."),
        ("Finished one", got.finished, "Learners who have finished at least one interview."),
        ("Active", got.active, "Learners who began an interview in the last 14 days."),
    ]
    with st.container(horizontal=True):
        for label, number, meaning in steps:
            share = f"{number / got.invited:.0%} of invited" if got.invited and label != "Invited" else None
            st.metric(label, f"{number:,}", share, delta_color="off", delta_arrow="off", border=True, help=meaning,
                      height=NUMBER_WITH_WORD)  # fmt: skip


def draw_course(session: Session, scopes: dict[str, Scope], now: dt.datetime) -> None:
    """Scores, ability, practice and spread; `scopes` by the cohort's title, the first one being looked at."""
    (title, scope), *_ = scopes.items()
    counts = {name: scores_by_week(session, one) for name, one in scopes.items()}
    weeks = pd.concat([statistics(found, ["week"]).assign(Cohort=name) for name, found in counts.items()])
    left, right = st.columns(2)
    with left:
        says = (
            f"{change_in_words(weeks[weeks['Cohort'] == title])} Questions adapt, so growth shows less here than it is."
        )
        draw_chart("Scores", weeks, charts.weekly("score"), says, {"Cohort": "Cohort", "week": "Week from", **NUMBERS})
    with right:
        ability = weeks.dropna(subset=["ability_low"]).assign(
            **{to: 3 + weeks[of] / LOGITS_PER_LEVEL for to, of in
               (("mean", "ability"), ("low", "ability_low"), ("high", "ability_high"))}
        )  # fmt: skip
        says = "The level of question that they would half master, were all asked the same; hints are not counted in."
        draw_chart("Ability, adjusted for difficulty", ability, charts.weekly("ability"), says,
                   {"Cohort": "Cohort", "week": "Week from", "mean": "Level", "low": "From", "high": "To"})  # fmt: skip
    left, right = st.columns(2)
    with left:
        practice = activity(session, scope)
        latest = practice[practice["week"] == week_of(now)]
        learners = int(latest["learners"].sum())
        says = f"{learners} learner{'' if learners == 1 else 's'} practised in the week that runs now. Bars: interviews begun; line: learners."
        draw_chart("Practice", practice, charts.activity(), says,
                   {"week": "Week from", "learners": "Learners", "started": "Begun", "finished": "Finished",
                    "hints": "Hints"})  # fmt: skip
    with right:
        if len(counts) == 1:
            counts["Other cohorts of the programme"] = scores_elsewhere(session, scope)
        _draw_spread(counts)


def _draw_spread(groups: dict[str, pd.DataFrame]) -> None:
    parts = [histogram_long(counts).assign(Group=name) for name, counts in groups.items() if len(counts)]
    beside = " beside the others" if len(parts) > 1 else ""
    draw_chart("How scores are spread", pd.concat(parts), charts.distributions(), f"Share of all responses with each score{beside}.",
               {"Group": "Group", "score": "Score", "n": "Responses"})  # fmt: skip


def draw_skills(session: Session, scope: Scope, names: dict[str, str], now: dt.datetime) -> None:
    """Skills of one domain, weakest first, what was asked at which level, and what was missed."""
    counts = scores_by_skill(session, scope)
    named = counts.assign(Skill=[names.get(skill, skill.replace("_", " ")) for skill in counts["skill"]])
    by_skill = statistics(named, ["Skill"]).sort_values("ability")
    shown = by_skill.assign(Level=3 + by_skill["ability"] / LOGITS_PER_LEVEL)
    weakest = shown[~shown["few"]].head(2)["Skill"].tolist()
    says = f"Weakest by ability: {' and '.join(weakest)}." if weakest else f"No skill has {FEW} responses yet."
    left, right = st.columns(2)
    with left:
        says = f"{says} Grey: fewer than {FEW} responses. A click on a skill narrows the key points below to it."
        picked = draw_chart("Skills", shown, charts.means_by("Skill"), says,
                            {"Skill": "Skill", **NUMBERS, "median": "Median", "Level": "Ability as a level"},
                            key="skills-chart", height=charts.BARS.height(len(shown)))  # fmt: skip
    with right:
        cells = with_means(named).assign(level=named["level"])
        cells["Label"] = [f"{mean:.1f} · {n}" for mean, n in zip(cells["mean"], cells["n"], strict=True)]
        draw_chart("Skills by level asked", cells, charts.skill_levels(), "Mean score and number of responses in each cell.",
                   {"Skill": "Skill", "level": "Level", "mean": "Mean score", "n": "Responses"},
                   height=charts.LEVEL_CELLS.height(cells["Skill"].nunique()))  # fmt: skip
    chosen = [row.get("Skill") for row in picked.get(charts.CHOSEN, [])]
    skills = [str(skill) for skill, name in zip(named["skill"], named["Skill"], strict=True) if name in chosen]
    draw_missed(session, replace(scope, skill=skills[0]) if skills else scope, names, now)


def draw_attention(viewer: Viewer, session: Session, scope: Scope, now: dt.datetime) -> pd.DataFrame:
    """The list of those who may need a call, by thresholds that are set beside it and may be kept."""
    kept = Thresholds.of(viewer.settings)
    with st.popover("What puts somebody here", icon=":material/tune:"):
        idle = st.slider("Days without an interview", 3, 60, _within(kept.idle_days, 3, 60), key="risk_days",
                         bind="query-params")  # fmt: skip
        stuck = st.slider("Answers, all at level 1", 5, 60, _within(kept.level_one, 5, 60), key="risk_stuck",
                          bind="query-params")  # fmt: skip
        broken = st.slider("Share of interviews broken off, in %", 10, 100, _within(100 * kept.abandoned, 10, 100), 10,
                           key="risk_off", bind="query-params")  # fmt: skip
        wanted = replace(kept, idle_days=idle, level_one=stuck, abandoned=broken / 100)
        st.button("Keep these", on_click=_keep, args=(wanted,), disabled=wanted == kept,
                  help="For you: this page begins with them, and letters about calls go by them.")  # fmt: skip
    found = at_risk(session, scope.cohort_ids, wanted, now)
    people = "1 learner" if len(found) == 1 else f"{len(found)} learners"
    st.caption(f"{people} by these rules, worth a look; no verdict on anybody.")
    return found


def _within(value: float, least: int, most: int) -> int:
    return min(max(round(value), least), most)


def _keep(thresholds: Thresholds) -> None:
    def work(now: Viewer) -> str:
        services().people.save_settings(now.id, **thresholds.as_setting())
        return "Kept."

    perform(work, *STAFF)


def draw_overview(session: Session, scope: Scope, source: str, now: dt.datetime) -> None:
    """All cohorts of the viewer with what may be said of their order."""
    rows = overview(session, scope, week_of(now))
    rows = ranked(rows[(rows["source"] == source) | rows["source"].isna()])
    place = [
        "too few responses" if pd.isna(low) else f"{low:.0f}" if low == high else f"{low:.0f}–{high:.0f}"
        for low, high in zip(rows["rank_from"], rows["rank_to"], strict=True)
    ]
    table = pd.DataFrame(
        {
            "Programme": rows["programme"],
            "Cohort": rows["name"],
            "Learners": rows["learners"],
            "Practising": rows["active"],
            "Responses": rows["n"],
            "Mean": rows["mean"].round(1),
            "90 % band": [_band(low, high) for low, high in zip(rows["low"], rows["high"], strict=True)],
            "Level served": rows["level"].round(1),
            "Place": place,
        }
    )
    st.dataframe(table, hide_index=True, width="stretch", alt="All cohorts with their scores and possible places")
    draw_downloads(table, "All cohorts")
    st.caption(
        f"Places that the 90 % bands allow, after drawing means of few responses toward the mean of all; none under "
        f"{RANKED_FROM} responses. Cohorts differ in whom they take in and in what they were asked."
    )


def _band(low: float, high: float) -> str:
    return "–" if pd.isna(low) else f"{low:.1f}–{high:.1f}"


def level_name(level: int | None) -> str:
    return "All levels" if level is None else f"{level} · {LEVELS[level]}"
