"""What the page of people offers for one person, and the links that it gives out."""

from collections.abc import Mapping
from urllib.parse import urlsplit

import streamlit as st

from core.accounts import manage
from core.accounts.links import LASTS, Purpose
from core.accounts.manage import PersonEntry
from core.accounts.people import CohortEntry
from core.accounts.permissions import Role, Viewer
from core.engines.base import ServiceError
from ui.outcome import perform
from ui.safe import plain
from ui.services import services

STAFF = (Role.MANAGER, Role.ADMIN)
ROLES = {Role.LEARNER: "Learner", Role.MANAGER: "Programme manager", Role.ADMIN: "Administrator"}
CARRY = (
    "When one cohort takes the place of another of the same programme, the interviews held in the one count under the other "
    "from now on. Without it, and between programmes, they stay counted where they were held."
)
_LINK = "people-link"


def role_name(role: Role) -> str:
    return ROLES[role]


def offer(purpose: Purpose, token: str, email: str, name: str = "") -> str:
    """Keeps the link for the next drawing, and e-mails it where that is set up; returns what to say about it, as Markdown.

    The link is shown once and stored nowhere.
    """
    here = urlsplit(st.context.url or "")
    base = services().settings.public_url or f"{here.scheme}://{here.netloc}"
    st.session_state[_LINK] = f"{base}/invite?token={token}"
    hours = LASTS[purpose].total_seconds() / 3600
    works = f"It works once, within {hours:.0f} hours, and is not shown again."
    letters = services().letters
    if letters is None:
        return f"Send this link to {plain(email)}. {works}"
    try:
        letters.send_link(purpose, token, email, name or email)
    except ServiceError as error:
        return f"{plain(error.sentence)} Send this link to {plain(email)} yourself. {works}"
    return f"{plain(email)} has been sent this link. {works}"


def show_link() -> None:
    """The link that was just made, to copy."""
    if link := st.session_state.pop(_LINK, None):
        st.code(link, language=None, wrap_lines=True)


def draw_person(viewer: Viewer, person: PersonEntry, cohorts: Mapping[int, CohortEntry]) -> None:
    """What the viewer can do with one person."""
    own = [cohort_id for cohort_id in person.cohort_ids if cohort_id in cohorts]
    if viewer.role is Role.ADMIN:
        roles = list(Role)
        st.selectbox("Role", roles, roles.index(person.role), key=f"role-{person.id}", format_func=role_name)
    st.multiselect(
        "Cohorts", list(cohorts), own, key=f"cohorts-{person.id}", format_func=lambda number: cohorts[number].title
    )
    st.toggle("Interviews move along", True, key=f"carry-{person.id}", help=CARRY)
    with st.container(horizontal=True):
        st.button("Save", type="primary", on_click=_save, args=(person,))
        if person.invited or viewer.role is Role.ADMIN:
            label = "New invitation link" if person.invited else "Link to a new password"
            st.button(label, icon=":material/link:", disabled=person.disabled, on_click=_new_link, args=(person,))
        if services().letters is not None and not person.is_sample:
            label = "E-mail an invitation" if person.invited else "E-mail a link to a new password"
            st.button(label, icon=":material/mail:", disabled=person.disabled, on_click=_mail_link, args=(person,))
        label = "Open the account again" if person.disabled else "Close the account"
        st.button(label, icon=":material/block:", disabled=person.id == viewer.id, on_click=_close, args=(person,))


def _save(person: PersonEntry) -> None:
    role, places = st.session_state.get(f"role-{person.id}", person.role), st.session_state[f"cohorts-{person.id}"]
    carry = bool(st.session_state[f"carry-{person.id}"])

    def work(viewer: Viewer) -> str:
        if role != person.role:
            manage.set_role(services().people, viewer, person.id, role)
        moved = manage.set_cohorts(services().people, viewer, person.id, places, carry=carry)
        along = f" {moved} of their interviews moved along." if moved else ""
        return f"Saved for {plain(person.name)}.{along}"

    perform(work, *STAFF)


def _new_link(person: PersonEntry) -> None:
    def work(viewer: Viewer) -> str:
        purpose, token = manage.new_link(services().people, services().links, viewer, person.id)
        return offer(purpose, token, person.email, person.name)

    perform(work, *STAFF)


def _mail_link(person: PersonEntry) -> None:
    def work(viewer: Viewer) -> str:
        letters = services().letters
        if letters is None:
            raise ValueError("No mail server is set up.")
        purpose = manage.mail_link(services().people, services().links, letters, viewer, person.id)
        what = "An invitation" if purpose is Purpose.INVITATION else "A link to a new password"
        return f"{what} is on its way to {plain(person.email)}."

    perform(work, *STAFF)


def _close(person: PersonEntry) -> None:
    def work(viewer: Viewer) -> str:
        manage.set_disabled(services().people, viewer, person.id, not person.disabled)
        return f"The account of {plain(person.name)} is {'open again' if person.disabled else 'closed'}."

    perform(work, *STAFF)
