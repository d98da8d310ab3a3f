"""People: invite them, give them links, put them into cohorts, close their accounts."""

import streamlit as st

from core.accounts import manage
from core.accounts.links import Purpose
from core.accounts.manage import PersonEntry
from core.accounts.permissions import Role, Viewer
from ui.access import require
from ui.outcome import perform, show_outcome
from ui.people import STAFF, draw_person, offer, role_name, show_link
from ui.roster import draw_roster
from ui.services import services
from ui.sign_in_rules import draw_rules
from ui.when import ago

LIMIT = 200
viewer = require(*STAFF)
people = services().people
cohorts = {cohort.id: cohort for cohort in people.cohorts_of(viewer)}


def invite() -> None:
    """Add the person in the form, and make the link to send them."""
    email, name, cohort = (st.session_state[f"invite-{field}"] for field in ("email", "name", "cohort"))
    role = st.session_state.get("invite-role", Role.LEARNER)

    def work(now: Viewer) -> str:
        token = manage.invite(people, services().links, now, email, name, role, cohort)
        return offer(Purpose.INVITATION, token, email, name)

    perform(work, *STAFF)


def state(person: PersonEntry) -> str:
    if person.disabled:
        return "closed"
    return "sample" if person.is_sample else "invited" if person.invited else "active"


def cohort_title(cohort_id: int | None) -> str:
    return "No cohort" if cohort_id is None else cohorts[cohort_id].title


st.title("People", anchor=False)
show_outcome()
show_link()

if viewer.role is Role.ADMIN or cohorts:
    places = [None, *cohorts] if viewer.role is Role.ADMIN else list(cohorts)
    with st.expander("Invite someone", icon=":material/person_add:", key="invite-box"), st.form("invite", border=False):
        st.text_input("E-mail", key="invite-email")
        st.text_input("Name", key="invite-name", help="They can change it later.")
        if viewer.role is Role.ADMIN:
            st.selectbox("Role", list(Role), key="invite-role", format_func=role_name)
        st.selectbox("Cohort", places, key="invite-cohort", format_func=cohort_title)
        st.form_submit_button("Invite", type="primary", on_click=invite)
    draw_roster(viewer)
else:
    st.info("You have no cohort yet. An administrator can give you one.")

if viewer.role is Role.ADMIN:
    draw_rules(viewer, cohorts)

search = st.text_input("Find", key="find", placeholder="A part of a name or an e-mail", bind="query-params")
listed = manage.people_for(services().database, viewer, search, LIMIT)
if not listed:
    st.info("Nobody is called that." if search else "Nobody is here yet.")
    st.stop()
st.dataframe(
    {
        "Name": [person.name for person in listed],
        "E-mail": [person.email for person in listed],
        "Role": [role_name(person.role) for person in listed],
        "Cohorts": [", ".join(person.cohorts) for person in listed],
        "State": [state(person) for person in listed],
        "Last here": [ago(p.last_active_at, services().now()) if p.last_active_at else "never" for p in listed],
    },
    hide_index=True,
    alt="The people whom you look after, with their role, cohorts and state",
)
if len(listed) == LIMIT:
    st.caption(f"These are the first {LIMIT} by name; find others by a part of their name.")

by_id = {person.id: person for person in listed}
chosen = st.selectbox(
    "Change someone",
    list(by_id),
    None,
    key="change",
    format_func=lambda number: f"{by_id[number].name} ({by_id[number].email})",
    placeholder="Choose a person",
)
if chosen is not None:
    draw_person(viewer, by_id[chosen], cohorts)
