"""E-mail by SMTP, and the letters that bring people a one-time link."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid
from typing import Literal

from core.accounts.links import LASTS, Purpose
from core.engines.base import Fault, ServiceError

Security = Literal["starttls", "tls", "none"]
PATIENCE = 10.0
"""Seconds to wait for the mail server at each step."""


@dataclass(frozen=True, slots=True)
class Mailer:
    """A mail server; what it can't do is a ServiceError with one sentence."""

    host: str
    port: int
    security: Security
    sender: str
    user: str = ""
    password: str = ""

    def send(self, to: str, subject: str, text: str) -> None:
        """Hands one message to the server."""
        message = EmailMessage(policy=SMTP)
        message["From"], message["To"], message["Subject"] = self.sender, to, subject
        message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=self.sender.rpartition("@")[2])
        message.set_content(text)
        with _told(), self._connection() as server:
            if self.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self.password)
            server.send_message(message)

    def __repr__(self) -> str:
        return f"Mailer({self.host}:{self.port})"  # the password stays out of logs and tracebacks

    def _connection(self) -> smtplib.SMTP:
        if self.security == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=PATIENCE, context=ssl.create_default_context())
        return smtplib.SMTP(self.host, self.port, timeout=PATIENCE)


@dataclass(frozen=True, slots=True)
class Letters:
    """What Viva writes to people; `address` is where its pages are, never taken from a request."""

    mailer: Mailer
    address: str

    def send_link(self, purpose: Purpose, token: str, email: str, name: str) -> None:
        """The letter with a one-time link; raises ServiceError when it could not be handed over."""
        hours = LASTS[purpose].total_seconds() / 3600
        subject, why = _WORDS[purpose]
        self.mailer.send(
            email,
            subject,
            f"Hello {name},\n\n{why}\n\n{self.address}/invite?token={token}\n\n"
            f"The link works once, within {hours:.0f} hours.\n",
        )


_WORDS = {
    Purpose.INVITATION: (
        "Your invitation to Viva",
        "you are invited to practise job interviews with Viva. Open this link to choose a password and begin:",
    ),
    Purpose.RESET: (
        "A new password for Viva",
        "open this link to choose a new password for Viva. If nobody meant to send you one, leave it: your old password stays.",
    ),
}


@contextmanager
def _told() -> Iterator[None]:
    """Every fault of sending as one sentence; the server's own words may quote addresses and stay out of it."""
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        raise _refusal("The mail server refused Viva's own sign-in") from error
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPNotSupportedError) as error:
        raise _refusal("The mail server doesn't take mail for this address", Fault.REFUSED) from error
    except ssl.SSLError as error:
        raise _refusal("The mail server's certificate can't be trusted") from error
    except (smtplib.SMTPException, OSError) as error:
        raise _refusal("The mail server can't be reached at the moment", Fault.UNREACHABLE) from error


def _refusal(reason: str, kind: Fault = Fault.NOT_CONFIGURED) -> ServiceError:
    return ServiceError(kind, f"{reason}, so no e-mail was sent.", retryable=kind is Fault.UNREACHABLE)
