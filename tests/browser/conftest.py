"""A real server and a real Chromium: what only a browser shows."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from core.accounts.links import Links
from core.accounts.people import People
from core.accounts.sessions import Sessions
from core.bootstrap import utc_now
from core.storage.database import Database

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
PASSWORD = "a sentence to remember"
PATIENCE = 60.0


@dataclass
class AppServer:
    """A running `streamlit run Home.py` with a data directory of its own, and its accounts from the outside."""

    base: str
    folder: Path
    process: "subprocess.Popen[bytes]"
    log: Path
    database: Database = field(init=False)

    def __post_init__(self) -> None:
        self.database = Database(f"sqlite:///{self.folder / 'viva.db'}")
        self.people = People(self.database, utc_now)
        self.links = Links(self.database, utc_now)
        self.sessions = Sessions(self.database, utc_now)

    @property
    def port(self) -> int:
        return int(self.base.rpartition(":")[2])

    @property
    def printed(self) -> str:
        """Everything that the server has written."""
        return self.log.read_text("utf-8", "replace")

    def add(self, email: str, role: str = "learner", password: str = PASSWORD) -> int:
        """A person who can sign in; returns their id."""
        return self.people.add(email, email.partition("@")[0].title(), role, password=password).id


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_app(folder: Path, *, port: int = 0, **environment: str) -> Iterator[AppServer]:
    """A server on a free port of the loopback; `environment` adds to its settings (VIVA_DEMO="1")."""
    port = port or free_port()
    folder.mkdir(parents=True, exist_ok=True)
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("VIVA_", "OPENAI_", "STREAMLIT_"))
    }
    settings = {"VIVA_DATA_DIR": str(folder), "VIVA_ENGINE": "offline", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "streamlit", "run", "Home.py", "--server.port", str(port)]
    log = folder / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env={**kept, **settings, **environment}, stdout=out, stderr=out)
    server = AppServer(f"http://127.0.0.1:{port}", folder, process, log)
    try:
        _wait(server)
        yield server
    finally:
        server.database.close()
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(20)


def _wait(server: AppServer) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(f"{server.base}/readyz", timeout=2):
                return
        except OSError:
            if server.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"the server did not start: {server.printed[-3000:]}") from None
        time.sleep(0.1)


@pytest.fixture(scope="module")
def app_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """One server for the tests of a module, offline and without demo mode."""
    with running_app(tmp_path_factory.mktemp("app")) as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, with a microphone that hums."""
    if not Path(CHROMIUM).exists():
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium: apt-get install chromium")
        pytest.skip("no Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield made
        made.close()


@pytest.fixture
def context(browser: Browser, app_server: AppServer) -> Iterator[BrowserContext]:
    """A fresh browser profile that may use the microphone."""
    made = browser.new_context(base_url=app_server.base, permissions=["microphone"])
    made.set_default_timeout(30_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A tab that nobody is signed in to."""
    return context.new_page()


@pytest.fixture
def sign_in() -> Callable[..., None]:
    """`sign_in(page, email, password=PASSWORD)` through the form, until the app is drawn."""

    def through_the_form(page: Page, email: str, password: str = PASSWORD) -> None:
        page.goto("/login")
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("button", name="Sign out").wait_for()

    return through_the_form
