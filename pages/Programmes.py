"""Programmes: what belongs to them and what they share; administrators make, rename and merge programmes and cohorts."""

import streamlit as st

from core.accounts import places
from core.accounts.permissions import Role
from core.budgets.spending import spending
from ui.access import require
from ui.outcome import show_outcome
from ui.people import STAFF
from ui.programmes import choose, draw_cohort, draw_new_cohort, draw_programme, draw_spending
from ui.services import services

viewer = require(*STAFF)
programmes = {entry.id: entry for entry in places.programmes(services().people, viewer)}
cohorts = {cohort.id: cohort for cohort in services().people.cohorts_of(viewer)}

st.title("Programmes", anchor=False)
show_outcome()

if not programmes:
    st.info("There is no programme yet." if viewer.role is Role.ADMIN else "You look after no programme yet.")
else:
    st.dataframe(
        {
            "Programme": [entry.name for entry in programmes.values()],
            "Cohorts": [entry.cohorts for entry in programmes.values()],
            "Transcripts": ["managers read them" if entry.shares else "with consent" for entry in programmes.values()],
        },
        hide_index=True,
        alt="Programmes with the number of their cohorts and whether their managers read transcripts",
    )
months = {one.programme_id: one for one in spending(services().people, viewer, services().now().date())}
if months:
    draw_spending(list(months.values()))
if viewer.role is not Role.ADMIN:
    st.stop()

draw_new_cohort([entry for entry in programmes.values() if entry.is_sample == viewer.is_sample])
chosen = choose("programme", {key: entry.name for key, entry in programmes.items()})
if chosen is not None:
    with st.container(border=True):
        draw_programme(
            programmes[chosen],
            months[chosen].given,
            months[chosen].retention_days,
            {key: entry for key, entry in programmes.items() if key != chosen},
        )
place = choose("cohort", {key: cohort.title for key, cohort in cohorts.items()})
if place is not None:
    cohort = cohorts[place]
    siblings = {key: one.name for key, one in cohorts.items() if key != place and one.programme == cohort.programme}
    with st.container(border=True):
        draw_cohort(cohort, siblings)
