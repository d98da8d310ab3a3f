"""The start of the server: refused in one sentence where it would be unsafe, and the first administrator's link."""

import re
from typing import Any

import pytest
from streamlit import config

from core.accounts.links import Purpose
from tests.web.conftest import OpenSite, Site
from ui.web import launch

SECRET = "a secret of more than thirty-two characters"


@pytest.fixture
def options(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Streamlit's options for the test; whatever stands here counts as set by hand."""
    given: dict[str, Any] = {"server.address": "127.0.0.1", "server.port": 8501, "server.baseUrlPath": ""}
    monkeypatch.setattr(config, "get_option", lambda name: given.get(name))
    monkeypatch.setattr(config, "is_manually_set", lambda name: name in given)
    for name in ("VIVA_DEMO", "VIVA_SECURE_COOKIES", "VIVA_PUBLIC_URL", "VIVA_WORKERS"):
        monkeypatch.delenv(name, raising=False)
    return given


def refused() -> str:
    with pytest.raises(SystemExit) as left:
        launch.check_settings()
    assert isinstance(left.value.code, str)
    return left.value.code


def test_on_this_computer_it_starts(options: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    launch.check_settings()
    monkeypatch.setenv("VIVA_DEMO", "1")
    launch.check_settings()


@pytest.mark.parametrize("address", ["0.0.0.0", "192.168.1.5", "viva.example.org", None])  # noqa: S104 compared, not bound
def test_demo_mode_for_others_is_refused(
    options: dict[str, Any], monkeypatch: pytest.MonkeyPatch, address: str | None
) -> None:
    monkeypatch.setenv("VIVA_DEMO", "1")
    options.update({"server.address": address, "server.cookieSecret": SECRET})
    assert "did not start" in refused()


@pytest.mark.parametrize(("secret", "starts"), [(None, False), ("short", False), (SECRET, True)])
def test_a_server_for_others_needs_a_secret_of_its_own(
    options: dict[str, Any], secret: str | None, starts: bool
) -> None:
    options["server.address"] = "0.0.0.0"  # noqa: S104 compared, not bound
    if secret is not None:
        options["server.cookieSecret"] = secret
    if starts:
        launch.check_settings()
    else:
        assert "cookie" in refused().lower()


def test_behind_a_proxy_it_is_a_server_for_others(options: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIVA_SECURE_COOKIES", "1")
    assert "cookie" in refused().lower()


def test_it_needs_a_host_name_of_its_own(options: dict[str, Any]) -> None:
    options["server.baseUrlPath"] = "viva"
    assert "baseUrlPath" in refused()


def test_a_setting_that_can_not_be_used_is_named(options: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIVA_WORKERS", "many")
    sentence = refused()
    assert "workers" in sentence.lower()
    assert "did not start" in sentence


def printed_token(capsys: pytest.CaptureFixture[str]) -> str | None:
    found = re.search(r"/setup\?token=(\S+)", capsys.readouterr().out)
    return found[1] if found else None


def test_the_link_that_is_printed_at_the_first_start_works(
    options: dict[str, Any], open_site: OpenSite, capsys: pytest.CaptureFixture[str]
) -> None:
    site = open_site()
    launch._offer_set_up(site.services)
    token = printed_token(capsys)
    assert token is not None
    link = site.services.links.find(token)
    assert link is not None
    assert link.purpose is Purpose.SETUP
    assert site.browser().get(f"/setup?token={token}").status_code == 200


def test_once_somebody_has_an_account_no_link_is_printed(
    options: dict[str, Any], site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    launch._offer_set_up(site.services)
    assert printed_token(capsys) is None


@pytest.mark.parametrize(
    ("given", "base"),
    [
        ({}, "http://127.0.0.1:8501"),
        ({"server.address": "0.0.0.0"}, "http://localhost:8501"),  # noqa: S104 compared, not bound
        ({"server.address": None}, "http://localhost:8501"),
        ({"server.address": "::1"}, "http://[::1]:8501"),
        ({"browser.serverAddress": "viva.example.org"}, "http://viva.example.org:8501"),
        ({"server.sslCertFile": "cert.pem"}, "https://127.0.0.1:8501"),
    ],
)
def test_the_link_leads_to_where_the_server_is(options: dict[str, Any], given: dict[str, Any], base: str) -> None:
    options.update(given)
    assert launch._base_url() == base
