"""The form that begins an interview."""

import streamlit as st

from core.accounts.permissions import Viewer
from core.bootstrap import Services
from core.domains import Catalogue
from core.engines.base import ServiceError
from core.interview.model import DEFAULT_TURNS, MAX_TURNS, Mode
from core.interview.service import Plan
from core.storage.ids import new_public_id
from ui.access import may_set_up
from ui.context_form import draw_context
from ui.microphone import draw_microphone_check
from ui.safe import plain
from ui.turns import LEVELS

FIND_MY_LEVEL = 0
NEXT = "next_interview"
"""Where the id of the interview that the form will begin is kept: two clicks on one drawing of it are one interview."""
MODES = {
    Mode.PRACTICE: ("Practice", "Hints when you ask, and feedback after each answer."),
    Mode.MOCK: ("Mock", "As in the real thing: no hints on request, and all feedback at the end."),
}
ENGINES = {
    "offline": "Here the **offline engine** interviews from its question bank, and estimates scores by key points (± 2).",
    "openai": "Your interviewer is a language model. What you answer is sent to it to ask on and to grade.",
}
SET_ENGINE = "No model server is set: set `OPENAI_API_KEY` to be interviewed by ChatGPT."


def _asked_for(catalogue: Catalogue) -> str:
    """The domain that the address gives by its key, else the first; the menu knows names only, and drops a key."""
    asked = st.query_params.get("domain", "")
    if asked in catalogue.domains:
        st.session_state["asked_domain"] = asked
    elif asked and asked not in {plain(domain.name) for domain in catalogue.domains.values()}:
        st.warning(f"There is no domain called “{plain(asked, 60)}”; choose one of these.")
    kept = st.session_state.get("asked_domain")
    return kept if kept in catalogue.domains else next(iter(catalogue.domains))


def draw_setup(services: Services, viewer: Viewer) -> None:
    """Choose domain, mode, level, length; Start opens the interview at its own address."""
    catalogue = services.domains.catalogue()
    for fault in catalogue.faults:
        st.warning(f"A domain could not be loaded: {plain(fault, 300)}")
    if not catalogue.domains:
        st.error("There is no domain to practise yet: add a file under prompts/domains/.")
        st.stop()
    domain = st.pills(
        "Domain",
        list(catalogue.domains),
        format_func=lambda key: plain(catalogue.domains[key].name),
        key="domain",
        bind="query-params",
        required=True,
        default=_asked_for(catalogue),
    )
    st.caption(plain(catalogue.domains[domain].description, 300))
    mode = st.segmented_control(
        "Mode", list(MODES), format_func=lambda m: MODES[m][0], default=Mode.PRACTICE, required=True
    )
    st.caption(MODES[mode][1])
    level = st.select_slider(
        "Level",
        [FIND_MY_LEVEL, *LEVELS],
        format_func=lambda n: f"{n} · {LEVELS[n]}" if n else "Find my level",
        help="The questions get harder or easier with your answers; this is where they start.",
    )
    left, right = st.columns(2)
    questions = left.slider("Questions", 1, MAX_TURNS, DEFAULT_TURNS, help="Follow-ups and hints count as questions.")
    minutes = right.selectbox(
        "Time limit", [None, 15, 20, 30, 45, 60], format_func=lambda n: f"{n} minutes" if n else "None"
    )
    given = draw_context(catalogue.domains[domain], services.engines.default)
    draw_microphone_check(services)
    if st.button("Start the interview", type="primary", icon=":material/play_arrow:"):
        try:
            chosen = Plan(domain, level or None, mode, questions, minutes, given.role, given.job, given.cv)
            begun = services.interviews.start(viewer.id, chosen, st.session_state.get(NEXT))
        except ServiceError as error:
            st.error(error.sentence)
        else:
            st.query_params.from_dict({"interview": begun})
            st.rerun()
    else:
        st.session_state[NEXT] = new_public_id()
    engine = services.engines.default
    spent = services.budgets.spent(viewer.id) if engine != "offline" else None
    if spent:
        st.info(f"{plain(spent, 300)} Until then the offline engine interviews you, from its question bank.")
    else:
        st.caption(ENGINES[engine] + (f" {SET_ENGINE}" if engine == "offline" and may_set_up(viewer) else ""))
