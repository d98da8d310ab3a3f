"""The database: one engine, transactions for reading and for writing, the same on SQLite and on MySQL/MariaDB."""

import errno
import logging
import os
import random
import sqlite3
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from core.engines.base import Fault, ServiceError
from core.storage.faults import is_transient, named_faults

T = TypeVar("T")
log = logging.getLogger(__name__)

PATIENCE = 5.0
"""Seconds to wait for a lock, a connection or a way out of a race before saying that the database can't be had."""

MINUTES = 600.0
POOL = {"pool_size": 10, "max_overflow": 20}
PRIVATE = {"hide_parameters": True}
"""An error's text ends up in logs; what a statement carried, such as an answer, must not."""
MYSQL_SESSION = (
    "SET SESSION sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,"
    "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00', innodb_lock_wait_timeout = {seconds}"
)


class Database:
    """Transactions on one database.

    `url` is sqlite:///path/to/file or mysql+pymysql://user:password@host/name; `ca` is the bundle that the certificate
    of the MySQL server is verified with. Whenever the database can't be had, all methods raise
    ServiceError(UNAVAILABLE) after about `patience` seconds; a wrong setting is ServiceError(NOT_CONFIGURED) at once.
    """

    def __init__(self, url: str, *, ca: Path | None = None, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._url = _parsed(url)
        self._ca = ca
        self.is_sqlite = self._url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self.engine = _sqlite_engine(self._url, patience)
        else:
            self.engine = _mysql_engine(self._url, patience, _network(ca, self._url, patience))
        self._turnstile = _Turnstile(patience) if self.is_sqlite else None
        self._reading = sessionmaker(self.engine, expire_on_commit=False)
        self._writing = sessionmaker(self.engine.execution_options(writes=True), expire_on_commit=False)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for looking only: what is changed in it is not stored."""
        with named_faults(), self._reading() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose changes are stored together at the end of the block, or not at all."""
        with named_faults(), self._transaction() as session:
            yield session

    def run(self, work: Callable[[Session], T]) -> T:
        """What `work(session)` returns, its changes stored.

        The whole of `work` is repeated after a lost race, lock or connection. A connection can be lost just after the
        commit, so work must notice what is already there (by a unique key or a state) rather than do it twice.
        """
        deadline = time.monotonic() + self._patience
        longest_pause = 0.02
        with named_faults():
            while True:
                try:
                    with self._transaction() as session:
                        return work(session)
                except DBAPIError as error:
                    pause = random.uniform(0, longest_pause)
                    if not is_transient(error) or time.monotonic() + pause > deadline:
                        raise
                time.sleep(pause)
                longest_pause = min(longest_pause * 2, 0.5)

    def ready(self) -> None:
        """Returns when the database answers; raises ServiceError when it doesn't."""
        with self.read() as session:
            session.execute(select(1))

    def write_back(self) -> None:
        """Brings SQLite's log into the database, so that whoever writes next needn't; elsewhere there is nothing to do."""
        if self.is_sqlite:
            with closing(self.engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)")

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def unhurried(self) -> Iterator["Database"]:
        """The same database for work that may take minutes, such as loading, checking and writing anew."""
        url = self._url.render_as_string(hide_password=False)
        patient = Database(url, ca=self._ca, patience=MINUTES)
        if self.is_sqlite:
            event.listen(patient.engine, "connect", _make_room_sqlite)
        try:
            yield patient
        finally:
            patient.write_back()
            patient.close()

    def engine_for_migrating(self) -> Engine:
        """An engine of its own, to be disposed of: statements may take minutes, and every transaction writes."""
        if self.is_sqlite:
            engine = _sqlite_engine(self._url, patience=MINUTES)
        else:
            engine = _mysql_engine(self._url, MINUTES, _network(self._ca, self._url, MINUTES))
        return engine.execution_options(writes=True)

    @contextmanager
    def _transaction(self) -> Iterator[Session]:
        with self._turnstile or nullcontext(), self._writing.begin() as session:
            yield session


class _Turnstile:
    """Lets one thread write at a time: a queue serves all, while polling SQLite's lock starves some."""

    def __init__(self, patience: float) -> None:
        self._lock = threading.Lock()
        self._owner: int | None = None
        self._patience = patience

    def __enter__(self) -> None:
        if self._owner == threading.get_ident():
            raise RuntimeError("a writing transaction was opened inside another one")
        if not self._lock.acquire(timeout=self._patience):
            raise ServiceError(Fault.UNAVAILABLE, "The database is busy; please try again in a moment.")
        self._owner = threading.get_ident()

    def __exit__(self, *_: object) -> None:
        self._owner = None
        self._lock.release()


def _parsed(url: str) -> URL:
    """The URL with the driver that Viva ships; what is wrong is said without repeating it, for it has a password."""
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ArgumentError, ValueError):
        backend = ""
    if backend in ("mysql", "mariadb"):
        parsed = parsed.set(drivername=f"{backend}+pymysql")
        if parsed.database and not any(key.startswith("ssl") for key in parsed.query):
            return parsed
        reason = "it must name a database, and TLS is set by VIVA_MYSQL_CA, not by ssl options in the URL"
    elif backend == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            return parsed.set(drivername="sqlite")
        reason = "SQLite needs a file: sqlite:///path/to/viva.db"
    else:
        reason = "it must begin with sqlite:/// or mysql+pymysql://"
    raise ServiceError(Fault.NOT_CONFIGURED, f"VIVA_DATABASE_URL can't be used: {reason}.", retryable=False)


def _sqlite_engine(url: URL, patience: float) -> Engine:
    _create_file(Path(url.database or ""))
    engine = create_engine(url, connect_args={"timeout": patience}, pool_timeout=patience, **POOL, **PRIVATE)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _create_file(path: Path) -> None:
    """An empty file that only its owner can read, unless there is one.

    One that is there is not opened: closing it again would take away the locks of all this process's connections to it.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        elif not path.is_file():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        elif not os.access(path, os.R_OK | os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        sentence = f"The database file {path} can't be opened for writing: {error.strerror}."
        raise ServiceError(Fault.NOT_CONFIGURED, sentence, retryable=False) from error


def _prepare_sqlite(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None  # transactions begin in _begin_sqlite, not where sqlite3 guesses
    connection.create_function("lower", 1, _lower, deterministic=True)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _make_room_sqlite(connection: sqlite3.Connection, _: Any) -> None:
    # Pages of millions of rows are written once rather than as often as 2 MB overflow, and go from the log to the database
    # after 120 MB rather than 4. Commits don't wait for the disk: a power cut may take the last ones, but nothing else.
    for pragma in ("cache_size = -65536", "wal_autocheckpoint = 30000", "synchronous = NORMAL"):
        connection.execute(f"PRAGMA {pragma}").close()


def _lower(value: object) -> str | None:
    """SQLite's own lower() knows ASCII only."""
    return None if value is None else str(value).lower()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that turns from reading to writing may be refused at once ("locked"), however long it would wait.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _mysql_engine(url: URL, patience: float, network: dict[str, Any]) -> Engine:
    session = MYSQL_SESSION.format(seconds=max(1, round(patience)))
    return create_engine(
        url,
        connect_args={"charset": "utf8mb4", "init_command": session, **network},
        isolation_level="READ COMMITTED",
        pool_pre_ping=True,
        pool_recycle=840,
        pool_timeout=patience,
        **POOL,
        **PRIVATE,
    )


def _network(ca: Path | None, url: URL, patience: float) -> dict[str, Any]:
    seconds = max(30, patience)
    arguments: dict[str, Any] = {"connect_timeout": 5, "read_timeout": seconds, "write_timeout": seconds}
    if ca is not None:
        arguments["ssl"] = _verified_tls(ca)
    elif url.host not in (None, "", "localhost", "127.0.0.1", "::1"):
        log.warning("The connection to the database server is not verified: set VIVA_MYSQL_CA.")
    return arguments


def _verified_tls(ca: Path) -> ssl.SSLContext:
    """The only way that checks both the certificate and the host name; ssl_ca alone takes any certificate."""
    try:
        return ssl.create_default_context(cafile=str(ca))
    except OSError as error:  # ssl.SSLError is one
        sentence = f"VIVA_MYSQL_CA can't be used: {ca} is not a file of certificates."
        raise ServiceError(Fault.NOT_CONFIGURED, sentence, retryable=False) from error
