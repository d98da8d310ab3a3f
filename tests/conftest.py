"""What every test may ask for: a throw-away database on SQLite and on MariaDB, and a small valid domain."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from core.domains import Domain, load_domain
from core.storage.database import Database
from tests.storage.made import Lender, make
from tests.storage.mariadb import HOW_TO_GET_IT, Server, find_server, running_server

settings.register_profile("viva", deadline=None)  # a busy machine is no fault
settings.load_profile("viva")

DOMAINS = Path(__file__).parent / "fixtures" / "domains"


PATIENCE = 60.0
"""Seconds: a busy machine must not make a test fail that is about something else."""


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[Server]:
    """One private server for this worker; without the program a skip, on CI a failure."""
    if find_server() is None:
        if os.environ.get("CI") == "true":
            pytest.fail(HOW_TO_GET_IT)
        pytest.skip(HOW_TO_GET_IT)
    with tempfile.TemporaryDirectory(prefix="viva-") as folder, running_server(Path(folder)) as server:
        yield server


@pytest.fixture(scope="session")
def lender(mariadb_server: Server) -> Lender:
    """Lends databases of this worker's server."""
    return Lender(mariadb_server)


@pytest.fixture(scope="session")
def made_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file at the newest revision and without rows, to be copied."""
    file = tmp_path_factory.mktemp("made") / "viva.db"
    make(f"sqlite:///{file}")
    return file


@pytest.fixture(params=["sqlite", "mariadb"])
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of server in turn."""
    return str(request.param)


@pytest.fixture
def empty_url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables, on each kind of server in turn."""
    if kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    with request.getfixturevalue("mariadb_server").new_database() as url:
        yield url


@pytest.fixture
def ready_url(kind: str, request: pytest.FixtureRequest, tmp_path: Path, made_file: Path) -> Iterator[str]:
    """The URL of a database at the newest revision without rows, on each kind of server in turn."""
    if kind == "sqlite":
        yield f"sqlite:///{shutil.copy(made_file, tmp_path / 'ready.db')}"
        return
    with request.getfixturevalue("lender").lent() as url:
        yield url


@pytest.fixture
def database(ready_url: str) -> Iterator[Database]:
    """A database with every table and no rows, on each kind of server in turn."""
    made = Database(ready_url, patience=PATIENCE)
    yield made
    made.close()


@pytest.fixture
def sqlite_database(made_file: Path, tmp_path: Path) -> Iterator[Database]:
    """A SQLite database with every table and no rows, for tests that are not about the database."""
    made = Database(f"sqlite:///{shutil.copy(made_file, tmp_path / 'test.db')}", patience=PATIENCE)
    yield made
    made.close()


@pytest.fixture(scope="session")
def tiny_domain() -> Domain:
    """Three skills with three questions each, every field used."""
    return load_domain(DOMAINS / "tiny.yaml")
