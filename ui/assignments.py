"""What managers set their learners: the form and who has done it, and the card on a learner's Home."""

import datetime as dt
from collections.abc import Mapping

import pandas as pd
import streamlit as st
from sqlalchemy.orm import Session

from core.accounts.assignments import MOST, Wish, assign, missing_names, open_tasks, progress_of, set_in, withdraw
from core.accounts.permissions import Viewer
from core.bootstrap import Services
from core.domains import Domain
from core.interview.model import LEVELS
from ui.outcome import perform, show_outcome
from ui.paging import page_of
from ui.people import STAFF
from ui.safe import plain
from ui.turns import LEVELS as LEVEL_NAMES

ANY_LEVEL = 0
ON_A_PAGE = 10
NAMED = 100
"""So many of those who haven't done an assignment are named."""


def draw_tasks(services: Services, viewer: Viewer) -> None:
    """What the learner is still to do, with the way to begin."""
    today = services.now().date()
    with services.database.read() as session:
        tasks = open_tasks(session, viewer.id, today)
    domains = services.domains.catalogue().domains
    for task in tasks:
        if task.domain not in domains:
            continue
        with st.container(border=True):
            late = task.due_on < today
            st.markdown(f":material/assignment: **Set by your programme: {_in_words(task, domains)}**")
            due = f"was due on {task.due_on:%d %b}" if late else f"due by {task.due_on:%d %b}"
            st.progress(task.done / task.interviews, f"{task.done} of {task.interviews} done, {due}")
            if st.button("Begin one", icon=":material/mic:", key=f"task-{task.public_id}"):
                st.switch_page("pages/Practise.py", query_params={"domain": task.domain})


def draw_assignments(services: Services, session: Session, cohort_id: int, domains: Mapping[str, Domain]) -> None:
    """What is set in the cohort and who has done it, and the form to set more."""
    show_outcome()
    st.caption("Of the filters above only the cohort counts here.")
    form = st.expander("Set an assignment", icon=":material/add_task:", key="set-an-assignment", on_change="rerun")
    if form.open:
        with form:
            _draw_form(services, cohort_id, services.people.learners_of(cohort_id), domains)
    tasks = set_in(session, [cohort_id])
    if not tasks:
        st.info("Nothing is set yet. What you set here stands on the learners' home page until it is done.")
    for row in progress_of(session, page_of(tasks, ON_A_PAGE, "set")).to_dict("records"):
        with st.container(border=True):
            whom = plain(row["learner"]) if row["learner"] else "everybody"
            st.markdown(f"**{plain(_words_of(row, domains))}** · for {whom} · by {row['due_on']:%d %b %Y}")
            share = row["finished"] / row["people"] if row["people"] else 0.0
            st.progress(share, f"{row['finished']} of {row['people']} have done it")
            if missing := row["people"] - row["finished"]:
                popover = st.popover(f"Not yet: {missing}", key=f"missing-{row['public_id']}", on_change="rerun")
                if popover.open:
                    names = missing_names(session, row["public_id"], [cohort_id], NAMED)
                    more = [f"- and {missing - len(names):,} more"] if missing > len(names) else []
                    popover.markdown("\n".join([*(f"- {plain(name)}" for name in names), *more]))
            st.button("Take it back", key=f"withdraw-{row['public_id']}", on_click=_withdraw,
                      args=(services, row["public_id"]), type="tertiary")  # fmt: skip


def _draw_form(services: Services, cohort_id: int, people: Mapping[int, str], domains: Mapping[str, Domain]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        domain = st.selectbox("Domain", list(domains), format_func=lambda k: domains[k].name, key="set-domain")
        count = st.number_input("Interviews", 1, MOST, 3, key="set-count")
        level = st.selectbox("Level", [ANY_LEVEL, *LEVELS], key="set-level",
                             format_func=lambda n: f"{n} · {LEVEL_NAMES[n]}" if n else "Any")  # fmt: skip
        today = services.now().date()
        due = st.date_input("By", today + dt.timedelta(days=7), min_value=today, key="set-due", format="DD/MM/YYYY")
    names = domains[domain].skills
    skills = st.multiselect("Skills to work on (a hint to the learner)", list(names), format_func=names.__getitem__,
                            key=f"set-skills-{domain}")  # fmt: skip
    whom = st.selectbox("For", [None, *people], format_func=lambda id_: people[id_] if id_ else "The whole cohort",
                        key="set-whom")  # fmt: skip
    wish = Wish(cohort_id, domain, int(count), due, level or None, tuple(skills), whom)
    st.button("Set it", type="primary", on_click=_assign, args=(services, wish))


def _assign(services: Services, wish: Wish) -> None:
    def work(now: Viewer) -> str:
        assign(services.people, now, wish, services.domains.catalogue().domains, services.now())
        return "It is set; the learners see it on their home page."

    perform(work, *STAFF)


def _withdraw(services: Services, public_id: str) -> None:
    def work(now: Viewer) -> str:
        withdraw(services.people, now, public_id)
        return "It is taken back."

    perform(work, *STAFF)


def _in_words(task: object, domains: Mapping[str, Domain]) -> str:
    values = {name: getattr(task, name) for name in ("interviews", "domain", "level", "skills")}
    return plain(_words_of(values, domains))


def _words_of(row: Mapping[str, object], domains: Mapping[str, Domain]) -> str:
    """ "3 Data Science interviews at level 3, on SQL and Statistics"."""
    domain = domains.get(str(row["domain"]))
    name = domain.name if domain else str(row["domain"]).replace("_", " ").title()
    level = row["level"] if row["level"] is not None and not pd.isna(row["level"]) else None
    skills = [domain.skills.get(skill, skill) if domain else skill for skill in list(row["skills"])]  # type: ignore[call-overload] # a list from JSON
    number = row["interviews"]
    at = f" at level {int(level)} or above" if level is not None else ""  # type: ignore[call-overload] # a whole number
    return f"{number} {name} interview{'' if number == 1 else 's'}{at}" + (
        f", on {' and '.join(skills)}" if skills else ""
    )
