"""Which of the database's errors mean that it can't be had, and what to say then."""

import sqlite3
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from core.engines.base import Fault, ServiceError

BUSY = "The database is busy; please try again in a moment."
AWAY = "The database can't be reached at the moment; please try again shortly."
FULL = "The database has no space left; an administrator must make room before anything can be stored."
READ_ONLY = "The database can't be written to at the moment; please try again shortly."
DAMAGED = "The database file is damaged or is not a database; an administrator must restore a backup."
REFUSED = "The database refused Viva's account; an administrator must check VIVA_DATABASE_URL."
UNPROVEN = "The database server could not prove who it is; an administrator must check VIVA_MYSQL_CA."
NO_TABLES = "The database is not set up; an administrator must run: python -m core.cli migrate"

TRANSIENT = frozenset({2003, 2006, 2013, 1205, 1213, 1020, 1053, 1290, 1836})
"""MySQL/MariaDB: connections lost or refused, lock waits, deadlocks, a server that stops or has become a replica."""

MYSQL: dict[int, str] = {
    **dict.fromkeys((2003, 2006, 2013, 2014, 2055, 1053, 1129, 1927), AWAY),
    **dict.fromkeys((1205, 1213, 1020, 1040, 1203, 1226, 1969, 3024), BUSY),
    **dict.fromkeys((1290, 1792, 1836), READ_ONLY),
    **dict.fromkeys((1021, 1041, 1114), FULL),
    **dict.fromkeys((1044, 1045, 1049, 1142, 1698, 3159), REFUSED),
    1146: NO_TABLES,
    2026: UNPROVEN,
}
SQLITE: dict[int, str] = {
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_PROTOCOL: BUSY,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_IOERR: AWAY,
    sqlite3.SQLITE_CANTOPEN: AWAY,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
}


def is_transient(error: DBAPIError) -> bool:
    """Whether the same transaction may well succeed when it is repeated at once."""
    if isinstance(error.orig, sqlite3.Error):
        return _sqlite_code(error.orig) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return error.connection_invalidated or _mysql_code(error) in TRANSIENT


@contextmanager
def named_faults() -> Iterator[None]:
    """Turns an error that means "the database can't be had" into ServiceError(UNAVAILABLE); lets all others through."""
    try:
        yield
    except PoolExhausted as error:
        raise ServiceError(Fault.UNAVAILABLE, BUSY) from error
    except DBAPIError as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        retryable = sentence in (BUSY, AWAY, READ_ONLY)
        raise ServiceError(Fault.UNAVAILABLE, sentence, retryable=retryable) from error


def _sentence(error: DBAPIError) -> str | None:
    if isinstance(error.orig, sqlite3.Error):
        if str(error.orig).startswith("no such table"):
            return NO_TABLES
        return SQLITE.get(_sqlite_code(error.orig))
    return MYSQL.get(_mysql_code(error)) or (AWAY if error.connection_invalidated else None)


def _sqlite_code(error: sqlite3.Error) -> int:
    code = getattr(error, "sqlite_errorcode", 0)  # errors that the sqlite3 module raises by itself have none
    return code & 0xFF  # the rest of it tells variants apart


def _mysql_code(error: DBAPIError) -> int:
    if isinstance(getattr(error.orig, "original_exception", None), ssl.SSLError):
        return 2026  # PyMySQL has one code for every failure to connect
    code = error.orig.args[0] if error.orig is not None and error.orig.args else 0
    return code if isinstance(code, int) else 0
