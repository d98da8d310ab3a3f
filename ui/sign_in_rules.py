"""Which people of an identity provider are let in without an invitation: an administrator's list."""

from collections.abc import Mapping

import streamlit as st

from core.accounts import sign_in_rules
from core.accounts.people import CohortEntry
from core.accounts.permissions import Role, Viewer
from ui.outcome import perform
from ui.safe import plain
from ui.services import services


def draw_rules(viewer: Viewer, cohorts: Mapping[int, CohortEntry]) -> None:
    """The rules, and a form for one more; nothing where people sign in with passwords only."""
    if services().settings.auth is None:
        return
    kept = sign_in_rules.rules(services().people, viewer)
    with st.expander("Sign-in without an invitation", icon=":material/domain:"):
        st.caption(
            "Whoever signs in with an organisation's account and is not here yet becomes a learner, if their e-mail "
            "address is at one of these domains. Everybody else needs an invitation."
        )
        for rule in kept:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{plain(rule.domain)}** → {plain(rule.cohort)}")
                st.button("Remove", key=f"rule-{rule.domain}", type="tertiary", on_click=_remove, args=(rule.domain,))
        with st.form("rule", border=False):
            st.text_input("Domain of their addresses", key="rule-domain", placeholder="example.org")
            st.selectbox(
                "Cohort",
                [number for number, cohort in cohorts.items() if not cohort.is_sample],
                None,
                key="rule-cohort",
                format_func=lambda number: cohorts[number].title,
            )
            st.form_submit_button("Let them in", on_click=_add)


def _add() -> None:
    domain, cohort = st.session_state["rule-domain"], st.session_state["rule-cohort"]

    def work(viewer: Viewer) -> str:
        kept = sign_in_rules.set_rule(services().people, viewer, domain, cohort)
        return f"Whoever comes with an address at {plain(kept)} is let in."

    perform(work, Role.ADMIN)


def _remove(domain: str) -> None:
    def work(viewer: Viewer) -> str:
        sign_in_rules.remove_rule(services().people, viewer, domain)
        return f"Newcomers from {plain(domain)} need an invitation again."

    perform(work, Role.ADMIN)
