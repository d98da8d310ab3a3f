"""Do something in a callback, and say once what came of it when the page is drawn next."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.accounts.permissions import Role, Viewer
from core.engines.base import ServiceError
from ui.access import require
from ui.safe import plain

_KEY = "outcome"


def act(command: Callable[..., Any], *arguments: Any) -> None:
    """Run a command that needs no word of success; its refusal is kept for show_problem."""
    try:
        command(*arguments)
    except ServiceError as error:
        st.session_state["problem"] = error.sentence


def show_problem() -> None:
    """Say once what the last command refused."""
    if problem := st.session_state.pop("problem", None):
        st.error(problem)


def perform(work: Callable[[Viewer], str], *roles: Role) -> None:
    """Do it as whoever is signed in at this moment, in one of these roles; `work` returns what to say, as Markdown."""
    try:
        st.session_state[_KEY] = (True, work(require(*roles)))
    except (ValueError, ServiceError) as error:
        st.session_state[_KEY] = (False, plain(str(error), 500))


def show_outcome() -> None:
    """What the last action came to."""
    good, sentence = st.session_state.pop(_KEY, (True, ""))
    if sentence:
        (st.success if good else st.error)(sentence)
