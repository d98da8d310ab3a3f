"""The pages before the app: sign in and out, set up, accept an invitation, look around, and whether Viva is ready."""

import asyncio
import logging
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from core.accounts.links import DEAD, Purpose
from core.accounts.manage import mail_forgotten
from core.accounts.permissions import Role
from core.bootstrap import Services
from core.engines.base import ServiceError
from ui.services import services
from ui.web import oidc
from ui.web.demo import demo_offered
from ui.web.forms import Form, cookie_name, is_same_origin, local_path, message, page, read_form, signed_in
from ui.web.shared import no_shared_report, shared_report

T = TypeVar("T")
log = logging.getLogger(__name__)

STALE = "This page was open for too long; please try again."
WRONG = "The e-mail or the password isn't right."
SENT = "If that address has an account with a password here, a link to a new one is on its way. It works for two hours."
WAIT = "Too many attempts from here: wait a quarter of an hour, or ask for a link to a new password."

_threads = CapacityLimiter(8)  # of their own, so that a flood of sign-ins leaves the threads that serve files alone
_loading = threading.Lock()


async def _do(work: Callable[..., T], *arguments: Any) -> T:
    return await to_thread.run_sync(lambda: work(*arguments), limiter=_threads)


async def sign_in(request: Request) -> Response:
    """The form, and what becomes of it."""
    s = services()
    if request.method != "POST":
        target = local_path(request.query_params.get("next", "/"))
        ticket = await _do(s.sessions.by_token, _token(request, s))
        if ticket and ticket.viewer and not ticket.viewer.is_sample:
            return RedirectResponse(target, 303)
        notice = "You are signed out." if "signed_out" in request.query_params else ""
        return await _sign_in_page(request, s, Form(), target, notice=notice)
    fields = await read_form(request, s.settings)
    email, password = fields.get("email", ""), fields.get("password", "")
    target = local_path(fields.get("next", "/"))
    form = {"email": email[:254]}
    if not fields["genuine"]:
        return await _sign_in_page(request, s, Form(form, "", STALE), target, 403)
    address = request.client.host if request.client else ""
    attempt = await _do(s.throttle.begin, email, address)
    if attempt.refused:
        return await _sign_in_page(request, s, Form(form, "password", WAIT), target, 429)
    await asyncio.sleep(attempt.delay)
    person = await _do(s.people.authenticate, email, password)
    if person is None:
        return await _sign_in_page(request, s, Form(form, "password", WRONG), target, 401)
    await _do(s.throttle.succeeded, attempt, email, address)
    return await _enter(request, s, person.id, target)


async def sign_out(request: Request) -> Response:
    """Ends the sign-in; it takes Streamlit's own address, so that st.logout() comes here."""
    s = services()
    if not is_same_origin(request, s.settings):
        return message("Not signed out", "Another site asked for this; sign out from within Viva.", 403)
    if token := _token(request, s):
        await _do(s.sessions.close, token)
    response = RedirectResponse("/login?signed_out=1", 303, headers={"Cache-Control": "no-store"})
    response.delete_cookie(cookie_name(s.settings), secure=s.settings.secure_cookies, httponly=True, samesite="lax")
    return response


async def leave_for_provider(request: Request) -> Response:
    """Off to an organisation's own sign-in; it takes the address of st.login."""
    s = services()
    try:
        return await oidc.leave(request, s.settings)
    except oidc.DeclinedError as error:
        return await _sign_in_page(request, s, Form({}, "", str(error)), "/", 502)


async def come_back(request: Request) -> Response:
    """Back from there, with an identity that belongs to somebody here, or with the reason why not."""
    s = services()
    if s.settings.auth is None:
        raise HTTPException(404)
    try:
        identity, target = await oidc.come_back(request, s.settings)
        person_id = await _do(s.identities.admit, identity)
    except (oidc.DeclinedError, ValueError) as error:
        return await _sign_in_page(request, s, Form({}, "", str(error)), "/", 403)
    return await _enter(request, s, person_id, target)


async def set_up(request: Request) -> Response:
    """The first administrator's account, by the link that was printed at the first start."""
    s = services()
    if request.method != "POST":
        token = request.query_params.get("token", "")
        link = await _do(s.links.find, token)
        if link is None or link.purpose is not Purpose.SETUP:
            return _dead()
        return page(request, s.settings, "set_up.html", title="Set up", token=token, form=Form())
    fields = await read_form(request, s.settings)
    token, given = fields.get("token", ""), {"name": fields.get("name", ""), "email": fields.get("email", "")}
    try:
        _expect_genuine(fields)
        person_id = await _do(s.links.set_up, token, given["email"], given["name"], fields.get("password", ""))
    except ValueError as error:
        if str(error) == DEAD:
            return _dead()
        form = Form(given, _field_of(str(error)), str(error))
        return page(request, s.settings, "set_up.html", 400, title="Set up", token=token, form=form)
    return await _enter(request, s, person_id, "/")


async def choose_password(request: Request) -> Response:
    """A password for someone who was invited, or a new one, by a one-time link."""
    s = services()
    fields = await read_form(request, s.settings) if request.method == "POST" else dict(request.query_params)
    token, form, status = fields.get("token", ""), Form(), 200
    link = await _do(s.links.find, token)
    if link is None or link.purpose is Purpose.SETUP:
        return _dead()
    if request.method == "POST":
        try:
            _expect_genuine(fields)
            return await _enter(request, s, await _do(s.links.choose_password, token, fields.get("password", "")), "/")
        except ValueError as error:
            if str(error) == DEAD:
                return _dead()
            form, status = Form({}, _field_of(str(error)), str(error)), 400
    invited = link.purpose is Purpose.INVITATION
    values = {"title": "Choose a password", "token": token, "email": link.email, "name": link.name, "invited": invited}
    return page(request, s.settings, "choose_password.html", status, form=form, **values)


async def forgotten(request: Request) -> Response:
    """A link to a new password by e-mail; the answer is the same, and as quick, for an address that nobody has."""
    s = services()
    if s.letters is None:
        raise HTTPException(404)
    form, status = Form(), 200
    if request.method == "POST":
        fields = await read_form(request, s.settings)
        email = fields.get("email", "")[:254]
        address = request.client.host if request.client else ""
        attempt = await _do(s.throttle.begin, f"forgotten {email}", address)
        if fields["genuine"] and not attempt.refused:
            answer = message("Look into your mailbox", SENT, 200)
            if not attempt.delay:  # else the same address is asked for from many places
                answer.background = BackgroundTask(_mail_forgotten, s, email)
            return answer
        form = Form({"email": email}, "email", WAIT if attempt.refused else STALE)
        status = 429 if attempt.refused else 403
    return page(request, s.settings, "forgotten.html", status, title="Forgotten password", form=form)


async def demo(request: Request) -> Response:
    """Signs in as a sample person, where demo mode allows it."""
    s = services()
    fields = await read_form(request, s.settings)
    if not await _do(demo_offered, s, request.scope):
        raise HTTPException(404)
    if not fields["genuine"] or fields.get("role") not in list(Role):
        return await _sign_in_page(request, s, Form({}, "", STALE), "/", 403)
    person_id = await _do(_sample_person, s, Role(fields["role"]))
    return await _enter(request, s, person_id, "/")


async def read_shared(request: Request) -> Response:
    """One interview's report, for whoever has a link to it; HEAD opens nothing."""
    s = services()
    token = request.query_params.get("token", "") if request.method == "GET" else ""
    found = await _do(s.share_links.open, token)
    return shared_report(*found) if found else no_shared_report()


async def ready(request: Request) -> Response:
    """200 when the database answers, else 503: what a load balancer asks."""
    try:
        await _do(services().database.ready)
    except ServiceError as error:
        return JSONResponse({"status": "unavailable", "reason": error.sentence}, 503)
    return JSONResponse({"status": "ready"})


def guarded(endpoint: Callable[[Request], Any]) -> Callable[[Request], Any]:
    """The endpoint, with every refusal and failure as a page with one sentence."""

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)  # type: ignore[no-any-return]
        except ServiceError as error:
            return message("Viva can't answer", error.sentence, 503)
        except HTTPException as error:
            return message("That didn't work", "Please go back and try again from Viva's own page.", error.status_code)

    return answer


def routes() -> list[Route]:
    """All routes of these pages."""
    both = ["GET", "POST"]
    return [
        Route("/login", guarded(sign_in), methods=both),
        Route("/auth/login", guarded(leave_for_provider), methods=["GET"]),
        Route("/oauth2callback", guarded(come_back), methods=["GET"]),
        Route("/auth/logout", guarded(sign_out), methods=["GET"]),
        Route("/setup", guarded(set_up), methods=both),
        Route("/invite", guarded(choose_password), methods=both),
        Route("/forgotten", guarded(forgotten), methods=both),
        Route("/demo", guarded(demo), methods=["POST"]),
        Route("/shared", guarded(read_shared), methods=["GET"]),
        Route("/readyz", ready, methods=["GET"]),
    ]


async def _sign_in_page(
    request: Request, s: Services, form: Form, target: str, status: int = 200, notice: str = ""
) -> Response:
    offered = await _do(demo_offered, s, request.scope)
    first_start = not await _do(s.people.any_real_account)
    values = {"next": target, "notice": notice, "demo": offered, "first_start": first_start}
    values |= {"providers": oidc.choices(s.settings, target), "letters": s.letters is not None}
    return page(request, s.settings, "sign_in.html", status, title="Sign in", form=form, **values)


async def _enter(request: Request, s: Services, person_id: int, target: str) -> Response:
    def enter() -> str:
        return s.sessions.open(person_id, replacing=_token(request, s))

    return signed_in(s.settings, await _do(enter), target)


def _mail_forgotten(s: Services, email: str) -> None:
    if s.letters is None:
        return
    try:
        mail_forgotten(s.people, s.links, s.letters, email)
    except ServiceError as error:
        log.warning("a link to a new password could not be sent: %s", error.sentence)


def _sample_person(s: Services, role: Role) -> int:
    """The sample person of that role; the sample programme is loaded when nobody has yet."""
    from core.sample import SAMPLE_ADMIN_EMAIL, SAMPLE_LEARNER_EMAIL, SAMPLE_MANAGER_EMAIL, load_sample

    emails = {Role.LEARNER: SAMPLE_LEARNER_EMAIL, Role.MANAGER: SAMPLE_MANAGER_EMAIL, Role.ADMIN: SAMPLE_ADMIN_EMAIL}
    with _loading:
        person = s.people.find_by_email(emails[role])
        if person is None:
            load_sample(s.database, s.domains.catalogue(), now=s.now())
            person = s.people.find_by_email(emails[role])
    if person is None:
        raise RuntimeError(f"the sample programme has no {role}")
    return person.id


def _token(request: Request, s: Services) -> str | None:
    return request.cookies.get(cookie_name(s.settings))


def _expect_genuine(fields: dict[str, str]) -> None:
    if not fields["genuine"]:
        raise ValueError(STALE)


def _field_of(sentence: str) -> str:
    """The field that a refusal is about, by the word that it uses."""
    for word, name in (("password", "password"), ("e-mail", "email"), ("account", "email"), ("name", "name")):
        if word in sentence:
            return name
    return ""


def _dead() -> Response:
    return message("This link doesn't work", DEAD, 410)
