"""A whole Viva with the tiny domain and the offline engine, on each kind of database in turn."""

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from core.bootstrap import Services, build
from core.config import Settings
from core.domains import Catalogue, load_all
from tests.hall import DOMAINS, ROOT, START


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The shipped domains."""
    return load_all(ROOT / "prompts" / "domains")


class SlowClock:
    """A clock that moves on by a second whenever it is read."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> dt.datetime:
        self.now += dt.timedelta(seconds=1)
        return self.now


@pytest.fixture
def prompts_dir(tmp_path: Path) -> Path:
    """The shipped prompts, with the tiny domain alone."""
    folder = tmp_path / "prompts"
    shutil.copytree(ROOT / "prompts", folder, ignore=shutil.ignore_patterns("domains"))
    shutil.copytree(DOMAINS, folder / "domains")
    return folder


@pytest.fixture
def clock() -> SlowClock:
    return SlowClock()


@pytest.fixture
def services(ready_url: str, prompts_dir: Path, clock: SlowClock) -> Iterator[Services]:
    """Started services with an offline engine and no key."""
    settings = Settings(  # type: ignore[call-arg]
        database_url=SecretStr(ready_url),
        data_dir=prompts_dir.parent / "var",
        engine="offline",
        prompts_dir=prompts_dir,
        workers=2,
        demo=False,
    )
    made = build(settings, now=clock)
    made.start()
    yield made
    made.stop()
