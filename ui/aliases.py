"""The misheard forms that learners taught Viva, for administrators to see and to take out of use."""

import streamlit as st

from core.accounts.permissions import Role, Viewer
from core.quality.aliases import Alias, aliases_of, set_revoked
from core.quality.versions import Kind
from core.speech.aliases import ENOUGH
from ui.outcome import perform
from ui.safe import plain
from ui.services import services
from ui.texts import Chosen


def draw_aliases(viewer: Viewer, chosen: Chosen) -> None:
    """The forms of a domain with how often they were put right, and a button for each."""
    if chosen.kind is not Kind.DOMAIN:
        st.caption("Learners teach forms to domains: choose one above.")
        return
    st.caption(
        f"When learners put a term of the glossary in place of what was heard, the heard form is noted. From {ENOUGH} equal "
        "corrections on it is put right for everybody, unless you revoke it. Nothing else of what they said is kept here."
    )
    found = aliases_of(services().database, viewer, chosen.name)
    if not found:
        st.info("Nobody has put a misheard term of this domain right yet.")
    for number, alias in enumerate(found):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(alias.heard)}** → {plain(alias.term)} · {alias.times}×", width="stretch")
            st.badge("in use" if alias.is_used else "revoked" if alias.revoked else "too few yet", color="gray")
            label = "Use again" if alias.revoked else "Revoke"
            st.button(label, key=f"alias-{number}", type="tertiary", on_click=_set, args=(alias, not alias.revoked))


def _set(alias: Alias, revoked: bool) -> None:
    def work(viewer: Viewer) -> str:
        s = services()
        set_revoked(s.database, viewer, s.aliases, alias, revoked, s.now)
        return f"“{plain(alias.heard)}” is {'no longer put right' if revoked else 'put right again'}."

    perform(work, Role.ADMIN)
