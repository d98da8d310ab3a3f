"""The filters of the Cohorts page: they hold across all its charts and tables, and stand in its address."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import streamlit as st

from core.accounts.people import CohortEntry
from core.analytics.scope import Scope
from core.domains import Domain
from core.interview.model import LEVELS, Mode
from core.storage.ids import week_of
from ui.safe import plain
from ui.setup_form import MODES
from ui.turns import LEVELS as LEVEL_NAMES

T = TypeVar("T")
PERIODS = {"4": "4 weeks", "12": "12 weeks", "26": "half a year", "": "all time"}
STEPS = {"signed_in": "Signed in", "began": "Began", "finished": "Finished one", "active": "Active"}
"""How far learners got, by the names of core.analytics.cohorts.steps."""
YEAR = 52
"""Weeks that can be chosen one by one when the time is not limited."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is looked at: `scopes` has by title the chosen cohort, and one that it is compared with, over the whole time.

    `week` is a Monday when one week of it is chosen, which charts over time leave out. `step` and `score` choose learners:
    those who got so far, and those with an answer that scored so.
    """

    cohort: CohortEntry
    scopes: dict[str, Scope]
    week: dt.date | None = None
    step: str | None = None
    score: int | None = None

    @property
    def course(self) -> Scope:
        """The chosen cohort over the whole time."""
        return next(iter(self.scopes.values()))

    @property
    def scope(self) -> Scope:
        """The chosen cohort under all filters."""
        return self.course if self.week is None else replace(self.course, since=self.week, until=self.week)

    def of(self, source: str) -> "Chosen":
        """The same for the grades of one engine."""
        return replace(self, scopes={title: replace(one, source=source) for title, one in self.scopes.items()})


def draw_filters(cohorts: Mapping[str, CohortEntry], domains: Mapping[str, Domain], now: dt.datetime) -> Chosen:
    """Draws them for these cohorts, by public id, which must be the viewer's own."""
    titles = _titles(cohorts)
    if (asked := st.query_params.get("cohort")) and asked not in titles.values():
        st.warning(f"You look after no cohort called “{plain(asked)}”, or not any longer: another one is shown.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        key = st.selectbox("Cohort", list(cohorts), format_func=titles.__getitem__, key="cohort",
                           bind="query-params")  # fmt: skip
        beside = _ask("Compare with", {id_: titles[id_] for id_ in cohorts if id_ != key}, "Nobody", "beside")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        domain = _ask("Domain", {one: name_of(one, domains) for one in domains}, "All domains", "domain")
        skills = domains[domain].skills if domain in domains else {}
        skill = _ask(
            "Skill", skills, "All skills", "skill"
        )  # without a domain, too: else a click on one could not set it
        level = _ask("Level", {level: level_name(level) for level in LEVELS}, "All levels", "level")
        mode = _ask("Mode", {mode: MODES[mode][0] for mode in Mode}, "Both", "mode")
        period = st.selectbox("Time", list(PERIODS), 1, format_func=PERIODS.__getitem__, key="period",
                              bind="query-params")  # fmt: skip
        weeks = _weeks(period, now)
        with st.popover("More", icon=":material/filter_alt:", width="content"):
            week = _ask("Week", {one.isoformat(): f"{one:%d %b %Y}" for one in weeks}, "All weeks", "week")
            st.caption("For the list of learners:")
            step = _ask("Who", STEPS, "Everybody", "step")
            score = _ask("With a score of", {score: str(score) for score in range(1, 11)}, "Any", "score")
    chosen = [key, beside] if beside else [key]
    with st.container(horizontal=True):
        if any(cohorts[id_].is_sample for id_ in chosen):
            st.badge("Sample data", icon=":material/science:", color="violet")
        unseen = (
            week and f"Week from {dt.date.fromisoformat(week):%d %b %Y}",
            step and STEPS[step],
            score and f"Score {score}",
        )
        for words in filter(None, unseen):  # what is set in the popover, so that it isn't overlooked
            st.badge(words, icon=":material/filter_alt:")
    since = weeks[-1] if period else None
    scopes = {
        titles[id_]: Scope((cohorts[id_].id,), domain=domain, skill=skill, level=level, mode=mode, since=since)
        for id_ in chosen
    }
    return Chosen(cohorts[key], scopes, dt.date.fromisoformat(week) if week else None, step, score)


def _titles(cohorts: Mapping[str, CohortEntry]) -> dict[str, str]:
    """What the cohorts are called here: by their names alone where all are of one programme, which leaves room for them."""
    one = len({cohort.programme for cohort in cohorts.values()}) == 1
    return {id_: cohort.name if one else cohort.title for id_, cohort in cohorts.items()}


def _weeks(period: str, now: dt.datetime) -> list[dt.date]:
    """The Mondays of the period, newest first; of all time those of a year."""
    return [week_of(now) - dt.timedelta(weeks=ago) for ago in range((int(period) if period else YEAR) + 1)]


def _ask(label: str, names: Mapping[T, str], everything: str, key: str) -> T | None:
    """One of these, or all; what is chosen no more when it is not among them any longer."""
    if st.session_state.get(key) not in (None, *names):
        st.session_state[key] = None
    return st.selectbox(label, list(names), None, format_func=names.__getitem__, placeholder=everything, key=key,
                        bind="query-params")  # fmt: skip


def name_of(domain: str, domains: Mapping[str, Domain]) -> str:
    return domains[domain].name if domain in domains else domain.replace("_", " ").title()


def level_name(level: int) -> str:
    return f"{level} · {LEVEL_NAMES[level]}"
