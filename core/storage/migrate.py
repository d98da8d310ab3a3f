"""Bring a database to the tables of this version, and write the next revision when they have changed.

    python -m core.storage.migrate "What has changed"      writes the next revision, from the difference to the models
    python -m core.storage.migrate --anew "First tables"   throws all revisions away and writes one; before a release

Read what was written, and run `ruff format` and `ruff check --fix` on it: on MySQL a revision that fails half-way stays
half done, so let each later one do a single thing, or only such as can be done again. One with `counts_changed = True` has
the counts written anew once all revisions are applied.
"""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, func, select, text
from sqlalchemy.orm import Session

from core.engines.base import Fault, ServiceError
from core.storage.database import MINUTES, Database
from core.storage.faults import named_faults
from core.storage.recounting import rebuild

MIGRATIONS = Path(__file__).parent / "migrations"
COLLATION = "utf8mb4_bin"
"""Other collations hold different emoji, and upper and lower case, to be equal in a UNIQUE."""


def migrate(database: Database) -> list[str]:
    """Applies the revisions that are missing and returns their ids; several processes may do so at once.

    Raises ServiceError when the database can't be had, or was written by a newer version of Viva.
    """
    engine = database.engine_for_migrating()
    try:
        with named_faults(), engine.connect() as connection:
            turn = _sqlite_turn if database.is_sqlite else _mysql_turn
            with turn(connection):
                return _upgrade(connection)
    except CommandError as error:
        sentence = "The database was set up by a newer version of Viva; install that version, or restore a backup."
        raise ServiceError(Fault.NOT_CONFIGURED, sentence, retryable=False) from error
    finally:
        engine.dispose()


def _upgrade(connection: Connection) -> list[str]:
    applied: list[str] = []
    stale = False

    def note(*, step: Any, **_: Any) -> None:
        nonlocal stale
        applied.extend(step.up_revision_ids)
        stale = stale or any(getattr(script.module, "counts_changed", False) for script in step.up_revisions)

    config = _config(connection)
    config.attributes["on_version_apply"] = note
    command.upgrade(config, "head")
    if stale:  # tables of counts came or changed: what is in them follows from the other tables
        with Session(connection) as session:
            rebuild(session)
    return applied


@contextmanager
def _sqlite_turn(connection: Connection) -> Iterator[None]:
    """One transaction with SQLite's write lock; copying a table with foreign keys on would delete its children."""
    sqlite = connection.connection.driver_connection
    assert sqlite is not None  # noqa: S101  it has just been connected
    sqlite.execute("PRAGMA foreign_keys = OFF")
    with connection.begin():
        yield
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(f"the migration would leave rows without their parents: {broken[:3]}")


@contextmanager
def _mysql_turn(connection: Connection) -> Iterator[None]:
    """A named lock on a connection of its own, because every CREATE and ALTER commits."""
    with connection.engine.connect() as guard:
        lock = f"viva.migrate.{connection.engine.url.database}"[:64]
        if guard.scalar(select(func.get_lock(lock, int(MINUTES) - 10))) != 1:
            raise ServiceError(Fault.UNAVAILABLE, "Another process is still migrating the database; try again later.")
        try:
            with connection.begin():
                if connection.scalar(select(text("@@collation_database"))) != COLLATION:
                    connection.execute(text(f"ALTER DATABASE CHARACTER SET utf8mb4 COLLATE {COLLATION}"))
                yield
        finally:
            guard.execute(select(func.release_lock(lock)))


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    config.attributes["on_version_apply"] = ()
    return config


def write_revision(message: str, *, anew: bool = False) -> Path:
    """Writes the revision that leads from the newest one to the models, and returns its path."""
    versions = MIGRATIONS / "versions"
    if anew:
        for old in versions.glob("*.py"):
            old.unlink()
    number = len(list(versions.glob("*.py"))) + 1
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/new.db")
        with (
            database.engine.begin() as connection
        ):  # as `migrate`, but without counts, whose tables may be what is missing
            command.upgrade(_config(connection), "head")
        with database.engine.connect() as connection:
            script = command.revision(_config(connection), message, autogenerate=True, rev_id=f"{number:04}")
        database.close()
    assert script is not None and not isinstance(script, list)  # noqa: S101, PT018  one message makes one script
    path = Path(script.path)
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "###" not in line))  # Alembic's remarks to the reader
    return path


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description="Write the next database revision.")
    arguments.add_argument("message")
    arguments.add_argument("--anew", action="store_true")
    chosen = arguments.parse_args()
    print(write_revision(chosen.message, anew=chosen.anew))  # noqa: T201  a command's answer
