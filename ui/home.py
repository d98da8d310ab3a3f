"""The parts of Home: the next practice in one click, the goal, and the weekly streak."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping

import streamlit as st

from core.accounts.permissions import Viewer
from core.bootstrap import Services
from core.domains import Domain
from core.engines.base import ServiceError
from core.interview.goals import READY, Distance, Goal, distance_to, drop_goal, goal_of, set_goal
from core.interview.next_practice import Suggestion, practised, suggest
from core.interview.plans import Plan
from core.interview.report import report_of
from core.interview.streaks import Streak, practice_days, streak
from core.storage.ids import new_public_id
from ui.charts import NUMBER_WITH_WORD
from ui.safe import model_text, plain
from ui.turns import LEVELS
from ui.when import ago, zone

NEXT = "next_practice"
"""Where the id of the interview that the button begins is kept: two clicks on one drawing of it are one interview."""
USUAL = dt.timedelta(weeks=8)
"""How far off a new goal is, unless another day is chosen."""
FORM, DONE = "goal_form", "goal_done"
"""Whether the goal's form is open, and whether it has done its work: it is closed before it is drawn next."""
RULE = "A week counts once you answer a question in it. One missed week does not end the streak, two in a row do."


def today(services: Services) -> dt.date:
    """The day on the viewer's calendar."""
    return services.now().astimezone(zone()).date()


def draw_next(services: Services, viewer: Viewer, finished: int, *, first: bool) -> None:
    """The best next practice and a button that begins it; `first` says that nothing on the page is more urgent."""
    domains = services.domains.catalogue().domains
    with services.database.read() as session:
        found = suggest(session, viewer.id, domains, services.now())
    with st.container(border=True):
        if found is not None:
            _draw_suggestion(services, viewer, found, first=first)
            return
        if finished == 0:
            st.subheader("Your first interview takes ten minutes", anchor=False)
            st.markdown(
                "1. **Choose** a field, and let Viva find your level.\n"
                "2. **Answer** by voice or by typing. Ask for a hint when you are stuck.\n"
                "3. **Read** your report: a score for each answer, your own words as evidence, and what to practise next."
            )
        else:
            st.subheader("Ready for the next one?", anchor=False)
            st.markdown("After three graded answers on a skill, Viva suggests here which one to practise, and why.")
        if st.button("Practise now", icon=":material/mic:", type="primary" if first else "secondary"):
            st.switch_page("pages/Practise.py")


def _draw_suggestion(services: Services, viewer: Viewer, found: Suggestion, *, first: bool) -> None:
    one = found.standing
    domain = services.domains.catalogue().domains[one.domain]
    skill, level = plain(domain.skills[one.skill]), f"{found.level} · {LEVELS[found.level]}"
    st.subheader(f"Next step: practise {skill}", anchor=False)
    answers = f"In {plain(domain.name)} your last {one.n} answers on **{skill}** average {one.mean:.1f} of 10"
    when = ago(one.last, services.now())
    if one.fading:
        why = f"{answers}, and you practised it {when}: it is due again before it fades."
    else:
        why = f"{answers}, and you last practised it {when}: going by both, it needs practice most of all your skills."
    st.markdown(f"{why} Questions begin at level {level}, which fits you now.")
    with st.container(horizontal=True):
        if st.button("Practise it now", icon=":material/mic:", type="primary" if first else "secondary"):
            _begin(services, viewer, Plan(one.domain, found.level))
        else:
            st.session_state[NEXT] = new_public_id()
        if st.button("Choose something else", type="tertiary"):
            st.switch_page("pages/Practise.py", query_params={"domain": one.domain})


def _begin(services: Services, viewer: Viewer, plan: Plan) -> None:
    try:
        begun = services.interviews.start(viewer.id, plan, st.session_state.get(NEXT))
    except ServiceError as error:
        st.error(error.sentence)
    else:
        st.switch_page("pages/Practise.py", query_params={"interview": begun})


def draw_last(services: Services, viewer: Viewer, public_id: str) -> None:
    """What the last report recommends first."""
    view = services.interviews.view(viewer.id, public_id)
    plan = report_of(view).plan
    if not plan:
        return
    with st.container(border=True):
        st.markdown(f"**From your last report**, {plain(view.domain_name)}: {model_text(plan[0])}")
        st.page_link(
            "pages/Review.py",
            label="Read the report",
            icon=":material/history:",
            query_params={"interview": public_id},
        )


def draw_streak(services: Services, viewer: Viewer) -> None:
    """Weeks in a row with practice."""
    with services.database.read() as session:
        found = streak(practice_days(session, viewer.id, zone()), today(services))
    value = f"{found.weeks} week{'' if found.weeks == 1 else 's'}"
    st.metric("Streak", value, _word(found), delta_color="off", delta_arrow="off", border=True, help=RULE,
              height=NUMBER_WITH_WORD)  # fmt: skip


def _word(found: Streak) -> str:
    if found.this_week:
        return "this week counts"
    if found.at_stake:
        return "practise this week to keep it"
    return "this week is still open" if found.weeks else "begins with your next answer"


def draw_goal(services: Services, viewer: Viewer) -> None:
    """The goal with the distance to it, and the form that sets it."""
    with services.database.read() as session:
        goal = goal_of(session, viewer.id)
        distance = distance_to(session, viewer.id, goal) if goal else None
    with st.container(border=True):
        if goal is None:
            st.subheader("What do you want to be ready for?", anchor=False)
            st.markdown("Set a goal, such as “ready for level 4 in spring”: Viva then shows how far away it is.")
        else:
            name = plain(services.domains.catalogue().name_of(goal.domain))
            st.subheader(f"Goal: ready for {name}, level {goal.level}", anchor=False)
            st.progress(
                min(distance.expected / READY, 1.0) if distance else 0.0, _distance(goal, distance, today(services))
            )
        if st.session_state.pop(DONE, False):
            st.session_state[FORM] = False
        label = "Set a goal" if goal is None else "Change it"
        with st.popover(label, icon=":material/flag:", key=FORM, on_change="rerun"):
            _draw_form(services, viewer, goal)


def _distance(goal: Goal, distance: Distance | None, now: dt.date) -> str:
    days = (goal.due - now).days
    left = f"{days} day{'' if days == 1 else 's'} left" if days >= 0 else "the day has passed"
    if distance is None:
        return f"No graded interview in this domain yet: hold one to see how far it is. {left.capitalize()}."
    at = f"level-{goal.level} questions would earn you about {distance.expected:.0%} of the points; ready means 70 %"
    if distance.ready:
        return f"You are there: {at}. {left.capitalize()}."
    over = "your last interview" if distance.interviews == 1 else f"your last {distance.interviews} interviews"
    return f"About {goal.level - distance.level:.1f} levels to go: by {over}, {at}. {left.capitalize()}."


def _draw_form(services: Services, viewer: Viewer, goal: Goal | None) -> None:
    domains = services.domains.catalogue().domains
    if not domains:
        st.caption("There is no domain to choose.")
        return
    day = today(services)
    tomorrow = day + dt.timedelta(days=1)
    keys = list(domains)
    place = keys.index(goal.domain if goal and goal.domain in domains else _usual(services, viewer, domains))
    with st.form("goal", border=False):
        domain = st.selectbox("Domain", keys, place, format_func=lambda key: plain(domains[key].name))
        level = st.selectbox("Level", list(LEVELS), (goal.level if goal else 3) - 1,
                             format_func=lambda n: f"{n} · {LEVELS[n]}")  # fmt: skip
        due = st.date_input(
            "By", max(goal.due if goal else day + USUAL, tomorrow), min_value=tomorrow, format="DD/MM/YYYY"
        )
        if st.form_submit_button("Save the goal", type="primary"):
            try:
                set_goal(services.database, viewer.id, Goal(domain, level, due), domains, day)
            except ServiceError as error:
                st.error(error.sentence)
            else:
                _close_form()
    if goal is not None and st.button("Give it up", type="tertiary"):
        drop_goal(services.database, viewer.id)
        _close_form()


def _usual(services: Services, viewer: Viewer, domains: Mapping[str, Domain]) -> str:
    """The domain that the learner practises most, else the first."""
    answers: Counter[str] = Counter()
    with services.database.read() as session:
        for one in practised(session, viewer.id):
            answers[one.domain] += one.n
    return max(domains, key=lambda key: answers[key])


def _close_form() -> None:
    st.session_state[DONE] = True
    st.rerun()
