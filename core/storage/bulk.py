"""Many rows at once, past the unit of work: for loading what is made up or copied, never for what people do."""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, insert

from core.storage.upserts import table_of


class Inserter:
    """Inserts rows of these columns, given as tuples of values as the driver takes them; see `converter`.

    Columns that are not named must be nullable, or have a default in the database.
    """

    def __init__(self, connection: Connection, model: type[Any], names: Sequence[str]) -> None:
        self._connection = connection
        table = table_of(model)
        order = [column.name for column in table.c if column.name in names]  # as the statement names them
        compiled = insert(table).compile(dialect=connection.dialect, column_keys=order)
        self._text = str(compiled) if compiled.positional else str(compiled) % dict.fromkeys(order, "%s")
        self._arranged = itemgetter(*(names.index(name) for name in order))

    def insert(self, rows: Sequence[tuple[Any, ...]]) -> None:
        if rows:
            self._connection.exec_driver_sql(self._text, list(map(self._arranged, rows)))


def converter(connection: Connection, model: type[Any], name: str) -> Callable[[Any], Any]:
    """What turns a value of this column into what the driver takes: needed for times, dates and JSON."""
    convert = table_of(model).c[name].type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
    return convert or _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
