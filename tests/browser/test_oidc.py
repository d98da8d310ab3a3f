"""Sign-in with an organisation's account, end to end: Viva, an identity provider and Chromium."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from core.accounts.sessions import viewer_from
from core.accounts.sign_in_rules import set_rule
from tests.browser.conftest import AppServer, free_port, running_app
from tests.browser.provider import Provider, running_provider

pytestmark = pytest.mark.browser

SECRET = "a secret of the tests, long enough to sign"
CLIENT_SECRET = "the-client-secret"
USERS = {
    "ana": {"email": "ana@example.org", "email_verified": True, "name": "Ana"},
    "new": {"email": "new@school.example.org", "email_verified": True, "name": "<b>New</b>"},
    "stranger": {"email": "who@elsewhere.net", "email_verified": True},
    "unverified": {"email": "ben@example.org", "email_verified": False},
    "nameless": {},
}


@dataclass
class School:
    """The identity provider, and the Viva that trusts it."""

    provider: Provider
    viva: AppServer


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    folder, port = tmp_path_factory.mktemp("oidc"), free_port()
    with running_provider(folder, USERS) as provider:
        known = {"client_id": "viva", "client_secret": CLIENT_SECRET}
        auth = {
            "redirect_uri": f"http://127.0.0.1:{port}/oauth2callback",
            "cookie_secret": SECRET,
            "school": {**known, "server_metadata_url": provider.metadata_url, "title": "Example School"},
            "broken": {**known, "server_metadata_url": "http://127.0.0.1:9/nothing-here"},
        }
        settings = {"VIVA_AUTH": json.dumps(auth), "STREAMLIT_SERVER_COOKIE_SECRET": SECRET}
        with running_app(folder / "viva", port=port, **settings) as viva:
            boss = viva.people.add("boss@example.net", "Boss", "admin")
            viva.add("ana@example.org", "manager")
            viva.add("ben@example.org")
            blue = viva.people.ensure_cohort(None, "Blue")
            set_rule(viva.people, viewer_from(boss), "school.example.org", blue.id)
            yield School(provider, viva)


@pytest.fixture
def context(browser: Browser, school: School) -> Iterator[BrowserContext]:
    made = browser.new_context(base_url=school.viva.base)
    made.set_default_timeout(30_000)
    yield made
    made.close()


def come_as(page: Page, sub: str, to: str = "/login") -> None:
    """Through the sign-in page and the provider's, as that user."""
    page.goto(to)
    page.get_by_role("link", name="Continue with Example School").click()
    page.get_by_role("button", name=sub, exact=True).click()


def signed_in(page: Page) -> bool:
    page.get_by_role("button", name="Sign out").wait_for()
    return True


def test_somebody_on_the_roster_comes_in_with_their_role(page: Page) -> None:
    come_as(page, "ana", "/login?next=/People")
    assert signed_in(page)
    page.get_by_role("heading", name="People").wait_for()
    page.reload()
    assert signed_in(page)


def test_a_stranger_at_the_school_becomes_a_learner_in_its_cohort(page: Page, school: School) -> None:
    come_as(page, "new")
    assert signed_in(page)
    page.get_by_text("<b>New</b>").first.wait_for()
    found = school.viva.people.find_by_email("new@school.example.org")
    assert found is not None
    assert (found.role, found.issuer, found.subject) == ("learner", school.provider.issuer, "new")


@pytest.mark.parametrize(
    ("sub", "sentence"),
    [
        ("stranger", "who@elsewhere.net has no account in Viva"),
        ("unverified", "doesn't say that the e-mail address is really yours"),
        ("nameless", "has no e-mail address by which Viva could know you"),
    ],
)
def test_who_isn_t_let_in_is_told_why(page: Page, sub: str, sentence: str) -> None:
    come_as(page, sub)
    assert sentence in page.get_by_role("alert").inner_text()
    page.goto("/")
    page.get_by_role("heading", name="Sign in").wait_for()


def test_a_changed_address_is_the_same_person(page: Page, context: BrowserContext, school: School) -> None:
    come_as(page, "new")
    assert signed_in(page)
    before = school.viva.people.find_by_email("new@school.example.org")
    context.clear_cookies()
    school.provider.change("new", email="renamed@school.example.org", email_verified=True)
    come_as(page, "new")
    assert signed_in(page)
    after = school.viva.people.find_by_email("renamed@school.example.org")
    assert before is not None
    assert after is not None
    assert before.id == after.id
    school.provider.change("new", email="new@school.example.org", email_verified=True)
    context.clear_cookies()
    come_as(page, "new")
    assert signed_in(page)


def test_signing_out_ends_it_for_every_copy_of_the_cookies(
    page: Page, context: BrowserContext, browser: Browser, school: School
) -> None:
    come_as(page, "ana")
    assert signed_in(page)
    stolen = context.cookies()
    assert {cookie["name"] for cookie in stolen} <= {"viva", "viva_csrf", "_streamlit_xsrf"}  # none of the provider's
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign in").wait_for()
    thief = browser.new_context(base_url=school.viva.base)
    thief.add_cookies(stolen)  # type: ignore[arg-type]
    other = thief.new_page()
    other.goto("/")
    other.get_by_role("heading", name="Sign in").wait_for()
    thief.close()


def test_the_way_back_works_once_and_in_the_browser_that_left(
    page: Page, context: BrowserContext, browser: Browser, school: School
) -> None:
    back: list[str] = []
    page.on("request", lambda request: back.append(request.url) if "/oauth2callback?" in request.url else None)
    come_as(page, "ana")
    assert signed_in(page)
    context.clear_cookies(name="viva")
    page.goto(back[0])
    assert "took too long or was used before" in page.get_by_role("alert").inner_text()
    thief = browser.new_context(base_url=school.viva.base)
    other = thief.new_page()
    other.goto(back[0])
    assert "took too long or was used before" in other.get_by_role("alert").inner_text()
    thief.close()


def test_whoever_changes_their_mind_is_back_at_the_sign_in_page(page: Page) -> None:
    page.goto("/login")
    page.get_by_role("link", name="Continue with Example School").click()
    page.get_by_role("button", name="Deny").click()
    assert "You didn't sign in there" in page.get_by_role("alert").inner_text()


def test_a_provider_that_can_t_be_reached_is_told(page: Page) -> None:
    page.goto("/login")
    page.get_by_role("link", name="Continue with Broken").click()
    assert "couldn't sign you in with Broken" in page.get_by_role("alert").inner_text()


def test_a_provider_that_nobody_set_up_is_not_found(school: School) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404") as refused:
        urllib.request.urlopen(f"{school.viva.base}/auth/login?provider=evil")
    refused.value.close()


def test_no_other_site_is_opened_after_signing_in(page: Page, school: School) -> None:
    come_as(page, "ana", "/login?next=https://evil.example/")
    assert signed_in(page)
    assert page.url.startswith(school.viva.base)


def test_no_secret_is_in_the_log(page: Page, school: School) -> None:
    for sub in ("ana", "stranger"):
        come_as(page, sub)
        page.wait_for_load_state()
        page.context.clear_cookies()
    for secret in (SECRET, CLIENT_SECRET, "code=", "id_token"):
        assert secret not in school.viva.printed
