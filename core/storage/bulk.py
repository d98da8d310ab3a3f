"""Many rows at once, past the unit of work: for loading what is made up or copied, never for what people do."""

import datetime as dt
import gc
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, insert

from core.storage.tables import UTCDateTime
from core.storage.upserts import table_of

PACKET = 1_000_000
"""Letters in one statement, where rows are written into it: far below what a server takes."""


class Inserter:
    """Inserts rows of these columns, given as tuples of values as the driver takes them; see `converter`.

    Columns that are not named must be nullable, or have a default in the database.
    """

    def __init__(self, connection: Connection, model: type[Any], names: Sequence[str]) -> None:
        self._connection = connection
        table = table_of(model)
        order = [column.name for column in table.c if column.name in names]  # as the statement names them
        compiled = insert(table).compile(dialect=connection.dialect, column_keys=order)
        self._positional = compiled.positional
        self._text = str(compiled)
        self._arranged = itemgetter(*(names.index(name) for name in order))

    def insert(self, rows: Sequence[tuple[Any, ...]]) -> None:
        if not rows:
            return
        arranged = map(self._arranged, rows)
        if self._positional:
            self._connection.exec_driver_sql(self._text, list(arranged))
            return
        for statement in self._written(arranged):
            self._connection.exec_driver_sql(statement, execution_options={"no_parameters": True})

    def _written(self, rows: Iterator[tuple[Any, ...]]) -> Iterator[str]:
        """Statements with the rows in them: PyMySQL makes the same, but quotes a text as often as it comes."""
        head = self._text.partition(" VALUES ")[0] + " VALUES "
        quote = self._connection.connection.driver_connection.escape  # type: ignore[union-attr] # PyMySQL's
        ways: dict[type, Callable[[Any], str]] = {int: str, str: cache(quote), type(None): lambda _: "NULL"}
        texts = defaultdict(lambda: quote, ways)
        parts: list[str] = []
        size = 0
        for row in rows:
            part = f"({','.join([texts[type(one)](one) for one in row])})"
            if parts and size + len(part) > PACKET:
                yield head + ",".join(parts)
                parts, size = [], 0
            parts.append(part)
            size += len(part) + 1
        yield head + ",".join(parts)


def converter(connection: Connection, model: type[Any], name: str) -> Callable[[Any], Any]:
    """What turns a value of this column into what the driver takes: needed for times, dates and JSON."""
    type_ = table_of(model).c[name].type
    if isinstance(type_, UTCDateTime):
        return _utc_text
    return type_.dialect_impl(connection.dialect).bind_processor(connection.dialect) or _as_it_is


def _utc_text(moment: dt.datetime) -> str:
    """A UTC time as SQLite keeps it and MySQL reads it: the types' own way takes six times as long."""
    return moment.replace(tzinfo=None).isoformat(" ", "microseconds")


def _as_it_is(value: Any) -> Any:
    return value


@contextmanager
def uncollected() -> Iterator[None]:
    """Leaves the garbage collector out, which looks through millions of rows again and again and finds nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
