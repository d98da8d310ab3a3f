"""What a refresh, a second tab and a second click leave of an interview: all of it, and once."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, WebSocketRoute, expect

from tests.browser.conftest import AppServer, double_click, listen

pytestmark = pytest.mark.browser

OpenContext = Callable[..., BrowserContext]


def box(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Your answer")


def begin(context: BrowserContext) -> Page:
    """A tab in which an interview has begun."""
    page = context.new_page()
    page.goto("/Practise")
    page.get_by_role("button", name="Start the interview").click()
    expect(box(page)).to_be_visible()
    return page


def write(page: Page, text: str) -> None:
    """Type, and leave the box."""
    box(page).fill(text)
    box(page).blur()


@pytest.fixture
def ann(open_context: OpenContext, app_server: AppServer, request: pytest.FixtureRequest) -> BrowserContext:
    """A browser in which somebody new is signed in."""
    email = f"{request.node.name.replace('_', '-')[:50]}@example.org"
    app_server.add(email)
    return open_context(email)


def test_a_refresh_in_mid_typing_keeps_the_interview_and_what_was_typed_where_the_caret_stood(
    ann: BrowserContext,
) -> None:
    page = begin(ann)
    question = page.get_by_test_id("stChatMessage").first.inner_text()
    box(page).press_sequentially("As I was saying")
    for _ in range(6):
        box(page).press("ArrowLeft")
    page.wait_for_timeout(1200)  # a pause, in which the box is not left
    page.keyboard.type("just ")
    page.wait_for_timeout(1200)
    page.reload()
    expect(box(page)).to_have_value("As I was just saying")
    expect(page.get_by_test_id("stChatMessage").first).to_contain_text(question.splitlines()[-2])


def test_a_second_tab_goes_on_where_the_first_one_stands(ann: BrowserContext) -> None:
    first = begin(ann)
    write(first, "From the first tab.")
    first.wait_for_timeout(500)
    second = ann.new_page()
    second.goto("/")
    second.get_by_role("button", name="Resume").click()
    expect(box(second)).to_have_value("From the first tab.")
    second.get_by_role("button", name="Send answer").click()
    expect(second.get_by_text("question 2 of 10")).to_be_visible()
    write(first, "From the first tab, too late.")
    first.get_by_role("button", name="Send answer").click()
    expect(first.get_by_text("This question was closed in another tab already")).to_be_visible()
    expect(first.get_by_text("From the first tab, too late.")).to_be_visible()


def test_two_clicks_on_start_are_one_interview(ann: BrowserContext) -> None:
    page = ann.new_page()
    page.goto("/Practise")
    double_click(page, "Start the interview")
    expect(box(page)).to_be_visible()
    page.goto("/")
    expect(page.get_by_text("Interviews finished")).to_be_visible()
    expect(page.get_by_text("is waiting")).to_have_count(1)


def test_leaving_the_page_and_the_browsers_back_button_lose_nothing(ann: BrowserContext) -> None:
    page = begin(ann)
    write(page, "Back in a moment")
    page.get_by_role("link", name="Progress").click()
    expect(page.get_by_role("heading", name="Progress")).to_be_visible()
    page.go_back()
    expect(box(page)).to_have_value("Back in a moment")


def test_a_link_within_review_is_an_address_of_its_own(ann: BrowserContext) -> None:
    page = ann.new_page()
    page.goto("/Review?interview=nonsense")
    page.get_by_role("link", name="All interviews").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Review")
    expect(page).to_have_url(re.compile("/Review$"))
    page.go_back()
    expect(page.get_by_text("could not be found")).to_be_visible()


def test_a_dropped_connection_is_taken_up_again(ann: BrowserContext) -> None:
    lines: list[WebSocketRoute] = []

    def connect(line: WebSocketRoute) -> None:
        line.connect_to_server()
        lines.append(line)

    ann.route_web_socket(re.compile("/_stcore/stream"), connect)
    page = begin(ann)
    box(page).fill("Before the tunnel")
    lines[-1].close(code=1012)
    while len(lines) < 2:  # the page makes a new one by itself
        page.wait_for_timeout(50)
    page.get_by_role("button", name="Send answer").click()
    expect(page.get_by_text("question 2 of 10")).to_be_visible()
    expect(page.get_by_test_id("stText")).to_have_text("Before the tunnel")


def test_every_page_of_a_learner_is_drawn_without_an_error_in_the_console(ann: BrowserContext) -> None:
    page = begin(ann)
    errors = listen(page)
    page.get_by_role("button", name="Hint (3 left)").click()
    expect(page.get_by_text("Hint.", exact=False).first).to_be_visible()
    box(page).fill("I would plan it with the team, because they know the work.")
    page.get_by_role("button", name="Send answer").click()
    expect(page.get_by_text("question 2 of 10")).to_be_visible()
    page.get_by_role("button", name="End interview").click()
    page.get_by_role("button", name="End and see the report").click()
    expect(page.get_by_text("1 of 1 answer graded")).to_be_visible()
    for name in ("Home", "Review", "Progress", "Account", "Practise"):
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Hello" if name == "Home" else name)
    assert errors == []
