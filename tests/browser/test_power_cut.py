"""kill -9 between an answer and the reply: the answer is there, the reply comes, and neither comes twice."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect
from sqlalchemy import select

from core.storage.tables import GradeRow, Interview, Turn
from tests.browser import model_server
from tests.browser.conftest import AppServer, running_app

pytestmark = pytest.mark.browser


@pytest.fixture
def app_server() -> None:
    """None: the test starts its own, twice."""


def turns(server: AppServer) -> list[tuple[int, str, str | None]]:
    with server.database.read() as session:
        rows = session.execute(select(Turn.number, Turn.message, Turn.answer).order_by(Turn.number))
        return [(number, message, answer) for number, message, answer in rows]


def test_a_server_killed_before_it_could_reply_goes_on_when_it_is_back(
    open_context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    with model_server.running() as model:
        settings = {**model.settings, "VIVA_LEASE_SECONDS": "3"}
        with running_app(tmp_path, **settings) as server:
            server.add("ann@example.org")
            context = open_context("ann@example.org", server=server)
            page = context.new_page()
            page.goto("/Practise")
            page.get_by_role("button", name="Start the interview").click()
            page.get_by_role("textbox", name="Your answer").fill("Said before the lights went out.")
            model.pause = 0.4
            page.get_by_role("button", name="Send answer").click()
            expect(page.get_by_text("This is question 2:").first).to_be_visible()
            server.kill()
            address = page.url.partition(server.base)[2]
            assert [answer for _, _, answer in turns(server)] == ["Said before the lights went out."]
        model.pause = 0.02
        with running_app(tmp_path, **settings) as server:
            page.goto(f"{server.base}{address}")
            expect(page.get_by_role("textbox", name="Your answer")).to_be_visible()
            expect(page.get_by_text("Said before the lights went out.")).to_be_visible()
            expect(page.get_by_text("question 2 of 10")).to_be_visible()
            assert [(number, answer) for number, _, answer in turns(server)] == [
                (1, "Said before the lights went out."),
                (2, None),
            ]
            with server.database.read() as session:
                assert len(session.scalars(select(Interview)).all()) == 1
                assert len(session.scalars(select(GradeRow)).all()) == 1
    assert len(model.asks) == 3
