"""The services behind the pages, on a throw-away database, and the people who visit them."""

import datetime as dt
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import app_test

import ui.services
from core.bootstrap import Engines, Services, build, utc_now
from core.config import Settings
from core.engines.base import Grader, Interviewer, Transcriber
from core.grading.lexical import LexicalGrader
from tests.app.visit import ROOT, Visit
from tests.hall import DOMAINS

KNOWN_COMPLAINTS = ("ScriptRunContext", 'key "page"')
"""Streamlit's own: AppTest outside a script, and st.pagination, which has a default even where it is given none."""


class Site:
    """A running app: its services, and `visit` to come in as somebody."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.prompts = services.settings.prompts_dir

    def visit(self, name: str = "ann", role: str = "learner", cohort: str | None = None) -> Visit:
        """Somebody new, signed in."""
        person = self.services.people.add(f"{name}@example.org", name.title(), role, cohort=cohort)
        return self.return_of(person.id)

    def return_of(self, person_id: int) -> Visit:
        """Another tab of somebody who is known already."""
        ticket = self.services.sessions.by_token(self.services.sessions.open(person_id))
        assert ticket is not None
        return Visit(self.services, person_id, ticket.public_id)

    def stranger(self) -> Visit:
        """Somebody who is not signed in."""
        return Visit(self.services)


OpenSite = Callable[..., Site]


class RoutedPages(PagesManager):
    """Pages as in a server, where Home.py runs before each: AppTest alone would run the files in pages/ by themselves."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        PagesManager.uses_pages_directory = False


@pytest.fixture(autouse=True)
def _routed_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_test, "PagesManager", RoutedPages)


@pytest.fixture(autouse=True)
def _no_complaints(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """What Streamlit only warns of in its log is a fault of the page."""
    yield
    records = caplog.get_records("setup") + caplog.get_records("call")
    said = [entry.getMessage() for entry in records if entry.name.startswith("streamlit")]
    assert [words for words in said if not any(known in words for known in KNOWN_COMPLAINTS)] == []


@pytest.fixture
def open_site(tmp_path: Path, made_file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenSite]:
    """`open_site(engines=None, now=utc_now, **settings)` makes the site that the pages find; the tiny domain is its only one."""
    for name in os.environ:
        if name.startswith(("VIVA_", "OPENAI_")):
            monkeypatch.delenv(name)
    prompts = tmp_path / "prompts"
    shutil.copytree(ROOT / "prompts", prompts, ignore=shutil.ignore_patterns("domains"))
    shutil.copytree(DOMAINS, prompts / "domains")
    (tmp_path / "var").mkdir()
    shutil.copy(made_file, tmp_path / "var" / "viva.db")
    opened: list[Services] = []

    def make(engines: Engines | None = None, now: Callable[[], dt.datetime] = utc_now, **settings: object) -> Site:
        given = {"data_dir": tmp_path / "var", "prompts_dir": prompts, "engine": "offline", **settings}
        built = build(Settings(**given), engines=engines, now=now)  # type: ignore[arg-type]
        opened.append(built)
        built.start()
        monkeypatch.setattr(ui.services, "_services", built)
        return Site(built)

    yield make
    for built in opened:
        built.stop()


@pytest.fixture
def site(open_site: OpenSite) -> Site:
    """A site with the offline engine."""
    return open_site()


def scripted(interviewer: Interviewer, grader: Grader | None = None, transcriber: Transcriber | None = None) -> Engines:
    """Engines that follow a script where one is given; the offline estimate else."""
    lexical = LexicalGrader()
    graders: dict[str, Grader] = {"offline": lexical, "openai": grader or lexical}
    return Engines("openai", "script-1", {"openai": interviewer}, graders, transcriber)
