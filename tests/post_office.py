"""A mail server on a real socket, and what it was given."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.browser.conftest import free_port

USER, PASSWORD = "viva", "the-mail-password"


@dataclass
class PostOffice:
    """The letters in the order in which they came; addresses in `refused` get none."""

    port: int
    letters: list[EmailMessage] = field(default_factory=list)
    secured: list[bool] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    async def handle_RCPT(  # noqa: N802 the name that aiosmtpd calls  aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.letters.append(message)
        self.secured.append(session.ssl is not None)
        return "250 OK"


@contextmanager
def running_post_office(certificate: tuple[Path, Path] | None = None) -> Iterator[PostOffice]:
    """An open server; with a certificate it wants STARTTLS first, and then USER's PASSWORD."""
    office = PostOffice(free_port())
    options: dict[str, object] = {}
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        options = {"tls_context": context, "require_starttls": True, "auth_required": True, "authenticator": _knows}
    controller = Controller(office, hostname="127.0.0.1", port=office.port, **options)  # type: ignore[arg-type]
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


def _knows(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: object) -> AuthResult:
    right = isinstance(given, LoginPassword) and (given.login, given.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)
