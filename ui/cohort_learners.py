"""The learners of a cohort: a table that opens one of them, and the list of those who may need a call."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlencode

import pandas as pd
import streamlit as st
from sqlalchemy.orm import Session

from core.accounts.contacts import last_contacts, note_contact
from core.accounts.permissions import Viewer
from core.accounts.score_exports import note_export
from core.analytics.attention import Watch
from core.analytics.cohorts import in_interviews, steps
from core.analytics.exports import EXCEL_ROWS
from core.analytics.learner_lists import Order, learners, listed
from core.analytics.scope import Scope
from core.bootstrap import Services
from core.interview.model import Mode
from core.interview.search import Wanted, found, search
from ui.cohort_filters import STEPS, Chosen, name_of
from ui.downloads import draw_downloads
from ui.outcome import perform, show_outcome
from ui.paging import page_of
from ui.people import STAFF
from ui.safe import plain
from ui.setup_form import MODES
from ui.web.exports import SCORES_CSV, SCORES_EXCEL
from ui.when import ago

ACTIVE = dt.timedelta(days=14)
"""Who began an interview in so many days is active."""
SHOWN = 50
LISTED = 100
"""Learners on one page of the table."""
PAGE = "learners_page"
CALLS = 20
"""Learners who may need a call on one page of the list."""
ORDERS = {
    Order.NAME: "Name",
    Order.AWAY: "Longest away first",
    Order.LOWEST: "Lowest mean first",
    Order.HIGHEST: "Highest mean first",
    Order.BUSIEST: "Most interviews first",
}


def draw_learners(services: Services, viewer: Viewer, session: Session, chosen: Chosen) -> None:
    """The table, without names until they are asked for; a row opens that learner's interviews."""
    scope, cohort = chosen.scope, chosen.cohort.public_id
    with st.container(horizontal=True, vertical_alignment="bottom"):
        order = st.selectbox("Order", list(ORDERS), format_func=ORDERS.__getitem__, key="order", bind="query-params",
                             width=300, on_change=_turn_back)  # fmt: skip
        named = st.toggle("Show names", key="named", bind="query-params", help="Off, so that a screen can be shared.")
    only = [steps(scope.cohort_ids, services.now() - ACTIVE)[chosen.step]] if chosen.step else []
    if chosen.week or scope.skill or scope.level or chosen.score:
        only.append(in_interviews(scope, chosen.score))
    st.caption(f"{_in_words(chosen)} {_counted_in_words(services, scope)}".strip())
    ids = listed(session, scope, *only, order=order)
    if not ids:
        st.info(
            "No learner fits all of this." if only else "Nobody is in this cohort yet; the People page adds learners."
        )
        return
    # Whatever the order and the choice, a learner without a name keeps their number.
    by_name = listed(session, scope) if only or order is not Order.NAME else ids
    numbers = None if named else {id_: number for number, id_ in enumerate(by_name, 1)}
    on_page = page_of(ids, LISTED, PAGE)
    rows = learners(session, scope, on_page)
    # By the learners in it, or else a row that is chosen would be that row of the next page or order, too.
    key = f"learners-{hash(tuple(on_page))}"
    one_digit = st.column_config.NumberColumn(format="%.1f")
    config = {
        "Mean score": one_digit,
        "Level served": one_digit,
        "Last interview": st.column_config.DatetimeColumn(format="D MMM YYYY"),
    }
    event = st.dataframe(
        _learner_table(rows, numbers), hide_index=True, width="stretch", column_config=config, on_select="rerun",
        selection_mode="single-row", key=key, alt="Learners of the cohort with their interviews and scores",
    )  # fmt: skip
    if len(ids) > len(on_page):
        st.caption(f"{len(on_page)} of {len(ids):,} learners; the files have them all.")

    def everybody() -> pd.DataFrame:
        with services.database.read() as session:
            return _learner_table(learners(session, scope, ids), numbers)

    with st.container(horizontal=True, vertical_alignment="center"):
        draw_downloads(everybody, "Learners", _takes(services, viewer, ids) if named else None)
        with st.popover("All scores", icon=":material/download:", type="tertiary", width="content"):
            _draw_all_scores(cohort, named)
    if chosen_rows := event["selection"]["rows"]:
        learner = rows.iloc[chosen_rows[0]]
        _draw_learner(services, session, learner, _called(learner["name"], learner["id"], numbers), chosen)
    else:
        st.caption("Choose a row to see that learner's interviews.")


def _turn_back() -> None:
    """Another order begins with its first page."""
    if PAGE in st.session_state:
        st.session_state[PAGE] = 1


def _learner_table(rows: pd.DataFrame, numbers: Mapping[int, int] | None) -> pd.DataFrame:
    """The learners as they are shown, by name or by their numbers."""
    return pd.DataFrame(
        {
            "Learner": [_called(name, id_, numbers) for name, id_ in zip(rows["name"], rows["id"], strict=True)],
            "Interviews": rows["interviews"],
            "Finished": rows["finished"],
            "Responses": rows["n"],
            "Mean score": rows["mean"].round(1),
            "Level served": rows["level"].round(1),
            "Hints": rows["hints"],
            "Not graded": rows["ungraded"],
            "Last interview": rows["last_interview"],
        }
    )


def _called(name: str, learner_id: int, numbers: Mapping[int, int] | None) -> str:
    return name if numbers is None else f"Learner {numbers[learner_id]}"


def _counted_in_words(services: Services, scope: Scope) -> str:
    """What the numbers of the table are of: sums by learner know the domain and the mode, but not when."""
    domain = f" in {plain(name_of(scope.domain, services.domains.catalogue().domains))}" if scope.domain else ""
    mode = f" in {MODES[Mode(scope.mode)][0].lower()} mode" if scope.mode else ""
    return f"The numbers are of all their interviews{domain}{mode}, whenever they were."


def _in_words(chosen: Chosen) -> str:
    """ "Who began. With an interview in the week from 02 Nov 2026, with an answer that scored 4."."""
    parts = [f"in the week from {chosen.week:%d %b %Y}"] if chosen.week else []
    parts += ["on the chosen skill"] if chosen.scope.skill else []
    parts += [f"with an answer at level {chosen.scope.level}"] if chosen.scope.level else []
    parts += [f"with an answer that scored {chosen.score}"] if chosen.score else []
    who = [f"Learners: {STEPS[chosen.step].lower()}."] if chosen.step else []
    return " ".join([*who, f"With an interview {', '.join(parts)}."] if parts else who)


def _takes(services: Services, viewer: Viewer, ids: Sequence[int]) -> Callable[[], None]:
    """What writes down that these learners' names are taken along."""
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


def _draw_learner(services: Services, session: Session, learner: pd.Series, called: str, chosen: Chosen) -> None:
    id_, scope = int(learner["id"]), chosen.scope
    st.subheader(plain(called), anchor=False)
    since = dt.datetime.combine(scope.since, dt.time(), dt.UTC) if scope.since else None
    until = since + dt.timedelta(weeks=1) if since and chosen.week else None
    wanted = Wanted(domain=scope.domain, mode=scope.mode, since=since, until=until)
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


def draw_calls(services: Services, viewer: Viewer, session: Session, watch: Watch) -> None:
    """Those who may need a call, with the reasons, and what came of the last call."""
    show_outcome()
    st.caption("Learners of the whole cohort, by name; of the filters above only the cohort counts here.")
    ids = watch.at_risk(session)
    people = "1 learner" if len(ids) == 1 else f"{len(ids):,} learners"
    st.caption(f"{people} by these rules, worth a look; no verdict on anybody.")
    names = {key: domain.name for key, domain in services.domains.catalogue().domains.items()}

    def everybody() -> pd.DataFrame:
        with services.database.read() as session:
            risky = watch.reasons(session, ids, names)
        return pd.DataFrame(
            [(one.name, one.last_interview, " ".join(one.reasons)) for one in risky],
            columns=["Learner", "Last interview", "Why"],
        )

    if ids:
        draw_downloads(everybody, "Who needs a call", _takes(services, viewer, ids))
    on_page = page_of(ids, CALLS, "calls")
    contacts = last_contacts(session, on_page)
    for learner in watch.reasons(session, on_page, names):
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            with st.container(gap="xsmall"):
                st.markdown(f"**{plain(learner.name)}**")
                st.caption(" ".join(learner.reasons))
                if contact := contacts.get(learner.id):
                    words = f": {plain(contact.words, 500)}" if contact.words else ""
                    when = ago(contact.at, services.now())
                    st.caption(f":material/call: Called by {plain(contact.author)} {when}{words}")
            with st.popover("Done: called", icon=":material/call:"), st.form(f"called-{learner.id}", border=False):
                st.text_input(
                    "What came of it (they can read it in their data)", key=f"words-{learner.id}", max_chars=2000
                )
                st.form_submit_button("Note it", on_click=_note, args=(services, learner.id, learner.name))


def _note(services: Services, learner_id: int, name: str) -> None:
    def work(now: Viewer) -> str:
        words = str(st.session_state.get(f"words-{learner_id}", ""))
        note_contact(services.database, now, learner_id, words, services.now())
        return f"Noted that you called {plain(name)}."

    perform(work, *STAFF)
