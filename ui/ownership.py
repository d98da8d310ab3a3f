"""What belongs to a learner: who sees it, who looked, a copy of it, and the way to have it erased."""

import streamlit as st

from core.accounts.ownership import looks_at, terms_of
from core.accounts.permissions import Role, Viewer
from core.accounts.personal_data import erase_person
from ui.outcome import perform
from ui.safe import plain
from ui.services import services
from ui.web.exports import MINE

WHO_SEES = (
    "The managers of your cohorts see how often you practise and your scores. They read what you said only if you let them "
    "here, or where your whole programme shares transcripts, and an answer whose score you dispute. Each look is listed below."
)


def draw_ownership(viewer: Viewer) -> None:
    """The part of the account page about one's own data."""
    st.subheader("Your data", anchor=False)
    if viewer.role is Role.LEARNER:
        st.caption(WHO_SEES)
        _draw_terms(viewer)
    _draw_looks(viewer)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(f'<a href="{MINE}" download target="_self">Download everything about me</a>')
        with st.popover("Delete my account", icon=":material/delete_forever:"):
            st.markdown(
                "This erases your account, every interview, answer, score and recording, at once and for good. "
                "Download your data first if you want to keep it."
            )
            st.text_input("Type your e-mail address to confirm", key="erase-confirm", autocomplete="off")
            st.button("Erase everything", type="primary", on_click=_erase)


def _draw_terms(viewer: Viewer) -> None:
    """What the learner's programmes do with what they say, where that isn't as usual."""
    for terms in terms_of(services().database, viewer.id):
        name = plain(terms.programme)
        if terms.shares:
            st.caption(f"**{name}** shares transcripts: its managers read what you say in interviews.")
        if terms.retention_days:
            days = f"{terms.retention_days:,} day{'s' if terms.retention_days > 1 else ''}"
            st.caption(
                f"**{name}** removes what was said in an interview {days} after it ended, recordings included; scores stay. "
                "Download what you want to keep."
            )


def _draw_looks(viewer: Viewer) -> None:
    looks = looks_at(services().database, viewer.id)
    with st.expander(f"Who looked at my interviews or changed my account ({len(looks)})", icon=":material/visibility:"):
        if not looks:
            st.caption("Nobody has.")
            return
        st.dataframe(
            {
                "When": [look.at for look in looks],
                "Who": [look.who for look in looks],
                "What": [look.what for look in looks],
            },
            column_config={"When": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm")},
            hide_index=True,
            alt="Who looked at your interviews or changed your account, and when",
        )


def _erase() -> None:
    def work(now: Viewer) -> str:
        typed = str(st.session_state.get("erase-confirm", "")).strip().lower()
        if typed != now.email:
            raise ValueError("That is not your e-mail address, so nothing was erased.")
        erase_person(services().database, now.email, services().now(), services().recordings.files)
        return f"{plain(now.name)}'s account and everything in it are erased."

    perform(work)
