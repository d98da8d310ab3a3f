"""Do something in a callback, and say once what came of it when the page is drawn next."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.accounts.permissions import Role, Viewer
from core.engines.base import ServiceError
from ui.access import require, signed_in
from ui.safe import plain
from ui.unsent import show_unsent

_KEY = "outcome"


def act(command: Callable[..., Any], *arguments: Any) -> bool:
    """Run a command that needs no word of success, for somebody who is still signed in; tells whether it was done.

    Its refusal is kept for show_problem; that the sign-in has ended, the page says by itself.
    """
    try:
        if signed_in() is None:
            return False
        command(*arguments)
    except ServiceError as error:
        st.session_state["problem"] = error.sentence
        return False
    return True


def show_problem(box: str = "") -> None:
    """Say once why the last command was refused, and show what it left unsent, but for what stands in that box."""
    if problem := st.session_state.pop("problem", None):
        st.error(problem)
    show_unsent(but=box)


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
