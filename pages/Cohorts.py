"""A cohort: how it goes, its skills, its learners, who needs a call; and all cohorts beside each other."""

import datetime as dt

import streamlit as st

from core.accounts.permissions import Role
from core.analytics.cohorts import engines
from core.analytics.cohorts import learners as learners_of
from core.analytics.scope import Scope
from core.interview.model import LEVELS, Mode
from core.storage.ids import week_of
from ui.access import require
from ui.assignments import draw_assignments
from ui.charts import choose_source
from ui.cohort_learners import draw_calls, draw_learners
from ui.cohort_sheet import draw_sheet
from ui.cohort_views import draw_attention, draw_course, draw_funnel, draw_overview, draw_skills, level_name
from ui.safe import plain
from ui.services import services
from ui.setup_form import MODES

VIEWS = ["How it goes", "Skills", "Learners", "Who needs a call", "Assignments", "All cohorts"]
PERIODS = {"4": "4 weeks", "12": "12 weeks", "26": "half a year", "": "all time"}

viewer = require(Role.MANAGER, Role.ADMIN)
st.set_page_config(layout="wide")
domains = services().domains.catalogue().domains
cohorts = {cohort.public_id: cohort for cohort in services().people.cohorts_of(viewer)}
now = services().now()


def name_of(domain: str | None) -> str:
    if domain is None:
        return "All domains"
    return domains[domain].name if domain in domains else domain.replace("_", " ").title()


def draw_filters() -> tuple[Scope, dict[str, Scope]]:
    """What is looked at: the scope of the chosen cohort, and by title that of it and of the one it is compared with."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        key = st.selectbox("Cohort", list(cohorts), format_func=lambda id_: cohorts[id_].title, key="cohort",
                           bind="query-params")  # fmt: skip
        others = [None, *(id_ for id_ in cohorts if id_ != key)]
        beside = st.selectbox("Compare with", others, format_func=lambda id_: cohorts[id_].title if id_ else "Nobody",
                              key="beside", bind="query-params")  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom"):
        domain = st.selectbox("Domain", [None, *domains], format_func=name_of, key="domain", bind="query-params")
        level = st.selectbox("Level", [None, *LEVELS], format_func=level_name, key="level", bind="query-params")
        mode = st.selectbox("Mode", [None, *Mode], format_func=lambda m: MODES[m][0] if m else "Both", key="mode",
                            bind="query-params")  # fmt: skip
        period = st.selectbox("Time", list(PERIODS), 1, format_func=PERIODS.__getitem__, key="period",
                              bind="query-params")  # fmt: skip
    since = week_of(now - dt.timedelta(weeks=int(period))) if period else None

    def scope(id_: str) -> Scope:
        return Scope((cohorts[id_].id,), domain=domain, level=level, mode=mode, since=since)

    chosen = [key, beside] if beside else [key]
    if any(cohorts[id_].is_sample for id_ in chosen):
        st.badge("Sample data", icon=":material/science:", color="violet")
    return scope(key), {cohorts[id_].title: scope(id_) for id_ in chosen}


def with_source(sources: list[str], scope: Scope, scopes: dict[str, Scope]) -> tuple[Scope, dict[str, Scope]]:
    """The same for the grades of one engine, chosen where there are several."""
    source = choose_source(sources)
    narrowed = {title: Scope(**{**vars_of(one), "source": source}) for title, one in scopes.items()}
    return Scope(**{**vars_of(scope), "source": source}), narrowed


def vars_of(scope: Scope) -> dict[str, object]:
    return {name: getattr(scope, name) for name in Scope.__dataclass_fields__}


st.title("Cohorts", anchor=False)
if not cohorts:
    st.info("You look after no cohort yet; an administrator can add you to one on the People page.")
    st.stop()
scope, scopes = draw_filters()
view = st.segmented_control("View", VIEWS, default=VIEWS[0], required=True, key="view", bind="query-params",
                            label_visibility="collapsed")  # fmt: skip
with services().database.read() as session:
    if view == "Learners":
        draw_learners(services(), viewer, session, scope, str(st.session_state["cohort"]))
    elif view == "Who needs a call":
        draw_calls(services(), viewer, session, draw_attention(viewer, session, scope, now))
    elif view == "Assignments":
        draw_assignments(services(), session, scope.cohort_ids[0], learners_of(session, scope), domains)
    else:
        everybody = Scope(tuple(cohort.id for cohort in cohorts.values())) if view == "All cohorts" else scope
        sources = engines(session, everybody)
        if view == "How it goes":
            draw_funnel(session, scope, now)
        if not sources:
            st.info("Nothing has been graded here yet; charts begin with the first graded answer.")
            st.stop()
        scope, scopes = with_source(sources, scope, scopes)
        if view == "How it goes":
            draw_course(session, scopes, now)
            draw_sheet(services(), viewer, cohorts[str(st.session_state["cohort"])], scope, domains)
        elif view == "Skills":
            keys = [scope.domain] if scope.domain else sorted(domains, key=name_of)
            domain = keys[0] if len(keys) == 1 else st.pills(
                "Domain", keys, format_func=lambda k: plain(name_of(k)), default=keys[0], required=True,
                key="skills_of", bind="query-params")  # fmt: skip
            of_domain = Scope(**{**vars_of(scope), "domain": domain})
            draw_skills(session, of_domain, domains[domain].skills if domain in domains else {}, now)
        else:
            draw_overview(session, everybody, scope.source or "", now)
