"""Demo mode: sign-in without a password, as sample people, for someone at this very computer."""

import ipaddress

from starlette.datastructures import Headers
from starlette.types import Scope

from core.bootstrap import Services
from core.config import Settings

PROXY_HEADERS = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")


def refuse_unsafe_demo(settings: Settings, address: str | None) -> None:
    """Ends the program with one sentence when demo mode is on and others could reach the server."""
    if settings.demo and not is_loopback(address):
        raise SystemExit(
            "VIVA_DEMO=1 lets anyone in without a password, so it needs --server.address=127.0.0.1; Viva did not start."
        )


def from_this_computer(scope: Scope) -> bool:
    """Whether the request came straight from a browser here: loopback on both ends and no proxy between."""
    headers = Headers(scope=scope)
    client = scope.get("client")
    if client is None or not is_loopback(client[0]) or any(name.startswith("x-forwarded") for name in headers):
        return False
    return is_loopback(_host_name(headers.get("host", ""))) and not any(name in headers for name in PROXY_HEADERS)


def demo_offered(services: Services, scope: Scope) -> bool:
    """Whether this request may sign in as a sample person."""
    return services.settings.demo and from_this_computer(scope) and not services.people.any_real_account()


def is_loopback(host: str | None) -> bool:
    """Whether only this computer can be meant by that name."""
    if host is None:
        return False
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _host_name(host: str) -> str:
    """The name in a Host header, without its port."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]
