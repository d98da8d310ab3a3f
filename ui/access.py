"""Who is looking: `require` is the first line of every page, and of everything in it that changes something."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit

import streamlit as st

from core.accounts.permissions import Role, Viewer
from core.engines.base import ServiceError
from ui.services import services
from ui.unsent import show_unsent

NAMES = {Role.LEARNER: "learners", Role.MANAGER: "programme managers", Role.ADMIN: "administrators"}


def session_id() -> str | None:
    """The public id of the sign-in behind this page, as the gate vouched for it."""
    sid = st.user.to_dict().get("sid")
    return sid if isinstance(sid, str) else None


def signed_in() -> Viewer | None:
    """Who is signed in at this moment, read from the database; raises ServiceError when that can't be had."""
    sid = session_id()
    return services().sessions.viewer_of(sid) if sid else None


def find_viewer() -> Viewer | None:
    """Who is signed in at this rerun; stops the page when the database can't be had."""
    with told():
        return signed_in()
    return st.stop()


@contextmanager
def told(key: str = "page") -> Iterator[None]:
    """Draws what a service can't do at the moment as one sentence in its place, with a way to try again."""
    try:
        yield
    except ServiceError as error:
        st.error(error.sentence, icon=":material/cloud_off:")
        st.button("Try again", key=f"try-again-{key}")


def require(*roles: Role) -> Viewer:
    """The viewer, if they have one of these roles (any, if none is given); else one sentence, and the page stops."""
    viewer = find_viewer()
    if viewer is None:
        st.warning("You are signed out. What you sent before is saved.", icon=":material/lock:")
        st.html(f'<a href="/login?next={quote(_here(), safe="/")}" target="_self">Sign in</a>')
        show_unsent()
        st.stop()
    if roles and viewer.role not in roles:
        st.error(f"This page is for {' and '.join(NAMES[role] for role in roles)}.", icon=":material/lock:")
        st.page_link("pages/Start.py", label="Go to the home page", icon=":material/home:")
        st.stop()
    return viewer


def may_set_up(viewer: Viewer) -> bool:
    """Whether they can do something about settings: an administrator, or whoever tries the demo on a computer of their own."""
    return viewer.role is Role.ADMIN or services().settings.demo


def _here() -> str:
    """The path and query of this page; the sign-in page sends nobody anywhere else."""
    parts = urlsplit(st.context.url or "/")
    query = "&".join(f"{quote(name)}={quote(value)}" for name, value in st.query_params.items())
    return f"{parts.path or '/'}?{query}" if query else parts.path or "/"
