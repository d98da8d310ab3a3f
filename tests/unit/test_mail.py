"""Letters with one-time links, over a real socket."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import ValidationError

from core.accounts.links import Purpose
from core.accounts.mail import Letters, Mailer
from core.config import Settings
from core.engines.base import Fault, ServiceError
from tests.authority import Authority
from tests.post_office import PASSWORD, USER, PostOffice, running_post_office


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with running_post_office() as running:
        yield running


@pytest.fixture
def mailer(office: PostOffice) -> Mailer:
    return Mailer("127.0.0.1", office.port, "none", "viva@example.org")


@pytest.fixture
def secured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    """A server that wants TLS and a password, whose authority this machine trusts."""
    authority = Authority("Viva test authority")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.write_bundle(tmp_path / "ca.pem")))
    with running_post_office(authority.write_server(tmp_path, "127.0.0.1")) as running:
        yield running


def secure_mailer(office: PostOffice) -> Mailer:
    return Mailer("127.0.0.1", office.port, "starttls", "viva@example.org", USER, PASSWORD)


@pytest.mark.parametrize(("purpose", "hours"), [(Purpose.INVITATION, "72 hours"), (Purpose.RESET, "2 hours")])
def test_a_letter_brings_the_link_and_says_how_long_it_works(
    office: PostOffice, mailer: Mailer, purpose: Purpose, hours: str
) -> None:
    Letters(mailer, "https://viva.example.org").send_link(purpose, "a-token", "ana@example.org", "Ana Müller")
    (letter,) = office.letters
    assert (letter["From"], letter["To"]) == ("viva@example.org", "ana@example.org")
    assert "Viva" in letter["Subject"]
    text = letter.get_content()
    for part in ("Hello Ana Müller", "https://viva.example.org/invite?token=a-token", hours):
        assert part in text


def test_a_name_adds_no_header(office: PostOffice, mailer: Mailer) -> None:
    Letters(mailer, "https://v.example").send_link(Purpose.RESET, "t", "ana@example.org", "Ana\r\nBcc: eve@example.org")
    assert office.letters[0]["Bcc"] is None


def test_an_encrypted_server_gets_the_password_after_tls(secured: PostOffice) -> None:
    secure_mailer(secured).send("ana@example.org", "Subject", "Text")
    assert secured.secured == [True]


def test_a_server_that_can_t_be_trusted_gets_nothing(
    secured: PostOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(Authority("Another").write_bundle(tmp_path / "other.pem")))
    with pytest.raises(ServiceError, match="certificate can't be trusted, so no e-mail was sent"):
        secure_mailer(secured).send("ana@example.org", "Subject", "Text")
    assert secured.letters == []


def test_a_wrong_password_of_the_mail_server_is_told_without_it(secured: PostOffice) -> None:
    wrong = replace(secure_mailer(secured), password="not-the-password")
    with pytest.raises(ServiceError, match="refused Viva's own sign-in") as refused:
        wrong.send("ana@example.org", "Subject", "Text")
    assert refused.value.kind is Fault.NOT_CONFIGURED
    assert "not-the-password" not in repr(wrong) + str(refused.value)


def test_an_address_that_the_server_refuses_is_told(office: PostOffice, mailer: Mailer) -> None:
    office.refused.add("nobody@example.org")
    with pytest.raises(ServiceError, match="doesn't take mail for this address"):
        mailer.send("nobody@example.org", "Subject", "Text")


def test_a_server_that_isn_t_there_is_told(mailer: Mailer) -> None:
    with pytest.raises(ServiceError, match="can't be reached") as refused:
        replace(mailer, port=1).send("ana@example.org", "Subject", "Text")
    assert refused.value.retryable


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"smtp_host": "mail.example.org"}, "VIVA_PUBLIC_URL and VIVA_SMTP_FROM must be set"),
        ({"public_url": "viva.example.org"}, "VIVA_PUBLIC_URL must be like"),
        ({"public_url": "https://example.org/viva"}, "without a path"),
        ({"smtp_user": "viva", "smtp_security": "none"}, "a password is not sent in the clear"),
    ],
)
def test_settings_that_would_send_nothing_or_too_much_are_refused(settings: dict[str, str], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        Settings(**settings)  # type: ignore[arg-type]
