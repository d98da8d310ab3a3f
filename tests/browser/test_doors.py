"""Ways in that lead nowhere without a sign-in, and what is left of one when it has ended."""

import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from websockets.exceptions import InvalidStatus

from tests.browser.conftest import AppServer
from tests.browser.raw_socket import raw_socket

pytestmark = pytest.mark.browser

OpenContext = Callable[..., BrowserContext]
PAGES = ["Cohorts", "People", "Quality", "Start", "Practise", "Review", "Progress", "Account"]


def test_the_first_page_of_a_fresh_process_is_guarded_even_by_its_own_address(
    open_context: OpenContext, app_server: AppServer
) -> None:
    """First in this file: until Home.py has drawn once, Streamlit alone would run the page's file by itself."""
    app_server.add("ann@example.org")
    page = open_context("ann@example.org").new_page()
    page.goto("/Cohorts")
    expect(page.get_by_text("This page is for programme managers and administrators.")).to_be_visible()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_ten_sockets_from_elsewhere_are_refused_and_delay_nobody(app_server: AppServer) -> None:
    """Streamlit alone would ask an outside address about each origin first, and everybody would wait for that."""

    def knock(number: int) -> int:
        try:
            with raw_socket(app_server.base, None, origin=f"http://{number}.evil.example"):
                return 101
        except InvalidStatus as refused:
            return refused.response.status_code

    with ThreadPoolExecutor(10) as pool:
        knocking = [pool.submit(knock, number) for number in range(10)]
        with urllib.request.urlopen(f"{app_server.base}/readyz", timeout=5) as ready:
            assert ready.status == 200
        assert [done.result() for done in knocking] == [403] * 10


@pytest.mark.parametrize("address", ["/", *(f"/{page}" for page in PAGES), "/Practise?interview=x", "/nonsense"])
def test_every_address_leads_to_the_sign_in_page(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_label("Password")).to_be_visible()
    assert "/login" in page.url


def test_a_forged_cookie_opens_nothing(context: BrowserContext, app_server: AppServer) -> None:
    context.add_cookies([{"name": "viva", "value": "x" * 43, "url": app_server.base}])
    page = context.new_page()
    page.goto("/Progress")
    expect(page.get_by_label("Password")).to_be_visible()


def test_signing_in_leads_to_the_page_that_was_asked_for(page: Page, app_server: AppServer) -> None:
    app_server.add("bea@example.org")
    page.goto("/Progress")
    page.get_by_label("E-mail").fill("bea@example.org")
    page.get_by_label("Password").fill("a sentence to remember")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Progress")).to_be_visible()


def test_signing_out_in_one_tab_ends_the_other_at_its_next_rerun(
    open_context: OpenContext, app_server: AppServer
) -> None:
    app_server.add("cem@example.org")
    context = open_context("cem@example.org")
    token = next(cookie["value"] for cookie in context.cookies() if cookie["name"] == "viva")
    first, second = context.new_page(), context.new_page()
    for page in (first, second):
        page.goto("/Account")
        expect(page.get_by_role("button", name="Sign out", exact=True)).to_be_visible()
    first.get_by_role("button", name="Sign out", exact=True).click()
    expect(first.get_by_text("You are signed out.")).to_be_visible()
    second.get_by_label("Name", exact=True).fill("Somebody Else")
    second.get_by_label("Name", exact=True).press("Enter")
    expect(second.get_by_text("You are signed out.")).to_be_visible()
    person = app_server.people.find_by_email("cem@example.org")
    assert person is not None
    assert person.name == "Cem"
    replayed = open_context()
    replayed.add_cookies([{"name": "viva", "value": token, "url": app_server.base}])
    third = replayed.new_page()
    third.goto("/Account")
    expect(third.get_by_label("Password")).to_be_visible()
