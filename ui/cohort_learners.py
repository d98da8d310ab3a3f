"""The learners of a cohort: a table that opens one of them, and the list of those who may need a call."""

import datetime as dt
from collections.abc import Callable
from urllib.parse import urlencode

import pandas as pd
import streamlit as st
from sqlalchemy.orm import Session

from core.accounts.contacts import last_contacts, note_contact
from core.accounts.permissions import Viewer
from core.accounts.score_exports import note_export
from core.analytics.cohorts import in_interviews, steps
from core.analytics.cohorts import learners as learners_of
from core.analytics.exports import EXCEL_ROWS
from core.bootstrap import Services
from core.interview.model import Mode
from core.interview.search import Wanted, found, search
from ui.cohort_filters import STEPS, Chosen
from ui.downloads import draw_downloads
from ui.outcome import perform, show_outcome
from ui.people import STAFF
from ui.safe import plain
from ui.setup_form import MODES
from ui.web.exports import SCORES_CSV, SCORES_EXCEL
from ui.when import ago

ACTIVE = dt.timedelta(days=14)
"""Who began an interview in so many days is active."""
SHOWN = 50
CALLS = 20
"""Learners who may need a call on one page of the list."""


def draw_learners(services: Services, viewer: Viewer, session: Session, chosen: Chosen) -> None:
    """The table, without names until they are asked for; a row opens that learner's interviews."""
    scope, cohort = chosen.scope, chosen.cohort.public_id
    named = st.toggle("Show names", key="named", bind="query-params", help="Off, so that a screen can be shared.")
    only = [steps(scope.cohort_ids, services.now() - ACTIVE)[chosen.step]] if chosen.step else []
    if chosen.week or scope.skill or chosen.score:
        only.append(in_interviews(scope, chosen.score))
    if only:
        st.caption(f"{_in_words(chosen)} The numbers are of all their interviews.")
    learners = learners_of(session, scope, *only)
    if learners.empty:
        st.info(
            "No learner fits all of this." if only else "Nobody is in this cohort yet; the People page adds learners."
        )
        return
    table = pd.DataFrame(
        {
            "Learner": learners["name"] if named else [f"Learner {n}" for n in range(1, len(learners) + 1)],
            "Interviews": learners["interviews"],
            "Finished": learners["finished"],
            "Responses": learners["n"],
            "Mean score": learners["mean"].round(1),
            "Level served": learners["level"].round(1),
            "Hints": learners["hints"],
            "Not graded": learners["ungraded"],
            "Last interview": learners["last_interview"],
        }
    )
    config = {"Last interview": st.column_config.DatetimeColumn(format="D MMM YYYY")}
    event = st.dataframe(
        table, hide_index=True, width="stretch", column_config=config, on_select="rerun", selection_mode="single-row",
        key="learners", alt="Learners of the cohort with their interviews and scores",
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center"):
        draw_downloads(table, "Learners", _takes(services, viewer, learners) if named else None)
        with st.popover("All scores", icon=":material/download:", type="tertiary", width="content"):
            _draw_all_scores(cohort, named)
    if rows := event["selection"]["rows"]:
        _draw_learner(services, session, learners.iloc[rows[0]], chosen)
    else:
        st.caption("Choose a row to see that learner's interviews.")


def _in_words(chosen: Chosen) -> str:
    """ "Who began. With an interview in the week from 02 Nov 2026, with an answer that scored 4."."""
    parts = [f"in the week from {chosen.week:%d %b %Y}"] if chosen.week else []
    parts += ["on the chosen skill"] if chosen.scope.skill else []
    parts += [f"with an answer that scored {chosen.score}"] if chosen.score else []
    who = [f"Learners: {STEPS[chosen.step].lower()}."] if chosen.step else []
    return " ".join([*who, f"With an interview {', '.join(parts)}."] if parts else who)


def _takes(services: Services, viewer: Viewer, learners: pd.DataFrame) -> Callable[[], None]:
    """What writes down that these learners' names are taken along."""
    ids = [int(id_) for id_ in learners["id"]]
    return lambda: note_export(services.database, viewer, ids, services.now())


def _draw_all_scores(cohort: str, named: bool) -> None:
    query = urlencode({"cohort": cohort, **({"named": "true"} if named else {})})
    st.markdown("Every graded answer of this cohort since it began, whatever is chosen above; not what was said.")
    st.caption(
        "With names: each learner can see on their account page that you took them." if named else
        "Without names: each learner has a code, the same in every file. “Show names” puts names in."
    )  # fmt: skip
    st.html(f'<a href="{SCORES_CSV}?{query}" download target="_self">CSV</a>')
    st.html(f'<a href="{SCORES_EXCEL}?{query}" download target="_self">Excel, up to {EXCEL_ROWS:,} rows</a>')


def _draw_learner(services: Services, session: Session, learner: pd.Series, chosen: Chosen) -> None:
    id_, scope = int(learner["id"]), chosen.scope
    st.subheader(plain(learner["name"]), anchor=False)
    monday = dt.datetime.combine(chosen.week, dt.time(), dt.UTC) if chosen.week else None
    wanted = Wanted(domain=scope.domain, mode=scope.mode, since=monday, until=monday and monday + dt.timedelta(weeks=1))
    theirs = found(session, id_, search(session, id_, wanted)[:SHOWN])
    if not theirs:
        st.info("No interview yet." if learner["interviews"] == 0 else "No interview fits all of this.")
    domains = services.domains.catalogue().domains
    for row in theirs:
        name = domains[row.domain].name if row.domain in domains else row.domain.replace("_", " ").title()
        mean = f"{row.mean:.1f} / 10" if row.mean is not None else "not graded"
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(name)}** · {mean}", width="stretch")
            st.caption(f"{row.started_at:%d %b %Y} · {MODES[Mode(row.mode)][0]} · {row.answered} answers")
            st.page_link("pages/Review.py", label="Open", icon=":material/arrow_forward:",
                         query_params={"interview": row.public_id})  # fmt: skip


def draw_calls(services: Services, viewer: Viewer, session: Session, risky: pd.DataFrame) -> None:
    """Those who may need a call, with the reasons, and what came of the last call."""
    show_outcome()
    if len(risky):
        table = pd.DataFrame(
            {"Learner": risky["name"], "Last interview": risky["last_interview"], "Why": risky["reasons"]}
        )
        draw_downloads(table, "Who needs a call", _takes(services, viewer, risky))
    pages = -(-len(risky) // CALLS)
    page = min(st.pagination(pages, key="calls", bind="query-params"), pages) if pages > 1 else 1
    shown = risky.iloc[(page - 1) * CALLS : page * CALLS]
    contacts = last_contacts(session, [int(id_) for id_ in shown["id"]])
    for row in shown.to_dict("records"):
        with st.container(border=True):
            st.markdown(f"**{plain(row['name'])}**")
            st.caption(" ".join(row["reasons"]))
            if contact := contacts.get(int(row["id"])):
                words = f": {plain(contact.words, 500)}" if contact.words else ""
                st.caption(
                    f":material/call: Called by {plain(contact.author)} {ago(contact.at, services.now())}{words}"
                )
            with st.popover("Done: called", icon=":material/call:"), st.form(f"called-{row['id']}", border=False):
                st.text_input(
                    "What came of it (they can read it in their data)", key=f"words-{row['id']}", max_chars=2000
                )
                st.form_submit_button("Note it", on_click=_note, args=(services, int(row["id"]), str(row["name"])))


def _note(services: Services, learner_id: int, name: str) -> None:
    def work(now: Viewer) -> str:
        words = str(st.session_state.get(f"words-{learner_id}", ""))
        note_contact(services.database, now, learner_id, words, services.now())
        return f"Noted that you called {plain(name)}."

    perform(work, *STAFF)
