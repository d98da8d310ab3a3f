"""The list of past interviews: narrowed by what stands in the address, a page at a time."""

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

import streamlit as st

from core.bootstrap import Services
from core.domains import Catalogue
from core.interview.model import Mode
from core.interview.search import Found, Order, Score, Wanted, found, search
from ui.safe import plain
from ui.setup_form import MODES
from ui.turns import LEVELS, score_color
from ui.when import moment, start_of

T = TypeVar("T")

PAGE = 20
SCORES = {
    Score.HIGH: "7 and more",
    Score.MIDDLE: "5 to under 7",
    Score.LOW: "Under 5",
    Score.NONE: "Not graded",
}
ORDERS = {
    Order.NEWEST: "Newest first",
    Order.OLDEST: "Oldest first",
    Order.BEST: "Best score first",
    Order.WEAKEST: "Weakest score first",
}
FILTERS = ("words", "field", "mode", "level", "score", "from", "until")
"""The keys of the filters, which are their names in the address too."""


def _first_page() -> None:
    st.session_state["page"] = 1


BOUND: dict[str, Any] = {"bind": "query-params", "on_change": _first_page}


def draw_finder(services: Services, learner_id: int) -> None:
    """Filters, the interviews that fit, and the page that is shown of them."""
    catalogue = services.domains.catalogue()
    wanted = _ask(catalogue)
    with st.container(horizontal=True, vertical_alignment="center"):
        counted = st.container()
        wanted = replace(wanted, order=_ask_order())
    with services.database.read() as session:
        ids = search(session, learner_id, wanted)
        if not ids:
            _draw_none(narrowed=replace(wanted, order=Order.NEWEST) != Wanted())
            return
        rows = st.container()
        pages, page = math.ceil(len(ids) / PAGE), 1
        if pages > 1:
            with st.container(horizontal_alignment="center"):
                page = min(st.pagination(pages, key="page", bind="query-params"), pages)
        first = (page - 1) * PAGE
        shown = found(session, learner_id, ids[first : first + PAGE])
    part = f"{first + 1}–{first + len(shown)} of " if pages > 1 else ""
    counted.caption(f"{part}{len(ids):,} interview{'s' if len(ids) > 1 else ''}")
    with rows:
        for one in shown:
            _draw_row(catalogue, one)


def _ask(catalogue: Catalogue) -> Wanted:
    """The filters; each stands in the address, and a change begins at the first page again."""
    words = st.text_input(
        "Words in the interview",
        placeholder="Search what was asked and answered",
        icon=":material/search:",
        max_chars=200,
        label_visibility="collapsed",
        key="words",
        **BOUND,
    )
    with st.grid(3, min_column_width=150):
        domain = _choose("Domain", {key: catalogue.name_of(key) for key in catalogue.domains}, "field")
        mode = _choose("Mode", {mode: name for mode, (name, _) in MODES.items()}, "mode", "Both")
        level = _choose("Level of the questions", {n: f"{n} · {name}" for n, name in LEVELS.items()}, "level")
        score = _choose("Mean score", SCORES, "score")
        since = st.date_input("From", None, format="DD/MM/YYYY", key="from", **BOUND)
        until = st.date_input("Until", None, format="DD/MM/YYYY", key="until", **BOUND)
    return Wanted(
        words=words.strip(),
        domain=domain,
        mode=mode,
        level=level,
        score=score,
        since=start_of(since) if since else None,
        until=start_of(until + dt.timedelta(days=1)) if until else None,
    )


def _choose(label: str, names: Mapping[T, str], key: str, everything: str = "All") -> T | None:
    return st.selectbox(label, list(names), None, format_func=lambda one: names[one], placeholder=everything, key=key,
                        **BOUND)  # fmt: skip


def _ask_order() -> Order:
    return st.selectbox("Order", list(ORDERS), format_func=lambda one: ORDERS[one], label_visibility="collapsed",
                        width=200, key="order", **BOUND)  # fmt: skip


def _draw_none(*, narrowed: bool) -> None:
    if narrowed:
        st.info("No interview fits all of this.", icon=":material/search_off:")
        st.button("Show all interviews", icon=":material/filter_alt_off:", on_click=_clear)
        return
    with st.container(border=True):
        st.subheader("What you will find here", anchor=False)
        st.markdown(
            "Every interview you hold stays here with its **report**: a score for each answer with the reasons, your own "
            "words marked as evidence, a model answer, and what to practise next. From a report you can practise the weak "
            "answers again and see what changed, download it, or share it with a mentor."
        )
        st.page_link("pages/Practise.py", label="Hold the first interview", icon=":material/mic:")


def _draw_row(catalogue: Catalogue, one: Found) -> None:
    facts = [moment(one.started_at), MODES[Mode(one.mode)][0]]
    if one.level is not None:
        facts.append(f"level {one.level:.1f}")
    facts.append(f"{one.answered} answer{'' if one.answered == 1 else 's'}")
    if one.n < one.answered:
        facts.append(f"{one.n} graded")
    label, page, icon = ("Read", "Review", "article") if one.finished else ("Resume", "Practise", "play_arrow")
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(gap=None):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(f"**{plain(catalogue.name_of(one.domain))}**", width="content")
                if one.mean is not None:
                    st.badge(f"{one.mean:.1f} / 10", color=score_color(one.mean))
                elif one.finished:
                    st.badge("Not graded", color="gray")
                if not one.finished:
                    st.badge("Still open", icon=":material/hourglass_top:", color="blue")
            st.caption(" · ".join(facts))
        st.page_link(
            f"pages/{page}.py", label=label, icon=f":material/{icon}:", query_params={"interview": one.public_id},
            width="content",
        )  # fmt: skip


def _clear() -> None:
    for key in FILTERS:
        st.session_state[key] = "" if key == "words" else None
    _first_page()
