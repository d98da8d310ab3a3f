"""A cohort: how it goes, its skills, its learners, who needs a call; and all cohorts beside each other."""

from dataclasses import replace

import streamlit as st

from core.accounts.permissions import Role
from core.analytics.cohorts import engines
from ui.access import require
from ui.all_cohorts import draw_overview
from ui.assignments import draw_assignments
from ui.charts import choose_source
from ui.cohort_filters import draw_filters, name_of
from ui.cohort_learners import draw_calls, draw_learners
from ui.cohort_sheet import draw_sheet
from ui.cohort_views import NOTHING_GRADED, choose_watch, draw_course, draw_funnel, draw_skills
from ui.safe import plain
from ui.services import services

VIEWS = ["How it goes", "Skills", "Learners", "Who needs a call", "Assignments", "All cohorts"]

viewer = require(Role.MANAGER, Role.ADMIN)
domains = services().domains.catalogue().domains
cohorts = {cohort.public_id: cohort for cohort in services().people.cohorts_of(viewer)}
now = services().now()

st.title("Cohorts", anchor=False)
if not cohorts:
    st.info("You look after no cohort yet; an administrator can add you to one on the People page.")
    st.stop()
chosen = draw_filters(cohorts, domains, now)
view = st.segmented_control("View", VIEWS, default=VIEWS[0], required=True, key="view", bind="query-params",
                            label_visibility="collapsed")  # fmt: skip
if len(chosen.scopes) > 1 and view != VIEWS[0]:
    st.caption(f"Two cohorts are compared under “{VIEWS[0]}”; this is the first of them.")
with services().database.read() as session:
    if view == "Learners":
        draw_learners(services(), viewer, session, chosen)
    elif view == "Who needs a call":
        draw_calls(services(), viewer, session, choose_watch(viewer, chosen.scope, now))
    elif view == "Assignments":
        draw_assignments(services(), session, chosen.cohort.id, domains)
    elif view == "All cohorts":
        every = tuple(cohort.id for cohort in cohorts.values())
        draw_overview(session, replace(chosen.scope, cohort_ids=every), now)
    else:
        sources = engines(session, chosen.course)
        if view == "How it goes":
            draw_funnel(session, chosen.scope, now)
        if not sources:
            st.info(NOTHING_GRADED)
            st.stop()
        chosen = chosen.of(choose_source(sources))
        if view == "How it goes":
            draw_course(session, chosen, now)
            draw_sheet(services(), viewer, chosen, domains)
        else:
            keys = [chosen.scope.domain] if chosen.scope.domain else sorted(domains, key=lambda k: name_of(k, domains))
            domain = keys[0] if len(keys) == 1 else st.pills(
                "Domain", keys, format_func=lambda k: plain(name_of(k, domains)), default=keys[0], required=True,
                key="skills_of", bind="query-params")  # fmt: skip
            of_domain = replace(chosen.scope, domain=domain)
            draw_skills(session, of_domain, domains[domain].skills if domain in domains else {}, now)
