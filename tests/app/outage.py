"""A database that can't be had for a while: the driver's own errors, without waiting for a real one to fail."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import event

from core.storage.database import Database

GONE, FULL = sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL


@contextmanager
def outage(database: Database, code: int = GONE, of: Callable[[str], bool] = lambda _: True) -> Iterator[None]:
    """Every statement fails, or those `of` which that is true."""

    def fail(_cursor: object, statement: str, _parameters: object, _context: object) -> None:
        if of(statement):
            error = sqlite3.OperationalError("the disk went away")
            error.sqlite_errorcode = code
            raise error

    event.listen(database.engine, "do_execute", fail)
    try:
        yield
    finally:
        event.remove(database.engine, "do_execute", fail)
