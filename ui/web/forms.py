"""The pages that are drawn before anyone is signed in, and what protects their forms."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from core.accounts.sessions import ABSOLUTE
from core.config import Settings
from ui.marks import STYLE

TEMPLATES = Path(__file__).parent / "templates"
LARGEST_FORM = 16_384
CSRF_COOKIE = "viva_csrf"
CSRF_LENGTH = 43


@dataclass(frozen=True, slots=True)
class Form:
    """What stands in a form, and what is wrong with it: `wrong` names the field, `error` is the sentence beside it."""

    values: Mapping[str, str] = field(default_factory=dict)
    wrong: str = ""
    error: str = ""


@cache
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True)


@cache
def _style() -> str:
    return (TEMPLATES / "style.css").read_text("utf-8") + STYLE


@cache
def _policy() -> str:
    """These pages run no script and load nothing but their icon; the one style sheet is named by its hash."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    )


def page(request: Request, settings: Settings, template: str, status: int = 200, **values: Any) -> Response:
    """One of the templates, with a form token that a cookie vouches for."""
    csrf = request.cookies.get(CSRF_COOKIE, "")
    if len(csrf) != CSRF_LENGTH:  # kept where there is one, or a second tab would break the first one's form
        csrf = secrets.token_urlsafe(32)
    text = _templates().get_template(template).render(style=Markup(_style()), csrf=csrf, **values)  # noqa: S704 our own file
    response = HTMLResponse(text, status, headers=_headers())
    response.set_cookie(
        CSRF_COOKIE, csrf, max_age=7200, httponly=True, samesite="strict", secure=settings.secure_cookies
    )
    return response


def message(title: str, sentence: str, status: int) -> Response:
    """A page that says one sentence."""
    return reading("message.html", status, title=title, sentence=sentence)


def reading(template: str, status: int = 200, **values: Any) -> Response:
    """One of the templates, to be read only: it has no form, and sets no cookie."""
    text = _templates().get_template(template).render(style=Markup(_style()), **values)  # noqa: S704 our own file
    return HTMLResponse(text, status, headers=_headers())


def signed_in(settings: Settings, token: str, target: str) -> Response:
    """The way into the app, with the cookie of a new sign-in."""
    response = RedirectResponse(local_path(target), 303, headers={"Cache-Control": "no-store"})
    response.set_cookie(
        cookie_name(settings),
        token,
        max_age=int(ABSOLUTE.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=settings.secure_cookies,
    )
    return response


def cookie_name(settings: Settings) -> str:
    """Behind TLS a name that browsers accept only from this host, and only as a secure cookie."""
    return "__Host-viva" if settings.secure_cookies else "viva"


async def read_form(request: Request, settings: Settings) -> dict[str, str]:
    """The fields of a form that one of our own pages sent; HTTPException for any other."""
    if not is_same_origin(request, settings):
        raise HTTPException(403)
    length = request.headers.get("content-length", "")
    if not length.isascii() or not length.isdigit() or int(length) > LARGEST_FORM:
        raise HTTPException(413)
    if request.headers.get("content-type", "").partition(";")[0] != "application/x-www-form-urlencoded":
        raise HTTPException(415)
    try:
        text = (await request.body()).decode("ascii")
        fields = {name: values[-1] for name, values in parse_qs(text, max_num_fields=20, errors="replace").items()}
    except ValueError:  # not ASCII, or too many fields
        raise HTTPException(400) from None
    expected = request.cookies.get(CSRF_COOKIE, "")
    given = fields.pop("csrf", "")
    fields["genuine"] = "yes" if expected and hmac.compare_digest(given.encode(), expected.encode()) else ""
    return fields


def is_same_origin(request: Request, settings: Settings) -> bool:
    """Whether a browser says that one of our own pages sent this; without a word from it the form token decides."""
    origin = request.headers.get("origin")
    if origin is not None:
        return origin_allowed(origin, request.headers.get("host"), settings)
    return request.headers.get("sec-fetch-site") in (None, "same-origin", "none")


def origin_allowed(origin: str, host: str | None, settings: Settings) -> bool:
    """Whether the origin is this server, or one of VIVA_ALLOWED_ORIGINS."""
    return origin in settings.allowed_origins or (bool(host) and urlsplit(origin).netloc == host)


def local_path(target: str) -> str:
    """The target if it is a page of this server, else the home page: nobody is sent elsewhere after signing in."""
    strange = "\\" in target or not target.isprintable() or not target.isascii() or len(target) > 2000
    if strange or not target.startswith("/") or target.startswith("//"):
        return "/"
    path = urlsplit(target).path
    ours = ("/login", "/auth/", "/oauth2callback", "/setup", "/invite", "/forgotten", "/demo", "/shared", "/readyz")
    return "/" if path.startswith((*ours, "/_stcore")) else target


def _headers() -> dict[str, str]:
    # Under "no-referrer" browsers send "Origin: null" with a form.
    return {"Cache-Control": "no-store", "Content-Security-Policy": _policy(), "Referrer-Policy": "same-origin"}
