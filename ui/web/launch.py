"""What happens once, when the server starts and when it stops."""

import importlib
import logging
import pkgutil
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from anyio import to_thread
from streamlit import config

import ui
from core.accounts.links import Purpose
from core.bootstrap import Services
from core.config import Settings
from core.engines.base import ServiceError
from ui.services import reset, services
from ui.web.demo import is_loopback, refuse_unsafe_demo


def check_settings() -> None:
    """Ends the program with one sentence when it would start in an unsafe or unusable way."""
    try:
        settings = Settings()
    except ValueError as error:  # a ValidationError is one; it never repeats what was given
        raise SystemExit(f"Viva's settings can't be used, so it did not start: {error}") from None
    address = config.get_option("server.address")
    refuse_unsafe_demo(settings, address)
    refuse_passing_secret(settings, public=settings.secure_cookies or not is_loopback(address))
    if config.get_option("server.baseUrlPath"):
        raise SystemExit("Viva needs a host name of its own: leave server.baseUrlPath empty.")


def start_services() -> None:
    """Brings the database up to date and starts the background work; ends the program with one sentence if it can't."""
    try:
        services()
    except ServiceError as error:
        raise SystemExit(f"{error.sentence} Viva did not start.") from None


def refuse_passing_secret(settings: Settings, *, public: bool) -> None:
    """Ends the program with one sentence when a server for others would sign cookies with a secret of its own making.

    Such a secret ends with the process, and no other process knows it.
    """
    own = config.get_option("server.cookieSecret") if config.is_manually_set("server.cookieSecret") else ""
    given = settings.auth.cookie_secret if settings.auth else None
    secret = given.get_secret_value() if given else str(own)
    if (public or settings.auth is not None) and len(secret) < 32:
        raise SystemExit(
            "A server for others needs a secret of 32 characters or more to sign cookies with: set "
            "STREAMLIT_SERVER_COOKIE_SECRET (openssl rand -hex 32 makes one); Viva did not start."
        )


def claim_routing() -> None:
    """Makes Home.py the only way to a page: until st.navigation has run once, a deep link would run the file itself."""
    quiet = logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context")
    quiet.disabled = True  # it warns that no page is being drawn, which is so
    st.navigation([st.Page(lambda: None, title="Viva")])
    quiet.disabled = False


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[None]:
    """Offers the first account where nobody has one, and stops the services at the end."""
    started = await to_thread.run_sync(services)
    await to_thread.run_sync(_offer_set_up, started)
    threading.Thread(target=warm_up, daemon=True, name="warm-up").start()
    yield
    await to_thread.run_sync(reset)


def _offer_set_up(started: Services) -> None:
    """Prints the link to the first administrator's account while nobody has one."""
    if started.people.any_real_account():
        return
    token = started.links.issue(Purpose.SETUP)
    print(  # noqa: T201 it is for whoever started the server
        f"\n  Nobody has an account yet. Open this link once, within 60 minutes, to become the administrator:\n\n"
        f"    {_base_url()}/setup?token={token}\n",
        flush=True,
    )


def _base_url() -> str:
    if public := Settings().public_url:
        return public
    address = config.get_option("server.address")
    if config.is_manually_set("browser.serverAddress"):
        address = config.get_option("browser.serverAddress")
    elif address in (None, "", "0.0.0.0", "::"):  # noqa: S104 compared, not bound
        address = "localhost"
    host = f"[{address}]" if ":" in address else address
    tls = config.get_option("server.sslCertFile") or (Settings().secure_cookies and not is_loopback(address))
    return f"{'https' if tls else 'http'}://{host}:{config.get_option('server.port')}"


def warm_up() -> None:
    """Loads what is slow to load, so that nobody's first click waits for it: libraries, what pages are made of, domains."""
    if Settings().auth is not None:
        import authlib.integrations.starlette_client

        del authlib
    import altair
    import pandas
    import pyarrow

    del altair, pandas, pyarrow
    for module in pkgutil.iter_modules(ui.__path__):
        importlib.import_module(f"ui.{module.name}")
    services().warm_up()
