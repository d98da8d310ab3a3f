"""Databases at the newest revision and without rows, made once for each worker: making one takes longer than most tests."""

import importlib
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pymysql
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import core.storage
from core.storage.database import Database
from core.storage.migrate import MIGRATIONS
from core.storage.tables import Base
from tests.storage.mariadb import Server

VERSION = "alembic_version"


def make(url: str) -> None:
    """Makes every table, as the revisions do (test_migrate shows that), and says that none is left to be applied."""
    for module in pkgutil.iter_modules(core.storage.__path__):  # tables are known once their module is imported
        if module.name.endswith("_tables"):
            importlib.import_module(f"core.storage.{module.name}")
    database = Database(url, patience=60)
    Base.metadata.create_all(database.engine)
    with database.engine.begin() as connection:
        MigrationContext.configure(connection).stamp(_scripts(), "head")
    database.close()


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(MIGRATIONS))


class Lender:
    """Lends databases of one server, and empties what comes back for the next who asks."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._free: list[str] = []

    @contextmanager
    def lent(self) -> Iterator[str]:
        """The name of a database that nobody else has."""
        name = self._free.pop() if self._free else self._new()
        yield self._server.url(name)
        if self._emptied(name):
            self._free.append(name)

    def _new(self) -> str:
        name = self._server.create()
        make(self._server.url(name))
        return name

    def _emptied(self, name: str) -> bool:
        """Whether the database is as it was; one that a test took apart, or still holds, is left alone."""
        tables = {*Base.metadata.tables, VERSION}
        try:
            with self._server.connection(name) as connection, connection.cursor() as cursor:
                cursor.execute("SET SESSION lock_wait_timeout = 5, FOREIGN_KEY_CHECKS = 0")
                cursor.execute("SHOW TABLES")
                if {found for (found,) in cursor} != tables:
                    return False
                looks = [f"SELECT '{each}', EXISTS (SELECT 1 FROM {each})" for each in sorted(tables)]  # noqa: S608 our own names
                cursor.execute(" UNION ALL ".join(looks))
                filled = [each for each, has_rows in cursor if has_rows]
                for each in filled:
                    if each != VERSION:
                        cursor.execute(f"TRUNCATE {each}")
                cursor.execute(f"SELECT version_num FROM {VERSION}")  # noqa: S608 our own name
                return [version for (version,) in cursor] == [_scripts().get_current_head()]
        except pymysql.MySQLError:
            return False
