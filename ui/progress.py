"""The parts of a learner's Progress: directions in words, and charts, each with what it says for this learner."""

import pandas as pd
import streamlit as st

from core.analytics import learner_charts
from core.analytics.metrics import ENOUGH_SESSIONS
from core.analytics.placing import Placing
from core.analytics.progress import Direction, as_levels, directions
from core.domains import Catalogue
from core.interview.policy import LOGITS_PER_LEVEL
from core.speech.delivery import EASY_PACE, LEAST_SPEECH, pace_band
from ui.charts import draw_chart
from ui.safe import plain
from ui.when import zone

LABELS = {
    "improving": ("green", ":material/trending_up:"),
    "steady": ("blue", ":material/trending_flat:"),
    "worth a look": ("orange", ":material/trending_down:"),
    "not enough evidence yet": ("gray", ":material/hourglass_empty:"),
}
SPOKEN = "How you speak"
PACES = {"good": "which is easy to follow", "fair": "which can be followed", "poor": "which is hard to follow"}
RECENT = 5
"""Interviews that "lately" means."""


LEFT = "progress_left"
"""Where it is kept what stood in the address when a point was chosen."""


def come_back() -> None:
    """Restore the address for whoever comes back from a chosen interview: its own is written over it on the way out."""
    if "interview" in st.query_params:
        st.query_params.from_dict(st.session_state.get(LEFT, {}))


def draw_course(interviews: pd.DataFrame, places: list[Placing], catalogue: Catalogue) -> None:
    """Where each domain is heading, and interview by interview ability, scores, levels and hints."""
    _draw_directions(directions(interviews), places, catalogue)
    shown = _for_charts(interviews, catalogue)
    shown = shown.assign(rate=10 * shown["hints"] / shown["answered"].clip(lower=1))
    st.caption("Choose a point in a chart to open its interview.")
    for pair in ((_draw_ability, _draw_scores), (_draw_levels, _draw_hints)):
        for column, draw in zip(st.columns(2, gap="large"), pair, strict=True):
            with column:
                draw(shown)


def _for_charts(interviews: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """The interviews with what charts show of them: Domain (its name) and Day (on the viewer's calendar)."""
    return interviews.assign(
        Domain=[catalogue.name_of(key) for key in interviews["domain"]],
        Day=interviews["started_at"].dt.tz_convert(zone()).dt.strftime("%-d %b %Y"),
    )


def _draw_directions(found: list[Direction], places: list[Placing], catalogue: Catalogue) -> None:
    """A line for each domain: a label by the rule, what it rests on, and the place in the cohort where that is shown."""
    st.subheader("Direction", anchor=False)
    with st.container(gap="small"):
        for one in found:
            color, icon = LABELS[one.trend.label]
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(f"**{plain(catalogue.name_of(one.domain))}**", width="content")
                st.badge(one.trend.label.capitalize(), icon=icon, color=color)
                st.caption(_evidence(one), width="content")
            for place in (place for place in places if place.domain == one.domain):
                st.caption(
                    f"Ahead of {place.below} of the {place.others} others in {plain(place.cohort)} who practise it."
                )
    st.caption(
        "“Improving” is said of a domain only when its ability, adjusted for the difficulty of the questions, grows beyond "
        "doubt: the lower end of the 90 % band, in brackets, is above zero. Chance alone would earn it once in twenty."
    )


def _evidence(one: Direction) -> str:
    trend = one.trend
    if trend.slope is None or trend.low is None or trend.high is None:
        return f"{one.n} of the {ENOUGH_SESSIONS} interviews that a first word needs"
    slope, low, high = (value / LOGITS_PER_LEVEL for value in (trend.slope, trend.low, trend.high))
    return f"{slope:+.2f} levels an interview ({low:+.2f} to {high:+.2f}), {one.n} interviews".replace("-", "−")


def _draw_ability(shown: pd.DataFrame) -> None:
    """Ability with its bands, as the level of question half mastered."""
    frame = as_levels(shown)
    if frame.empty:
        return
    last = frame.iloc[-1]
    says = (
        f"On {last['Day']} you stood at level {last['mean']:.1f} in {last['Domain']}, give or take "
        f"{last['high'] - last['mean']:.1f}: of questions at that level you would earn half the points. Difficulty and hints "
        "are taken into account; the lines are 90 % bands."
    )
    columns = {"Day": "Day", "Domain": "Domain", "mean": "Level", "low": "From", "high": "To", "n": "Answers"}
    _open(draw_chart("Ability", frame, learner_charts.ability_over_time(), says, columns, key="ability"))


def _draw_scores(shown: pd.DataFrame) -> None:
    """Mean scores as given."""
    says = (
        f"{_then_and_now(shown, 'mean', 'n', 'Your mean score')} A flat line can hide growth, since questions get "
        "harder as you get better."
    )
    columns = {"Day": "Day", "Domain": "Domain", "mean": "Mean score", "n": "Answers"}
    _open(draw_chart("Scores", shown, learner_charts.scores_over_time(), says, columns, key="scores"))


def _draw_levels(shown: pd.DataFrame) -> None:
    """How hard the questions were."""
    says = f"{_then_and_now(shown, 'level', 'n', 'The level of your questions')} Viva follows your answers."
    columns = {"Day": "Day", "Domain": "Domain", "level": "Mean level", "n": "Answers"}
    _open(draw_chart("Level served", shown, learner_charts.levels_over_time(), says, columns, key="levels"))


def _draw_hints(shown: pd.DataFrame) -> None:
    """Hints, for every ten answers."""
    if shown["hints"].sum():
        says = _then_and_now(shown, "rate", "answered", "Hints in ten answers")
    else:
        says = "You have used no hint in these interviews."
    columns = {"Day": "Day", "Domain": "Domain", "hints": "Hints", "answered": "Answers"}
    _open(draw_chart("Hints needed", shown, learner_charts.hints_over_time(), says, columns, key="hints"))


def _then_and_now(shown: pd.DataFrame, column: str, weight: str, what: str) -> str:
    """The last few beside the few before, without a word on whether that is growth."""
    now, then = shown.tail(RECENT), shown.iloc[:-RECENT].tail(RECENT)
    lately = f"{what}: {_mean(now, column, weight):.1f} over the last {_interviews(len(now))}"
    return f"{lately}, {_mean(then, column, weight):.1f} over the {len(then)} before." if len(then) else f"{lately}."


def _mean(part: pd.DataFrame, column: str, weight: str) -> float:
    return float((part[column] * part[weight]).sum() / max(part[weight].sum(), 1))


def _interviews(n: int) -> str:
    return "interview" if n == 1 else f"{n} interviews"


def draw_skills(cells: pd.DataFrame, domain: str, catalogue: Catalogue) -> None:
    """Skills by period of one domain, the weakest on top, with how many answers each cell rests on."""
    names = catalogue.domains[domain].skills if domain in catalogue.domains else {}
    frame = cells.assign(Skill=[names.get(skill, skill.replace("_", " ").capitalize()) for skill in cells["skill"]])
    whole = frame[frame["place"] < 0].sort_values("mean")
    known = whole[~whole["few"]]
    if known.empty:
        says = "No skill has five answers yet: all cells are grey, too little to rely on."
    else:
        worst, best = known.iloc[0], known.iloc[-1]
        says = f"Weakest is {worst['Skill']} ({worst['mean']:.1f} over {worst['n']} answers)"
        says += f", strongest {best['Skill']} ({best['mean']:.1f} over {best['n']})." if len(known) > 1 else "."
        says += " Grey cells have fewer than five answers, too few to rely on."
    says += " Where there is no cell, the skill wasn't practised."
    columns = {"Skill": "Skill", "Period": "When", "mean": "Mean score", "n": "Answers"}
    title = f"Skills in {catalogue.name_of(domain)}"
    draw_chart(title, frame.sort_values(["weakness", "place"]), learner_charts.skills_by_period(), says, columns,
               height=learner_charts.SKILLS.height(len(whole)))  # fmt: skip


def draw_spoken(interviews: pd.DataFrame, catalogue: Catalogue) -> None:
    """Pace and fillers of spoken answers, interview by interview."""
    if interviews.empty:
        st.subheader(SPOKEN, anchor=False)
        st.caption(
            "Speak your answers, and you see here how fast you talk and how many fillers are heard, interview by interview. "
            f"It takes {LEAST_SPEECH:.0f} seconds of speech without much noise. Delivery is never in a score."
        )
        return
    shown = _for_charts(interviews, catalogue)
    last = shown.iloc[-1]
    fillers = (
        f"with at least {last['fillers']:.1f} fillers a minute"
        if last["fillers"]
        else "without a filler that was heard"
    )
    says = (
        f"Last time, on {last['Day']}, you spoke {last['pace']:.0f} words a minute, {PACES[pace_band(last['pace'])]}, "
        f"{fillers}. Between the grey lines, {EASY_PACE[0]} and {EASY_PACE[1]}, it "
        "suits most listeners. Delivery is never in a score."
    )
    columns = {
        "Day": "Day", "Domain": "Domain", "pace": "Words a minute", "fillers": "Fillers a minute, at least",
        "answers": "Spoken answers",
    }  # fmt: skip
    _open(draw_chart(SPOKEN, shown, learner_charts.pace_over_time(), says, columns, key="pace"))


def _open(selection: object) -> None:
    """Go to the interview whose point was chosen, if one was."""
    chosen = selection.get(learner_charts.CHOSEN, []) if isinstance(selection, dict) else []
    if chosen:
        st.session_state[LEFT] = st.query_params.to_dict()
        st.switch_page("pages/Review.py", query_params={"interview": chosen[0]["public_id"]})
