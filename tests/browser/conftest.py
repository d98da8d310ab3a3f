"""A real server and a real Chromium: what only a browser shows."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from core.accounts.links import Links
from core.accounts.people import People
from core.accounts.sessions import Sessions
from core.bootstrap import utc_now
from core.storage.database import Database

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
]
PASSWORD = "a sentence to remember"
PATIENCE = 60.0
expect.set_options(timeout=30_000)
PROBE = re.compile(r"/\w+/_stcore/(health|host-config)$")
SENTENCE = "I would ask about milk first, and pour the tea in rounds."


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

    def kill(self) -> None:
        """End the server as a power cut would."""
        self.process.kill()
        self.process.wait(20)

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


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One Chromium for the whole run, into whose microphone somebody speaks."""
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium: apt-get install chromium")
        pytest.skip("no Chromium: apt-get install chromium")
    spoken = speak(tmp_path_factory.mktemp("microphone") / "answer.wav")
    arguments = [*ARGUMENTS, f"--use-file-for-fake-audio-capture={spoken}%noloop"]
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield made
        made.close()


@pytest.fixture
def open_context(browser: Browser, app_server: AppServer) -> Iterator[Callable[..., BrowserContext]]:
    """`open_context(email=None, microphone=True)`: a fresh browser profile, signed in as somebody or nobody."""
    made: list[BrowserContext] = []

    def fresh(email: str | None = None, *, microphone: bool = True, server: AppServer = app_server) -> BrowserContext:
        context = browser.new_context(base_url=server.base, permissions=["microphone"] if microphone else [])
        made.append(context)
        context.set_default_timeout(30_000)
        person = server.people.find_by_email(email) if email else None
        if person:
            token = server.sessions.open(person.id)
            context.add_cookies([{"name": "viva", "value": token, "url": server.base, "httpOnly": True}])
        return context

    yield fresh
    for context in made:
        context.close()


@pytest.fixture
def context(open_context: Callable[..., BrowserContext]) -> BrowserContext:
    """A fresh browser profile in which nobody is signed in."""
    return open_context()


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


def double_click(page: Page, button: str, pause: int = 30) -> None:
    """Two clicks in a row as a hand makes them, wherever the first one leads."""
    found = page.get_by_role("button", name=button)
    found.scroll_into_view_if_needed()
    place = found.bounding_box()
    assert place is not None
    for _ in range(2):
        page.mouse.click(place["x"] + 20, place["y"] + 10)
        page.wait_for_timeout(pause)


def listen(page: Page) -> list[str]:
    """The errors that the page's console will hold.

    Streamlit looks for itself below a page's own address first; that nothing is there is its way to find out.
    """
    errors: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        probing = PROBE.search(message.location.get("url", ""))
        if message.type == "error" and not probing:
            errors.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: errors.append(str(error)))
    return errors


def speak(path: Path) -> Path:
    """A recording at 48 kHz of somebody who answers; bursts of a tone where no speech program is there to say it."""
    if shutil.which("espeak-ng") and shutil.which("sox"):
        said = subprocess.run(
            ["espeak-ng", "-v", "en-us", "-s", "150", "--stdout", SENTENCE], check=True, capture_output=True
        )
        to_wav = ["sox", "-t", "wav", "-", "-r", "48000", "-c", "1", "-b", "16", str(path)]
        subprocess.run(to_wav, check=True, input=said.stdout, capture_output=True)
        return path
    if os.environ.get("CI") == "true":
        pytest.fail("no espeak-ng and sox: apt-get install espeak-ng sox")
    time_ = np.arange(48_000 * 3) / 48_000
    tone = 0.4 * np.sin(2 * np.pi * 300 * time_) * (time_ * 4 % 2 < 1)
    with wave.open(str(path), "wb") as writer:
        writer.setparams((1, 2, 48_000, 0, "NONE", ""))
        writer.writeframes((tone * 32767).astype("<i2").tobytes())
    return path
