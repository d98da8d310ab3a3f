"""Sign-in with an organisation's account, by OpenID Connect: the way out to the provider, and the way back.

The configuration is that of st.login, but not its cookie, which lives for 30 days, carries the provider's tokens and still
works after signing out. Here the provider is asked who it is, and the sign-in is one of our own.
"""

import logging
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from core.accounts.identities import Identity
from core.accounts.providers import Auth, Provider
from core.config import Settings
from ui.web.forms import local_path, message

_NEXT = "viva_next"
_log = logging.getLogger(__name__)


class DeclinedError(Exception):
    """Nobody came back with an identity; the message is for whoever tried."""


def choices(settings: Settings, target: str) -> list[dict[str, str]]:
    """The providers for the sign-in page: what each is called, and the link that leads to it."""
    if settings.auth is None:
        return []
    start = f"{settings.auth.origin}/auth/login"
    titles = settings.auth.titles()
    return [
        {"title": titles[name], "href": f"{start}?{urlencode({'provider': name, 'next': target})}"} for name in titles
    ]


async def leave(request: Request, settings: Settings) -> Response:
    """The way to the provider named in the query, with a state, a nonce and a proof key that the way back must match."""
    auth, name = settings.auth, request.query_params.get("provider", "")
    if auth is None or name not in auth.providers:
        return message("Not found", "Viva has no such way to sign in.", 404)
    request.session.clear()
    request.session[_NEXT] = local_path(request.query_params.get("next", "/"))
    try:
        answer: Response = await _client(auth, name).authorize_redirect(request, auth.redirect_uri)
    except _faults() as error:
        raise _declined(auth, name, error) from None
    answer.headers["Cache-Control"] = "no-store"
    return answer


async def come_back(request: Request, settings: Settings) -> tuple[Identity, str]:
    """Who the provider says has come, and the page they wanted; DeclinedError when it doesn't say."""
    auth = settings.auth
    name = _provider_of(request) if auth else None
    if request.query_params.get("error") == "access_denied":  # which some send without the state
        raise DeclinedError("You didn't sign in there; try again, or use another way.")
    if auth is None or name is None or name not in auth.providers:
        raise DeclinedError("That sign-in took too long or was used before; please try again.")
    target = local_path(str(request.session.pop(_NEXT, "/")))
    try:
        token = await _client(auth, name).authorize_access_token(request)
    except _faults() as error:
        raise _declined(auth, name, error) from None
    finally:
        request.session.clear()
    return _identity(dict(token.get("userinfo") or {}), auth.providers[name]), target


def _client(auth: Auth, name: str) -> Any:
    from authlib.integrations.starlette_client import OAuth  # slow to import, and only some servers need it

    provider = auth.providers[name]
    # A proof key for providers that know it; the others ignore it.
    asked = {"scope": "openid email profile", "prompt": "select_account", "code_challenge_method": "S256"}
    registry = OAuth()
    registry.register(
        name,
        client_id=provider.client_id,
        client_secret=provider.client_secret.get_secret_value(),
        server_metadata_url=provider.server_metadata_url,
        client_kwargs={**asked, **provider.client_kwargs, "timeout": 10},
    )
    return registry.create_client(name)


def _identity(claims: dict[str, Any], provider: Provider) -> Identity:
    verified = claims.get("email_verified") in (True, "true")
    email = claims.get("email") or (claims.get("preferred_username") if provider.trust_email else None)
    name = claims.get("name")
    return Identity(
        issuer=str(claims.get("iss") or ""),
        subject=str(claims.get("sub") or ""),
        email=email if isinstance(email, str) else None,
        verified=verified or provider.trust_email,
        name=name if isinstance(name, str) else None,
    )


def _provider_of(request: Request) -> str | None:
    """The provider that this browser was sent to with that state, which the way back alone doesn't tell."""
    state = request.query_params.get("state", "")
    keys = (key.split("_", 3) for key in request.session if key.startswith("_state_"))  # Authlib's form
    return next((key[2] for key in keys if len(key) == 4 and key[3] == state), None)


def _faults() -> tuple[type[Exception], ...]:
    """What a provider that can't be reached, refuses or answers nonsense makes of a sign-in."""
    import httpx2
    from authlib.common.errors import AuthlibBaseError
    from joserfc.errors import JoseError

    return (httpx2.HTTPError, AuthlibBaseError, JoseError, ValueError, TypeError, KeyError, RuntimeError)


def _declined(auth: Auth, name: str, error: Exception) -> DeclinedError:
    code = str(getattr(error, "error", "") or "")
    _log.warning("sign-in with %s failed: %s %r", name, type(error).__name__, code[:40])  # no more: it may hold a code
    title = auth.titles()[name]
    return DeclinedError(f"Viva couldn't sign you in with {title}; please try again, or tell whoever runs Viva.")
