"""Your own account: name, password, language of speech, who may read your answers, and where you are signed in."""

import streamlit as st

from core.accounts.permissions import Role, Viewer
from ui.access import require, session_id
from ui.outcome import perform, show_outcome
from ui.ownership import draw_ownership
from ui.safe import plain
from ui.services import services
from ui.voice import draw_choices

LANGUAGES = {"": "Found by itself", "en": "English", "de": "German", "es": "Spanish", "fr": "French", "hi": "Hindi"}
LANGUAGES |= {"it": "Italian", "nl": "Dutch", "pl": "Polish", "pt": "Portuguese", "tr": "Turkish", "zh": "Chinese"}
SCORES_ANYWAY = "They always see your scores; your words only with this on, or where the whole programme shares them."
viewer = require()
people = services().people


def save_name() -> None:
    def work(now: Viewer) -> str:
        people.rename(now, st.session_state["account-name"])
        return "Your name is saved."

    perform(work)


def save_language() -> None:
    def work(now: Viewer) -> str:
        people.save_settings(now.id, language=st.session_state["account-language"])
        return "Your language is saved."

    perform(work)


def save_sharing() -> None:
    def work(now: Viewer) -> str:
        share = bool(st.session_state["account-share"])
        people.share_transcripts(now.id, share)
        return "Managers of your cohorts can read your answers." if share else "Your answers are yours alone."

    perform(work)


def change_password() -> None:
    """The new password, typed twice; every other sign-in ends."""
    current, new, again = (st.session_state[f"account-{which}"] for which in ("current", "new", "again"))

    def work(now: Viewer) -> str:
        if new != again:
            raise ValueError("The two new passwords aren't the same.")
        people.change_password(now, current, new, keep=session_id())
        return "Your password is changed, and you are signed out everywhere else."

    perform(work)


def sign_out_elsewhere() -> None:
    def work(now: Viewer) -> str:
        services().sessions.close_all(now.id, keep=session_id())
        return "You are signed out everywhere else."

    perform(work)


st.title("Account", anchor=False)
st.caption(plain(viewer.email))
show_outcome()

st.text_input("Name", viewer.name, key="account-name", max_chars=120, on_change=save_name)
language = str(viewer.settings.get("language", ""))
st.selectbox(
    "Language that you speak in interviews",
    list(LANGUAGES),
    list(LANGUAGES).index(language) if language in LANGUAGES else 0,
    key="account-language",
    format_func=lambda code: LANGUAGES[code],
    on_change=save_language,
    help="It helps speech recognition; the interviewer speaks English.",
)
draw_choices(services(), viewer)
if viewer.role is Role.LEARNER:
    shares = people.shares_transcripts(viewer.id)
    label = "Let the managers of my cohorts read my answers"
    st.toggle(label, shares, key="account-share", on_change=save_sharing, help=SCORES_ANYWAY)

if people.has_password(viewer.id):
    st.subheader("Password", anchor=False)
    with st.form("password", clear_on_submit=True):
        st.text_input("Current password", type="password", key="account-current", autocomplete="current-password")
        hint = "At least 12 characters; a short sentence is easy to remember."
        st.text_input("New password", type="password", key="account-new", autocomplete="new-password", help=hint)
        st.text_input("New password again", type="password", key="account-again", autocomplete="new-password")
        st.form_submit_button("Change password", on_click=change_password)

st.subheader("Where you are signed in", anchor=False)
st.button("Sign out everywhere else", icon=":material/devices_off:", on_click=sign_out_elsewhere)

draw_ownership(viewer)
