"""What the cohort page shows of a cohort: how it goes, its skills, and whom to look after."""

import datetime as dt
from dataclasses import replace

import pandas as pd
import streamlit as st
from sqlalchemy.orm import Session

from core.accounts.permissions import Viewer
from core.analytics import charts
from core.analytics.attention import Thresholds, Watch
from core.analytics.cohorts import activity, funnel, scores_by_skill, scores_by_week, scores_elsewhere
from core.analytics.metrics import FEW, with_means
from core.analytics.scope import Scope
from core.analytics.statistics import change_in_words, statistics
from core.interview.policy import LOGITS_PER_LEVEL
from core.storage.ids import week_of
from ui.charts import NUMBER_WITH_WORD, draw_chart, histogram_long
from ui.cohort_filters import STEPS, Chosen
from ui.cohort_learners import ACTIVE
from ui.missed import draw_missed
from ui.narrowing import SCORE, WEEK, narrowing
from ui.outcome import perform
from ui.people import STAFF
from ui.services import services

NOTHING_GRADED = "Nothing was graded under these filters. Charts begin with the first graded answer."
NUMBERS = {"mean": "Mean score", "low": "From", "high": "To", "n": "Responses"}


def draw_funnel(session: Session, scope: Scope, now: dt.datetime) -> None:
    """How far the learners of the cohort got, as a row of numbers that each hold the next, and the way to who they are."""
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
    st.caption("Since the cohort began, in every domain and mode: of the filters above only the cohort counts here.")
    st.pills("Show the learners", list(STEPS), format_func=STEPS.__getitem__, key="show-step", on_change=_show_step)


def _show_step() -> None:
    st.session_state.update(step=st.session_state["show-step"], view="Learners")


def draw_course(session: Session, chosen: Chosen, now: dt.datetime) -> None:
    """Scores, ability and practice by week, and how scores are spread."""
    title, scope = next(iter(chosen.scopes.items()))
    counts = {name: scores_by_week(session, one) for name, one in chosen.scopes.items()}
    weeks = pd.concat([statistics(found, ["week"]).assign(Cohort=name) for name, found in counts.items()])
    left, right = st.columns(2)
    with left:
        whose = f"{title}: " if len(counts) > 1 else ""
        says = (
            f"{whose}{change_in_words(weeks[weeks['Cohort'] == title])} Questions adapt, so growth shows less here than it is. "
            "A click on a week narrows all but the charts over time to it."
        )
        draw_chart("Scores", weeks, charts.weekly("score"), says, {"Cohort": "Cohort", "week": "Week from", **NUMBERS},
                   key="scores-chart", on_select=narrowing("scores-chart", WEEK))  # fmt: skip
    with right:
        ability = weeks.dropna(subset=["ability_low"]).assign(
            **{to: 3 + weeks[of] / LOGITS_PER_LEVEL for to, of in
               (("mean", "ability"), ("low", "ability_low"), ("high", "ability_high"))}
        )  # fmt: skip
        says = "The level of question that they would half master, were all asked the same; hints are not counted in."
        draw_chart("Ability, adjusted for difficulty", ability, charts.weekly("ability"), says,
                   {"Cohort": "Cohort", "week": "Week from", "mean": "Level", "low": "From", "high": "To"},
                   key="ability-chart", on_select=narrowing("ability-chart", WEEK))  # fmt: skip
    left, right = st.columns(2)
    with left:
        practice = activity(session, scope, scope.until or week_of(now))
        latest = practice[practice["week"] == week_of(now)]
        learners = int(latest["learners"].sum())
        says = (
            f"{learners} learner{'' if learners == 1 else 's'} practised in the week that runs now. Bars: interviews "
            "begun; line: learners. A click on a bar shows who they were."
        )
        if scope.skill or scope.level:
            says += " Skill and level don't narrow this: an interview has several."
        draw_chart("Practice", practice, charts.activity(), says,
                   {"week": "Week from", "learners": "Learners", "started": "Begun", "finished": "Finished",
                    "hints": "Hints"}, key="practice-chart",
                   on_select=narrowing("practice-chart", WEEK, view="Learners"))  # fmt: skip
    with right:
        if len(counts) == 1:
            counts["Other cohorts of the programme"] = scores_elsewhere(session, chosen.scope)
        _draw_spread({name: _in_week(found, chosen.week) for name, found in counts.items()}, chosen.week)


def _in_week(counts: pd.DataFrame, week: dt.date | None) -> pd.DataFrame:
    """Those of one week, where one is chosen and the counts still have their weeks."""
    return counts if week is None or "week" not in counts else counts[counts["week"] == week]


def _draw_spread(groups: dict[str, pd.DataFrame], week: dt.date | None) -> None:
    parts = [histogram_long(counts).assign(Group=name) for name, counts in groups.items() if len(counts)]
    beside = " beside the others" if len(parts) > 1 else ""
    when = f"in the week from {week:%d %b %Y} " if week else ""
    if not parts:
        st.info(NOTHING_GRADED)
        return
    draw_chart("How scores are spread", pd.concat(parts), charts.distributions(),
               f"Share of all responses {when}with each score{beside}. A click shows the learners with such a score.",
               {"Group": "Group", "score": "Score", "n": "Responses"},
               key="spread-chart", on_select=narrowing("spread-chart", SCORE, view="Learners"),
               height=charts.SPREAD_HEIGHT)  # fmt: skip


def draw_skills(session: Session, scope: Scope, names: dict[str, str], now: dt.datetime) -> None:
    """Skills of one domain, weakest first, what was asked at which level, and what was missed.

    The two charts keep the skills and levels that are not chosen: there others are chosen.
    """
    counts = scores_by_skill(session, replace(scope, skill=None, level=None))
    if counts.empty:
        st.info(NOTHING_GRADED)
        return
    named = counts.assign(Skill=[names.get(skill, skill.replace("_", " ")) for skill in counts["skill"]])
    by_skill = statistics(named if scope.level is None else named[named["level"] == scope.level], ["Skill"])
    shown = by_skill.assign(Level=3 + by_skill["ability"] / LOGITS_PER_LEVEL).sort_values("ability")
    keys = dict(zip(named["Skill"], named["skill"], strict=True))
    skill, level = ("skill", keys.__getitem__), ("level", int)
    weakest = shown[~shown["few"]].head(2)["Skill"].tolist()
    says = f"Weakest by ability: {' and '.join(weakest)}." if weakest else f"No skill has {FEW} responses yet."
    left, right = st.columns(2)
    with left:
        says = f"{says} Grey: fewer than {FEW} responses. A click on a skill narrows the page to it."
        draw_chart("Skills", shown, charts.means_by("Skill"), says,
                   {"Skill": "Skill", **NUMBERS, "median": "Median", "Level": "Ability as a level"},
                   key="skills-chart",
                   on_select=narrowing("skills-chart", {"Skill": skill}, domain=scope.domain),
                   height=charts.BARS.height(len(shown)))  # fmt: skip
    with right:
        cells = with_means(named).assign(level=named["level"])
        cells["Label"] = [f"{mean:.1f} · {n}" for mean, n in zip(cells["mean"], cells["n"], strict=True)]
        says = "Mean score and number of responses in each cell. A click narrows the page to its skill and level."
        draw_chart("Skills by level asked", cells, charts.skill_levels(), says,
                   {"Skill": "Skill", "level": "Level", "mean": "Mean score", "n": "Responses"},
                   key="cells-chart",
                   on_select=narrowing("cells-chart", {"Skill": skill, "level": level}, domain=scope.domain),
                   height=charts.LEVEL_CELLS.height(cells["Skill"].nunique()))  # fmt: skip
    draw_missed(session, scope, names, now)


def choose_watch(viewer: Viewer, scope: Scope, now: dt.datetime) -> Watch:
    """What puts learners on the list of those who may need a call: thresholds that may be kept."""
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
    return Watch(scope.cohort_ids, wanted, now)


def _within(value: float, least: int, most: int) -> int:
    return min(max(round(value), least), most)


def _keep(thresholds: Thresholds) -> None:
    def work(now: Viewer) -> str:
        services().people.save_settings(now.id, **thresholds.as_setting())
        return "Kept."

    perform(work, *STAFF)
