"""Words that could be neither stored nor sent: kept in this tab, put back into their box, and shown to be copied."""

import streamlit as st

_KEY = "unsent"


def keep(box: str, text: str) -> None:
    """Remember what stands in that box, even while the box isn't drawn."""
    st.session_state.setdefault(_KEY, {})[box] = text


def drop(box: str) -> None:
    """What stands in that box is stored."""
    st.session_state.get(_KEY, {}).pop(box, None)


def drop_all() -> None:
    """Nothing that was kept is of use any more."""
    st.session_state.pop(_KEY, None)


def kept(box: str, otherwise: str) -> str:
    """What stood in that box, if it could not be stored."""
    return str(st.session_state.get(_KEY, {}).get(box, otherwise))


def boxes(beginning: str) -> list[str]:
    """The boxes whose name begins so, in which something stands that is not stored."""
    return [box for box in st.session_state.get(_KEY, {}) if box.startswith(beginning)]


def show_unsent(but: str = "") -> None:
    """What was typed and is stored nowhere, so that it can be taken along; `but` is the box that is drawn itself."""
    for box, text in st.session_state.get(_KEY, {}).items():
        if box != but and text.strip():
            st.caption("This was not sent, and is not saved; copy what you want to keep:")
            st.code(text, language=None, wrap_lines=True)
