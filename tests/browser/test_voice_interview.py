"""A whole interview by voice in Chromium, with a microphone into which somebody speaks, and a model server."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import model_server
from tests.browser.conftest import AppServer, double_click, listen, running_app
from tests.browser.model_server import SAID, ModelServer
from tests.unit.test_audio import wav

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    with model_server.running(pause=0.1) as server:
        yield server


@pytest.fixture(scope="module")
def app_server(tmp_path_factory: pytest.TempPathFactory, model: ModelServer) -> Iterator[AppServer]:
    """A server whose interviewer is the model server."""
    with running_app(tmp_path_factory.mktemp("app"), **model.settings) as server:
        server.add("ann@example.org")
        server.people.save_settings(server.add("bob@example.org"), voice_agreed="2026-01-01")
        yield server


def box(page: Page):  # type: ignore[no-untyped-def] # a Locator
    return page.get_by_role("textbox", name="Your answer")


def begin(page: Page, questions: int) -> None:
    """Choose a domain and a number of questions, and start."""
    page.goto("/Practise")
    page.get_by_role("radio", name="Human Resources").or_(page.get_by_role("button", name="Human Resources")).click()
    slider = page.get_by_role("slider", name="Questions")
    slider.focus()
    for _ in range(10 - questions):
        slider.press("ArrowLeft")
    page.get_by_role("button", name="Start the interview").click()


def record(page: Page) -> None:
    """Speak into the microphone until the sentence is said."""
    page.get_by_role("button", name="Record", exact=True).click()
    page.wait_for_timeout(2500)
    page.get_by_role("button", name="Stop recording").click()


def test_an_interview_by_voice_from_sign_in_to_report(
    page: Page, sign_in: Callable[..., None], model: ModelServer
) -> None:
    """The first recording is not understood, and a refresh comes between; it is written down at the second try."""
    errors = listen(page)
    sign_in(page, "ann@example.org")
    begin(page, questions=3)
    expect(page.get_by_text("question 1 of 3")).to_be_visible()
    page.get_by_role("button", name="I agree, let me speak").click()
    page.get_by_role("button", name="Hear the question").click()
    expect(page.get_by_text("This browser has no voice to read with.")).to_be_visible()
    model.heard = None
    record(page)
    expect(page.get_by_text("is still here.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("is still here.")).to_be_visible()
    model.heard = SAID
    page.get_by_role("button", name="Try again").click()
    expect(box(page)).to_have_value(SAID)
    page.reload()
    expect(box(page)).to_have_value(SAID)
    box(page).fill(f"{SAID}, so that nobody gets the weak cup.")
    page.get_by_role("button", name="Send answer").click()
    expect(page.get_by_text("This is question 2:").first).to_be_visible()
    expect(page.get_by_text("▌")).to_be_visible()  # it streams: the rest is still to come
    expect(page.get_by_text("question 2 of 3")).to_be_visible()
    box(page).fill("By typing this time.")
    page.get_by_role("button", name="Send answer").click()
    expect(page.get_by_text("question 3 of 3")).to_be_visible()
    page.get_by_role("button", name="End interview").click()
    page.get_by_role("button", name="End and see the report").click()
    expect(page.get_by_text("2 of 2 answers graded")).to_be_visible()
    expect(page.get_by_text("/ 10").first).to_be_visible()
    expect(page.get_by_text("so that nobody gets the weak cup").first).to_be_visible()
    assert errors == []


def test_every_ask_carries_the_whole_chat_so_far(model: ModelServer) -> None:
    asks = model.asks
    spoken = [message for message in asks[2] if message["role"] != "system"]
    assert [message["role"] for message in spoken] == ["assistant", "user", "assistant", "user", "user"]
    assert [message["content"].strip() for message in spoken[:4]] == [
        "This is question 1: how do you serve tea to a table of four?",
        f"{SAID}, so that nobody gets the weak cup.",
        "This is question 2: how do you serve tea to a table of four?",
        "By typing this time.",
    ]
    assert asks[1][: len(asks[0]) - 1] == asks[0][:-1]
    assert asks[2][: len(asks[1]) - 1] == asks[1][:-1]


def test_a_microphone_that_is_not_allowed_is_told_and_leaves_typing(
    open_context: Callable[..., BrowserContext], app_server: AppServer
) -> None:
    page = open_context("bob@example.org", microphone=False).new_page()
    begin(page, questions=1)
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.get_by_text("The browser doesn't allow the microphone here.")).to_be_visible()
    box(page).fill("I type instead.")
    page.get_by_role("button", name="Send answer").click()
    expect(page.get_by_text("1 of 1 answer graded")).to_be_visible()


def test_the_other_recorder_and_an_upload_of_silence(
    open_context: Callable[..., BrowserContext], model: ModelServer, tmp_path: Path
) -> None:
    page = open_context("bob@example.org").new_page()
    begin(page, questions=1)
    page.get_by_text("Trouble recording?").click()
    page.get_by_text("Use the other recorder").click()
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name="Record answer").click()
    page.wait_for_timeout(2500)
    frame.get_by_role("button", name="Stop").click()
    expect(box(page)).to_have_value(SAID)
    silence = tmp_path / "silence.wav"
    silence.write_bytes(wav(np.zeros(16_000)))
    page.locator("input[type=file]").set_input_files(silence)
    expect(page.get_by_text("We heard no speech in this recording")).to_be_visible()
    expect(box(page)).to_have_value(SAID)
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_text("We heard no speech in this recording")).to_be_hidden()


def test_two_clicks_on_send_are_one_answer_and_one_call(
    open_context: Callable[..., BrowserContext], model: ModelServer
) -> None:
    page = open_context("bob@example.org").new_page()
    before = len(model.asks)
    begin(page, questions=3)
    box(page).fill("Once only.")
    double_click(page, "Send answer")
    expect(page.get_by_text("This is question 2: how do you serve tea to a table of four?", exact=True)).to_be_visible()
    expect(page.get_by_text("Once only.")).to_have_count(1)
    assert len(model.asks) - before == 2
