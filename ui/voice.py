"""What a learner is told before the first recording, and chooses about their recordings."""

import streamlit as st

from core.accounts.permissions import Viewer
from core.bootstrap import Services
from core.speech.recordings import KEEP
from ui.outcome import act, perform
from ui.read_aloud import ALOUD
from ui.safe import plain

AGREED = "voice_agreed"
"""The learner's setting: the day on which they agreed to have recordings written down."""


def has_agreed(viewer: Viewer) -> bool:
    """Whether this learner has read the notice, once for all interviews."""
    return bool(viewer.settings.get(AGREED))


def draw_notice(services: Services, viewer: Viewer) -> None:
    """What becomes of a recording, in place of the recorder, until the learner agrees."""
    host = plain(services.settings.speech_host, 120)
    with st.container(border=True):
        st.markdown(
            f":material/mic: **Before you speak.** A recording is sent to **{host}** to be written down. This server "
            "keeps it until you send the answer, a week at most, and then deletes it; only if you ask for it on the "
            "Account page does it stay. You read the words and change them before you send them, and how you sound "
            "never counts. Typing is just as good: the box below is always open."
        )
        st.button("I agree, let me speak", icon=":material/check:", on_click=_agree, args=(services, viewer))


def _agree(services: Services, viewer: Viewer) -> None:
    act(lambda: services.people.save_settings(viewer.id, **{AGREED: services.now().date().isoformat()}))


def draw_choices(services: Services, viewer: Viewer) -> None:
    """The learner's choices about voice, for the account page."""
    st.toggle(
        "Read every question aloud",
        bool(viewer.settings.get(ALOUD)),
        key="account-aloud",
        help="By a voice of your browser, as the button at each question does.",
        on_change=_save_aloud,
        args=(services,),
    )
    if not (services.speech.available or services.recordings.count_kept(viewer.id)):
        return
    says = (
        "Off, a recording is deleted when its answer is sent. On, you can listen to it on the Review page, and so can those "
        "who may read your answers."
    )
    keeps = bool(viewer.settings.get(KEEP))
    st.toggle("Keep my recordings", keeps, key="account-keep", help=says, on_change=_save_keep, args=(services,))
    if count := services.recordings.count_kept(viewer.id):
        with st.popover(f"Delete my {count} recording{'s' if count > 1 else ''}", icon=":material/delete:"):
            st.write("The recordings go for good; your answers, scores and feedback stay.")
            st.button("Delete them", type="primary", on_click=_forget, args=(services,))


def _save_aloud(services: Services) -> None:
    def work(now: Viewer) -> str:
        aloud = bool(st.session_state["account-aloud"])
        services.people.save_settings(now.id, **{ALOUD: aloud})
        return "Every question is read aloud." if aloud else "Questions are read aloud only at a click."

    perform(work)


def _save_keep(services: Services) -> None:
    def work(now: Viewer) -> str:
        keep = bool(st.session_state["account-keep"])
        services.people.save_settings(now.id, **{KEEP: keep})
        return "Recordings of the answers that you send from now on are " + ("kept." if keep else "deleted.")

    perform(work)


def _forget(services: Services) -> None:
    def work(now: Viewer) -> str:
        return f"Deleted: {services.recordings.forget_kept(now.id)}."

    perform(work)
