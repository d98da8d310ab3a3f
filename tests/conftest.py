"""What every test may ask for: a throw-away database on SQLite and on MariaDB, and a small valid domain."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from hypothesis import settings

from core.domains import Domain, load_domain
from core.storage.database import Database
from core.storage.migrate import MIGRATIONS
from core.storage.tables import Base
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


@pytest.fixture(params=["sqlite", "mariadb"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables, on each kind of server in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    server: Server = request.getfixturevalue("mariadb_server")
    with server.new_database() as url:
        yield url


@pytest.fixture
def ready_url(empty_url: str) -> str:
    """The URL of a database at the newest revision; its tables are those that the revisions make, as test_migrate shows."""
    made = Database(empty_url, patience=PATIENCE)
    Base.metadata.create_all(made.engine)
    with made.engine.begin() as connection:
        MigrationContext.configure(connection).stamp(ScriptDirectory(str(MIGRATIONS)), "head")
    made.close()
    return empty_url


@pytest.fixture
def database(empty_url: str) -> Iterator[Database]:
    """A database with every table and no rows, on each kind of server in turn."""
    made = Database(empty_url, patience=PATIENCE)
    Base.metadata.create_all(made.engine)
    yield made
    made.close()


@pytest.fixture
def sqlite_database(tmp_path: Path) -> Iterator[Database]:
    """A SQLite database with every table and no rows, for tests that are not about the database."""
    made = Database(f"sqlite:///{tmp_path / 'test.db'}", patience=PATIENCE)
    Base.metadata.create_all(made.engine)
    yield made
    made.close()


@pytest.fixture(scope="session")
def tiny_domain() -> Domain:
    """Three skills with three questions each, every field used."""
    return load_domain(DOMAINS / "tiny.yaml")
