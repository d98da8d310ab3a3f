"""Taking a report along: as a file, or as a link for a mentor."""

from urllib.parse import urlsplit

import streamlit as st

from core.accounts.permissions import Viewer
from core.accounts.share_links import DAYS, LinkView
from core.accounts.transcripts import Opened
from core.bootstrap import Services
from core.interview.model import Phase
from core.interview.records import InterviewView
from core.reports.document import document_of
from core.reports.markdown import as_markdown
from ui.outcome import act, perform
from ui.services import services as found_services
from ui.when import day, moment

_NEW = "new-share-link"
"""Where the address of a link that was just made is kept until it has been shown, by the interview it belongs to."""


def draw_take_along(services: Services, opened: Opened) -> None:
    """Downloads, and links, of an interview that is over: for the learner alone."""
    view = opened.view
    if view.phase is not Phase.FINISHED:
        return
    with st.container(horizontal=True):
        with st.popover("Download", icon=":material/download:"):
            _draw_downloads(view, opened.learner_name)
        with st.popover("Share with a mentor", icon=":material/share:"):
            _draw_sharing(services, view)


def _draw_downloads(view: InterviewView, learner: str) -> None:
    document = document_of(view, learner)

    def pdf() -> bytes:
        from core.reports.pdf import as_pdf  # the fonts take a moment to read: only when they are wanted

        return as_pdf(document)

    # Made when they are asked for, not whenever the report is drawn.
    for label, ending, mime, data in (
        ("PDF, to print or to send", "pdf", "application/pdf", pdf),
        ("Markdown, to keep in notes", "md", "text/markdown", lambda: as_markdown(document)),
        ("JSON, for programs", "json", "application/json", document.as_json),
    ):
        st.download_button(label, data, document.file_name(ending), mime, key=f"file-{ending}", on_click="ignore",
                           type="tertiary", icon=":material/description:")  # fmt: skip
    st.caption(
        "The PDF has letters of most scripts, but no Chinese, Japanese or Korean, and shortens answers of more than 4,000 "
        "letters; the other files have everything."
    )


def _draw_sharing(services: Services, view: InterviewView) -> None:
    st.markdown("Whoever has the link reads **this report and nothing else**, without signing in, until it expires.")
    key = f"share-{view.public_id}"
    st.segmented_control("The link works for", DAYS, default=DAYS[1], required=True, key=key,
                         format_func=lambda days: f"{days} days")  # fmt: skip
    st.button("Make a link", type="primary", icon=":material/add_link:", on_click=_share, args=(view, key))
    if (new := st.session_state.get(_NEW)) and new[0] == view.public_id:
        del st.session_state[_NEW]
        st.success("Send this address to your mentor. It is not shown again.", icon=":material/link:")
        st.code(new[1], language=None, wrap_lines=True)
    for link in services.share_links.of(view.learner_id, view.public_id):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(_told(link), width="stretch")
            revoke = (services.share_links.revoke, view.learner_id, view.public_id, link.public_id)
            st.button("Revoke", key=f"revoke-{link.public_id}", on_click=act, args=revoke)


def _told(link: LinkView) -> str:
    times = "once" if link.opened == 1 else f"{link.opened} times"
    read = f"opened {times}, last {moment(link.opened_at)}" if link.opened_at else "not opened yet"
    return f"Made {day(link.created_at)}, ends {day(link.expires_at)} · {read}"


def _share(view: InterviewView, key: str) -> None:
    def work(viewer: Viewer) -> str:
        token = found_services().share_links.create(viewer.id, view.public_id, st.session_state[key])
        parts = urlsplit(st.context.url or "")
        st.session_state[_NEW] = (view.public_id, f"{parts.scheme}://{parts.netloc}/shared?token={token}")
        return ""

    perform(work)
