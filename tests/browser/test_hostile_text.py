"""What Streamlit's own reader, in a browser, makes of hostile texts: nothing but text, and no request to anywhere."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PATIENCE, ROOT, free_port

pytestmark = pytest.mark.browser

MADE = "img, a:not([href^='mailto:'], [href^='#']), iframe, script, object, .katex, [data-testid='stIconMaterial'], .stMarkdownBadge"


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Where the page of hostile texts is served, without the gate and its headers."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "tests/browser/hostile_page.py", "--server.port", str(port)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STREAMLIT_")}
    log = tmp_path / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=kept, stdout=out, stderr=out)
    try:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
                    break
            except OSError:
                if process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(f"the page did not start: {log.read_text()[-2000:]}") from None
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def test_hostile_texts_are_text_and_fetch_nothing(browser: Browser, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    expect(page.get_by_text("all of it is drawn")).to_be_visible()
    texts = page.locator("[data-testid='stMarkdownContainer']")
    assert texts.count() > 100
    assert texts.locator(MADE).evaluate_all("found => found.map(one => one.outerHTML)") == []
    assert [url for url in asked if "evil" in url] == []
    context.close()
