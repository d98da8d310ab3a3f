"""Viva's own addresses behind the gate, with a stub where Streamlit would be."""

import html
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

import ui.services
from core.bootstrap import Services, build
from core.config import Settings
from tests.hall import Clock
from ui.web import exports
from ui.web.middleware import Gate
from ui.web.routes import routes

HERE = "http://localhost:8501"
PASSWORD = "correct horse battery"


async def streamlit(scope: Scope, receive: Receive, send: Send) -> None:
    """Stands where Streamlit does: tells which headers reached it."""
    if scope["type"] == "websocket":
        socket = WebSocket(scope, receive, send)
        await socket.accept()
        await socket.send_json(dict(socket.headers))
        await socket.close()
        return
    await JSONResponse(dict(Request(scope).headers))(scope, receive, send)


class Site:
    """A site with these settings, and browsers to visit it with."""

    def __init__(self, services: Services) -> None:
        self.services = services
        inner = Starlette(routes=[*routes(), *exports.routes(), Mount("/", streamlit)])
        self._app = Gate(inner, lambda: services)

    def browser(self, address: str = "127.0.0.1", base: str = HERE) -> "Browser":
        return Browser(self._app, base, address)


class Browser:
    """A client with cookies that sends forms as a browser does."""

    def __init__(self, app: Any, base: str, address: str) -> None:
        self.http = TestClient(app, base, client=(address, 50_000), follow_redirects=False)
        self.base = base

    @property
    def cookies(self) -> httpx.Cookies:
        return self.http.cookies

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.http.get(path, headers=headers)

    def post(self, path: str, fields: dict[str, str], **headers: str) -> httpx.Response:
        """The fields with the form token that the cookie vouches for, unless they bring one."""
        token = {"csrf": self.cookies.get("viva_csrf") or ""}
        return self.http.post(path, data={**token, **fields}, headers={"Origin": self.base, **headers})

    def sign_in(self, email: str = "ann@example.org", password: str = PASSWORD, **more: str) -> httpx.Response:
        self.get("/login")
        return self.post("/login", {"email": email, "password": password, **more})

    def seen_by_streamlit(self, path: str = "/", **headers: str) -> dict[str, str]:
        """The headers that get through to Streamlit."""
        found: dict[str, str] = json.loads(self.get(path, **headers).text)
        return found


def sentence(response: httpx.Response) -> str:
    """What a person reads on the page, tags left out."""
    text = re.sub(r"<style>.*?</style>|<[^>]+>", " ", response.text, flags=re.DOTALL)
    return " ".join(html.unescape(text).split())


OpenSite = Callable[..., Site]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def open_site(tmp_path: Path, made_file: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenSite]:
    """`open_site(**settings)`, once; without demo mode unless it is asked for."""
    opened: list[Services] = []

    def open_site(**settings: Any) -> Site:
        url = SecretStr(f"sqlite:///{shutil.copy(made_file, tmp_path / 'viva.db')}")
        given = {"database_url": url, "engine": "offline", "data_dir": tmp_path, "demo": False, **settings}
        services = build(Settings(**given), now=clock)
        services.start()
        opened.append(services)
        monkeypatch.setattr(ui.services, "_services", services)
        return Site(services)

    yield open_site
    for services in opened:
        services.stop()


@pytest.fixture
def site(open_site: OpenSite) -> Site:
    """A site where Ann has an account."""
    made = open_site()
    made.services.people.add("ann@example.org", "Ann", "learner", password=PASSWORD)
    return made


@pytest.fixture
def browser(site: Site) -> Browser:
    return site.browser()
