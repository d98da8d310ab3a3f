"""Text that others chose, everywhere at once, as Chromium sees it: shown, and nothing else done with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from core.storage.feedback_tables import Flag
from core.storage.tables import Cohort, GradeRow, Interview, InterviewContext, Person, Programme, Turn
from tests.browser.conftest import AppServer, running_app
from tests.matrix.world import Asker, World, furnish

pytestmark = pytest.mark.browser

HOST = "evil.example"
PAYLOADS = [
    f"![x](http://{HOST}/1.png)",
    f"![x][r]\n\n[r]: http://{HOST}/2.png",
    f'<img src="http://{HOST}/3.png">',
    f"<img src=x onerror=\"fetch('http://{HOST}/4')\">",
    f"<script>fetch('http://{HOST}/5')</script>",
    f"[click](http://{HOST}/6)",
    f"<http://{HOST}/7>",
    f"http://{HOST}/8",
    f"www.{HOST}/9",
    f"[click](javascript:fetch('http://{HOST}/10'))",
    f'<iframe src="http://{HOST}/11"></iframe>',
    f"<svg onload=\"fetch('http://{HOST}/12')\"></svg>",
    f"<style>@import 'http://{HOST}/13.css'; body {{ background: url(http://{HOST}/13) }}</style>",
    f'<link rel="stylesheet" href="http://{HOST}/14.css">',
    f":material/home: :red[x] :image[http://{HOST}/15.png]",
    f"$\\href{{http://{HOST}/16}}{{x}}$ $$\\includegraphics{{http://{HOST}/16.png}}$$",
    f"[![x](http://{HOST}/17.png)](http://{HOST}/17)",
    f'<video autoplay src="http://{HOST}/18"></video><object data="http://{HOST}/18"></object>',
    f"```\ncode\n```\n![x](http://{HOST}/19.png)\n\n| a |\n|---|\n| ![x](http://{HOST}/19t.png) |",
]
EVERYTHING = "\n\n".join(PAYLOADS)
NAME = f"=cmd|' /C calc'!A0 <script>x</script> ![x](http://{HOST}/n) www.{HOST}"
MIRROR = "\u202e"
PARTS_LINKS = "\u2060"
"""What Viva puts, unseen, into an address that would become a link."""

WHAT_WENT_OUT = """host => [...document.querySelectorAll('*')].flatMap(node => [...node.attributes]
    .filter(one => ['src', 'href', 'data', 'srcset', 'poster', 'action', 'style'].includes(one.name))
    .map(one => one.value).filter(value => value.includes(host)))"""


SETTLED = """() => {
    const app = document.querySelector('[data-testid=stApp]'), said = document.body.innerText;
    const same = app.dataset.testScriptState === 'notRunning' && said === window.said;
    window.times = same ? window.times + 1 : 0;
    window.said = said;
    return window.times > 10;
}"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = furnish(tmp_path_factory.mktemp("hostile"))
    poison(made)
    yield made
    made.services.stop()


def poison(world: World) -> None:
    """Puts the payloads wherever a learner, a manager or a model may write, and where nobody should be able to."""
    with world.services.database.write() as session:
        session.get_one(Person, world.ann).name = NAME + MIRROR
        session.get_one(Person, world.ann).share_transcripts = True
        for title in (*session.scalars(select(Cohort)), *session.scalars(select(Programme))):
            title.name += f" {NAME}"
        for turn in session.scalars(select(Turn)):
            turn.message = turn.draft = EVERYTHING
            turn.hints = [{"rung": 1, "text": EVERYTHING}]
            if turn.answer is not None:
                turn.answer, turn.heard, turn.corrected = EVERYTHING, f"heard {EVERYTHING}", f"put right {EVERYTHING}"
                turn.input_mode = "voice"
        for grade in session.scalars(select(GradeRow)):
            grade.detail = poisoned(grade.detail)
            grade.model = NAME[:120]
        for held in session.scalars(select(Interview)):
            held.summary = {"words": EVERYTHING, "engine": "openai", "model": "m", "prompt_digest": "0" * 64}
        for flag in session.scalars(select(Flag)):
            flag.words = EVERYTHING[:2000]
        for given in session.scalars(select(InterviewContext)):
            given.role, given.job, given.cv = NAME[:120], EVERYTHING, EVERYTHING


def poisoned(value: Any) -> Any:
    """The same value with every sentence in it replaced; keys and short codes stay, or nothing would be shown."""
    if isinstance(value, dict):
        return {key: poisoned(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [poisoned(inner) for inner in value]
    return EVERYTHING if isinstance(value, str) and " " in value else value


@pytest.fixture(scope="module")
def server(world: World) -> Iterator[AppServer]:
    settings = world.services.settings
    with running_app(settings.data_dir, VIVA_PROMPTS_DIR=str(settings.prompts_dir)) as running:
        yield running


LOOKS = {
    Asker.ANN: ("/", "/Practise?interview={open}", "/Review?interview={finished}", "/Account"),
    Asker.MANAGER: (
        "/Cohorts?cohort={blue}",
        "/Quality",
        "/Review?interview={finished}",
        "/People?find=cmd",
    ),
    Asker.ADMIN: ("/Quality?part=Questions", "/Programmes"),
}


@pytest.mark.parametrize(("asker", "path"), [(asker, path) for asker, paths in LOOKS.items() for path in paths])
def test_hostile_text_fetches_nothing_and_leads_nowhere(
    browser: Browser, server: AppServer, world: World, asker: Asker, path: str
) -> None:
    wrong: list[str] = []
    with opened(browser, server, world, asker) as page:
        page.on("request", lambda sent: wrong.append(sent.url) if HOST in sent.url else None)
        page.on("console", lambda told: wrong.append(told.text) if HOST in told.text else None)
        page.on("dialog", lambda dialog: wrong.append(dialog.message))
        page.goto(path.format(open=world.open, finished=world.finished, blue=world.blue_public))
        drawn(page)
        for fold in page.locator("[data-testid=stExpander] summary").all():
            fold.click()
        drawn(page)
        wrong += page.evaluate(WHAT_WENT_OUT, HOST)
        said = page.locator("body").inner_text()
    assert wrong == []
    assert "has encountered an error" not in said
    if "interview=" in path:
        assert f"http://{HOST}/8" in said.replace(PARTS_LINKS, "")


@contextmanager
def opened(browser: Browser, server: AppServer, world: World, asker: Asker) -> Iterator[Page]:
    """A tab in which they are signed in."""
    context = browser.new_context(base_url=server.base)
    context.set_default_timeout(60_000)
    context.add_cookies([{"name": "viva", "value": world.cookie(asker), "url": server.base}])
    yield context.new_page()
    context.close()


def drawn(page: Page) -> None:
    """The page has been drawn to its end: nothing runs, and for a while nothing has changed."""
    page.locator("[data-testid=stMain] h1, [data-testid=stMain] [data-testid=stVerticalBlock]").first.wait_for()
    page.wait_for_function(SETTLED, polling=50)


def test_a_hostile_name_stands_letter_for_letter_where_it_is_read(
    browser: Browser, server: AppServer, world: World
) -> None:
    with opened(browser, server, world, Asker.ANN) as page:
        page.goto("/")
        drawn(page)
        said = page.locator("body").inner_text()
    assert f"Hello, {NAME}" in said.replace(PARTS_LINKS, "")
    assert MIRROR not in said
