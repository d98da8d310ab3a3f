"""What only a browser shows of the page of prompts: a run that ends by itself, and a choice that stays."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import AppServer

pytestmark = pytest.mark.browser

OpenContext = Callable[..., BrowserContext]


@pytest.fixture
def page(open_context: OpenContext, app_server: AppServer, request: pytest.FixtureRequest) -> Page:
    """The page, opened by an administrator, with the domain Law chosen."""
    email = f"{request.node.name.replace('_', '-')[:50]}@example.org"
    app_server.add(email, "admin")
    opened = open_context(email).new_page()
    opened.goto("/Prompts")
    choose(opened, "Prompt or domain", "Domain: law")
    return opened


def box(page: Page, name: str) -> Locator:
    return page.get_by_role("combobox", name=name)


def choose(page: Page, name: str, option: str) -> None:
    box(page, name).click()
    page.get_by_role("option", name=option).first.click()


def test_a_run_of_the_bench_shows_its_scores_when_it_is_done(page: Page) -> None:
    page.get_by_text("Rubric bench", exact=True).click()
    page.get_by_role("button", name="Run the rubric bench").click()
    expect(page.get_by_text("All bounds are kept.")).to_be_visible()


def test_a_draft_that_is_put_to_use_stays_chosen(page: Page) -> None:
    text = page.get_by_role("textbox", name="Text", exact=True)
    expect(text).to_have_value(re.compile(r"^  - id: contract-consideration"))
    text.fill(text.input_value().replace("What is consideration in a contract", "What is consideration in contracts"))
    page.get_by_role("button", name="Save as a draft").click()
    expect(page.get_by_text("Draft, not in use")).to_be_visible()
    page.get_by_text("Put to use", exact=True).click()
    page.get_by_role("button", name="Put version 1 to use").click()
    expect(page.get_by_text("Version 1 is in use now.")).to_be_visible()
    page.get_by_text("Edit", exact=True).click()
    expect(text).to_have_value(re.compile(r"^  - id: contract-consideration"))
    expect(page.get_by_text("put to use just now")).to_be_visible()
    expect(box(page, "Version")).to_have_value("Version 1")
