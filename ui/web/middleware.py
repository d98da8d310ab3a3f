"""The gate before Streamlit: who asks is settled here, before a script runs or a file is served."""

from collections.abc import Callable
from urllib.parse import quote

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.accounts.permissions import Role
from core.accounts.sessions import Ticket
from core.bootstrap import Services
from core.engines.base import ServiceError
from ui.web.demo import from_this_computer
from ui.web.forms import cookie_name, message, origin_allowed
from ui.web.headers import extra_headers

IDENTITY = b"x-viva-"
"""Headers that begin so say who is asking: ours alone, a client's are thrown away."""

OUR_PAGES = (
    "/login",
    "/setup",
    "/invite",
    "/forgotten",
    "/demo",
    "/auth/login",
    "/oauth2callback",
    "/auth/logout",
    "/shared",
    "/readyz",
)
OPEN = frozenset((*OUR_PAGES, "/favicon.png", "/manifest.json", "/_stcore/health", "/_stcore/host-config"))
OPEN_FOLDERS = ("/static/", "/component/", "/_stcore/bidi-components/")
"""Streamlit's own files and those of its components, the same for everybody."""

SHUT = ("/_stcore/agent", "/_stcore/script-health-check")
"""Ways into Streamlit that Viva doesn't use."""


class Gate:
    """Outermost middleware: checks Origin and session, tells Streamlit who it is, adds the security headers."""

    def __init__(self, app: ASGIApp, services: Callable[[], Services]) -> None:
        self._app, self._services = app, services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        scope = {**scope, "headers": [(k, v) for k, v in scope["headers"] if not k.lower().startswith(IDENTITY)]}
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            secure = self._services().settings.secure_cookies
            await self._http(scope, receive, _with_headers(scope["path"], send, secure))

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A socket from one of our pages with a cookie of ours; an ended one too, so that the page can say so."""
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        settings = self._services().settings
        ticket = None
        # Before Streamlit sees it: for a foreign origin it makes blocking requests to an outside address.
        if origin is not None and origin_allowed(origin, headers.get("host"), settings):
            try:
                ticket = await self._ticket(scope)
            except ServiceError:
                ticket = None  # the page says "connecting" and tries again by itself
        if ticket is None:
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        await self._app(_identified(scope, ticket), receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path in OPEN or (path.startswith(OPEN_FOLDERS) and ".." not in path.split("/")):
            await self._app(scope, receive, send)
            return
        try:
            ticket = await self._ticket(scope)
        except ServiceError as error:
            await message("Viva can't answer", error.sentence, 503)(scope, receive, send)
            return
        if refusal := _refusal(scope, ticket):
            await refusal(scope, receive, send)
        else:
            await self._app(_identified(scope, ticket) if ticket else scope, receive, send)

    async def _ticket(self, scope: Scope) -> Ticket | None:
        services = self._services()
        cookies = cookie_parser(Headers(scope=scope).get("cookie", ""))
        token = cookies.get(cookie_name(services.settings))
        ticket = await to_thread.run_sync(services.sessions.by_token, token) if token else None
        sample = ticket is not None and ticket.viewer is not None and ticket.viewer.is_sample
        return None if sample and not (services.settings.demo and from_this_computer(scope)) else ticket


def _refusal(scope: Scope, ticket: Ticket | None) -> Response | None:
    """What to answer instead of letting the request through."""
    path = scope["path"]
    viewer = ticket.viewer if ticket else None
    if path.startswith(SHUT) or (
        path.startswith("/_stcore/metrics") and (viewer is None or viewer.role is not Role.ADMIN)
    ):
        return PlainTextResponse("Not found.", 404)
    if viewer is not None:
        return None
    if scope["method"] in ("GET", "HEAD") and not path.startswith(("/_stcore/", "/media/", "/app/")):
        query = scope["query_string"].decode("ascii", "replace")
        target = quote(f"{path}?{query}" if query else path, safe="/")
        return RedirectResponse(
            "/login" if target == "/" else f"/login?next={target}", 303, {"Cache-Control": "no-store"}
        )
    return PlainTextResponse("Sign in first.", 401)


def _identified(scope: Scope, ticket: Ticket) -> Scope:
    return {**scope, "headers": [*scope["headers"], (b"x-viva-sid", ticket.public_id.encode())]}


def _with_headers(path: str, send: Send, secure: bool) -> Send:
    async def sending(part: Message) -> None:
        if part["type"] == "http.response.start":
            headers = [_secured(name, value) if secure else (name, value) for name, value in part.get("headers", [])]
            added = extra_headers(path, {name.lower() for name, _ in headers})
            replaced = {name for name, _ in added}
            part = {**part, "headers": [(k, v) for k, v in headers if k.lower() not in replaced] + added}
        await send(part)

    return sending


def _secured(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """Streamlit doesn't know that a proxy in front of it speaks TLS, and leaves its own cookies without Secure."""
    plain = name.lower() == b"set-cookie" and b"; secure" not in value.lower()
    return name, value + b"; Secure" if plain else value
