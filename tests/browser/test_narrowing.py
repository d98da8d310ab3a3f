"""Choosing in a chart of a cohort: a click narrows the page, and a second one lets go of what was chosen."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import AppServer, running_app

pytestmark = pytest.mark.browser

POINTS = "svg .mark-symbol path"
MARKS = f"{POINTS}, svg .mark-rect path"


@pytest.fixture(scope="module")
def app_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """A server with the sample programme."""
    with running_app(tmp_path_factory.mktemp("app"), VIVA_DEMO="1") as server:
        yield server


@pytest.fixture
def manager(open_context: Callable[..., BrowserContext]) -> Page:
    """A tab of the sample programme's manager."""
    page = open_context().new_page()
    page.goto("/login")
    page.get_by_role("button", name="As a programme manager").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_attached()
    return page


def test_a_click_on_a_cohort_among_all_of_them_opens_it(manager: Page) -> None:
    manager.goto("/Cohorts?view=All+cohorts")
    marks = manager.get_by_test_id("stVegaLiteChart").locator(POINTS)
    expect(marks).to_have_count(3)
    opened = set()
    for number in range(3):
        manager.goto("/Cohorts?view=All+cohorts")
        marks.nth(number).click(force=True)
        expect(manager.get_by_text("Invited", exact=True)).to_be_visible()
        opened.add(manager.get_by_role("combobox", name="Cohort").input_value())
    assert len(opened) == 3


def test_a_learner_who_is_opened_without_names_stays_without_one(manager: Page) -> None:
    manager.goto("/Cohorts?view=Learners")
    table = manager.get_by_test_id("stDataFrame")
    expect(table).to_be_visible()
    manager.wait_for_timeout(1000)  # the canvas has its rows a moment after it is there
    table.click(position={"x": 15, "y": 54})
    expect(manager.get_by_role("heading", name="Learner 1", exact=True)).to_be_visible()


def click(page: Page, chart: int) -> None:
    """On the middle one of its marks, where it is: a click through the accessibility tree would go beside the canvas."""
    marks: Locator = page.get_by_test_id("stVegaLiteChart").nth(chart).locator(MARKS)
    expect(marks.first).to_be_attached()
    marks.nth(marks.count() // 2).click(force=True)


@pytest.mark.parametrize(("view", "name"), [("How it goes", "week"), ("Skills", "skill")])
def test_a_second_click_on_what_was_chosen_lets_go_of_it(manager: Page, view: str, name: str) -> None:
    manager.goto(f"/Cohorts?view={view}&domain=Data+Science")
    click(manager, 0)
    expect(manager).to_have_url(re.compile(f"[?&]{name}="))
    click(manager, 0)
    expect(manager).not_to_have_url(re.compile(f"[?&]{name}="))
