"""A roster on the page of people: looked through first, imported with a second click."""

import hashlib

import streamlit as st

from core.accounts.permissions import Role, Viewer
from core.accounts.roster import UNCHANGED, RosterReport, import_roster, preview_roster
from core.accounts.roster_file import MOST_ROWS
from ui.outcome import perform
from ui.people import STAFF
from ui.safe import plain
from ui.services import services

SHOWN = 500
"""Rows that are drawn of a long list."""
_PREVIEW, _COUNT = "roster-preview", "roster-count"
ADMINS = "A CSV file whose first line names the columns email, name, cohort and, if wanted, programme and role."
MANAGERS = "A CSV file whose first line names the columns email, name and cohort, which must be one of yours."


def draw_roster(viewer: Viewer) -> None:
    """The upload, what it would do, and the button that does it."""
    count = st.session_state.setdefault(_COUNT, 0)
    with st.expander("Import a roster", icon=":material/upload_file:", key="roster-box"):
        st.caption(
            f"{ADMINS if viewer.role is Role.ADMIN else MANAGERS} Up to {MOST_ROWS:,} rows. "
            "You see first what would change. Nobody is written to; people come in with an invitation, or with their "
            "organisation's account."
        )
        upload = st.file_uploader("CSV file", type=["csv", "txt"], key=f"roster-file-{count}")
        if upload is not None:
            _draw_preview(viewer, upload.getvalue())


def _draw_preview(viewer: Viewer, content: bytes) -> None:
    try:
        preview = _preview(viewer, content)
    except ValueError as error:
        st.error(plain(str(error), 500))
        return
    new, changed = preview.added, preview.changed
    with st.container(horizontal=True):
        st.metric("New", f"{new:,}", border=True)
        st.metric("Changed", f"{changed:,}", border=True, help="Put into another cohort, or renamed.")
        st.metric("As they are", f"{preview.unchanged:,}", border=True)
        st.metric("Left out", f"{len(preview.faults):,}", border=True)
    for sentence in preview.notes:
        st.warning(plain(sentence, 500))
    if preview.new_cohorts:
        names = ", ".join(plain(name) for name in preview.new_cohorts[:10])
        more = f" and {len(preview.new_cohorts) - 10:,} more" if len(preview.new_cohorts) > 10 else ""
        st.info(f"New cohorts: {names}{more}.", icon=":material/group_add:")
    _draw_rows(preview)
    people = "person" if new + changed == 1 else "people"
    label = f"Import {new + changed:,} {people}" if new + changed else "Nothing to import"
    st.button(label, type="primary", disabled=not new + changed, on_click=_import, args=(content,))


def _draw_rows(preview: RosterReport) -> None:
    if preview.faults:
        st.markdown("**Rows that are left out**")
        st.dataframe(
            {"Why": preview.faults[:SHOWN]},
            hide_index=True,
            alt="The rows that can't be imported, each with the reason",
        )
    rows = [entry for entry in preview.entries if entry.outcome != UNCHANGED]
    if rows:
        st.markdown("**What changes**")
        st.dataframe(
            {
                "Line": [entry.line for entry in rows[:SHOWN]],
                "E-mail": [entry.email for entry in rows[:SHOWN]],
                "Name": [entry.name for entry in rows[:SHOWN]],
                "Cohort": [entry.cohort for entry in rows[:SHOWN]],
                "What": [entry.outcome for entry in rows[:SHOWN]],
            },
            hide_index=True,
            alt="The people whom the import adds or changes",
        )
    if max(len(rows), len(preview.faults)) > SHOWN:
        st.caption(f"The first {SHOWN} rows of each list are shown; all are counted above.")


def _preview(viewer: Viewer, content: bytes) -> RosterReport:
    """The preview of this file, worked out once: a widget hands it over again at every rerun."""
    digest = hashlib.sha256(content).hexdigest()
    known = st.session_state.get(_PREVIEW)
    if known is None or known[0] != digest:
        with st.spinner("Looking through the file …"):
            known = st.session_state[_PREVIEW] = (digest, preview_roster(services().people, content, viewer))
    preview: RosterReport = known[1]
    return preview


def _import(content: bytes) -> None:
    def work(viewer: Viewer) -> str:
        report = import_roster(services().people, content, viewer)
        st.session_state.pop(_PREVIEW, None)
        st.session_state[_COUNT] += 1  # an empty upload again
        return plain(f"The roster is in: {report.summary}", 500)

    perform(work, *STAFF)
