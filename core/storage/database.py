"""The database: one engine, transactions for reading and for writing, the same on SQLite and on MySQL/MariaDB."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session, sessionmaker

T = TypeVar("T")


class Database:
    """Transactions on one database.

    `read()` and `write()` are context managers of a Session that commits at the end; `run(work)` does `work(session)` in a
    writing transaction and repeats it whole when the database says that it lost a race or a connection.
    """

    def __init__(self, url: str) -> None:
        self.engine: Engine = create_engine(url)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    @contextmanager
    def read(self) -> Iterator[Session]:
        with self._sessions() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        with self._sessions.begin() as session:
            yield session

    def run(self, work: Callable[[Session], T]) -> T:
        with self.write() as session:
            return work(session)

    def close(self) -> None:
        self.engine.dispose()
