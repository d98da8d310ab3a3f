"""Past interviews: find one, open it, read the report."""

import datetime as dt

import streamlit as st

from core.accounts.transcripts import open_interview
from core.analytics.queries import search_interviews
from core.engines.base import Fault, ServiceError
from core.interview.model import Mode
from ui.access import require
from ui.report import draw_report
from ui.safe import plain
from ui.services import services
from ui.setup_form import MODES

PAGE = 20

viewer = require()


def draw_search() -> None:
    """The learner's interviews by domain, mode, date and words; each opens at its own address."""
    domains = services().domains.catalogue().domains
    st.title("Review", anchor=False)
    afresh = {"on_change": _turn_page, "args": (1,)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input(
            "Words in the interview",
            key="words",
            bind="query-params",
            placeholder="said or asked",
            icon=":material/search:",
            **afresh,
        )
        names = {key: plain(found.name) for key, found in domains.items()}
        domain = st.selectbox(
            "Domain", [None, *names], format_func=lambda key: names.get(key, "All"), key="find_domain", **afresh
        )
        mode = st.selectbox(
            "Mode", [None, *MODES], format_func=lambda m: MODES[m][0] if m else "Both", key="find_mode", **afresh
        )
        days = st.date_input("Between", value=(), key="find_days", format="DD/MM/YYYY", **afresh)
    since, until = (*days, None, None)[:2] if isinstance(days, tuple) else (days, None)
    page = st.session_state.get("review_page", 1)
    with services().database.read() as session:
        found = search_interviews(
            session,
            viewer.id,
            domain=domain,
            mode=mode,
            since=_start_of(since),
            until=_start_of(until + dt.timedelta(days=1)) if until else None,
            words=words.strip(),
            limit=PAGE + 1,
            offset=(page - 1) * PAGE,
        )
    if found.empty:
        narrowed = bool(words or domain or mode or days)
        st.info("No interview fits; widen the search." if narrowed else "Your finished interviews will be here.")
        if not narrowed:
            st.page_link("pages/Practise.py", label="Hold the first one", icon=":material/mic:")
        return
    for row in found.head(PAGE).itertuples():
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            name = domains[row.domain].name if row.domain in domains else row.domain.replace("_", " ").title()
            mean = f"{row.mean:.1f} / 10" if row.n else "not graded"
            state = "" if row.finished else " · still open"
            st.markdown(f"**{plain(name)}** · {mean}", width="stretch")
            st.caption(
                f"{row.started_at:%d %b %Y, %H:%M} UTC · {MODES[Mode(row.mode)][0]} · {row.answered} answers{state}"
            )
            target = "pages/Review.py" if row.finished else "pages/Practise.py"
            label = "Open" if row.finished else "Resume"
            st.page_link(
                target, label=label, icon=":material/arrow_forward:", query_params={"interview": row.public_id}
            )
    with st.container(horizontal=True):
        st.button("Newer", disabled=page == 1, on_click=_turn_page, args=(page - 1,))
        st.button("Older", disabled=len(found) <= PAGE, on_click=_turn_page, args=(page + 1,))


def _turn_page(page: int) -> None:
    st.session_state["review_page"] = page


def _start_of(day: dt.date | None) -> dt.datetime | None:
    return dt.datetime.combine(day, dt.time(), dt.UTC) if day else None


public_id = st.query_params.get("interview")
if not public_id:
    draw_search()
    st.stop()
try:
    opened = open_interview(services().database, services().interviews, viewer, public_id, services().now())
except ServiceError as error:
    if error.kind is not Fault.NOT_FOUND:
        raise
    st.error(error.sentence)
    st.page_link("pages/Review.py", label="All interviews", icon=":material/arrow_back:", query_params={})
    st.stop()
draw_report(services(), viewer, opened)
