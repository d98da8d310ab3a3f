"""Insert a row, or change the one with its key: SQLite and MySQL say that differently.

Statements are made once and given values: building one takes longer than running it, and a grade runs a dozen.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Select, Table, Update, bindparam, update
from sqlalchemy.dialects import mysql, sqlite
from sqlalchemy.orm import Session

Upsert = sqlite.Insert | mysql.Insert


def dialect_of(session: Session) -> str:
    return session.get_bind().dialect.name


def table_of(model: type[Any]) -> Table:
    return cast(Table, model.__table__)


def keys_of(model: type[Any]) -> list[str]:
    """The names of the columns of the primary key."""
    return [column.name for column in table_of(model).primary_key]


def add(session: Session, model: type[Any], key: Mapping[str, Any], change: Mapping[str, int]) -> None:
    """Adds to the row with this key, which comes into being with the first addition."""
    change = {name: number for name, number in change.items() if number}
    if not change:
        return
    session.execute(adding(dialect_of(session), model, tuple(change)), [{**key, **change}])  # type: ignore[arg-type] # a class is hashable


@lru_cache(maxsize=500)
def adding(dialect: str, model: type[Any], names: tuple[str, ...]) -> Upsert:
    """The insert, to be given rows, which adds to these columns where a row with its key exists."""
    return or_add(_insert(dialect, model), model, names)


def add_to(session: Session, model: type[Any], key: Mapping[str, Any], change: Mapping[str, int]) -> bool:
    """Adds to the row with this key, and says whether there is one; an object that the session holds of it isn't told."""
    change = {name: number for name, number in change.items() if number}
    return not change or _update(session, _adding_to(model, tuple(change)), key, change)  # type: ignore[arg-type] # a class is hashable


def put(session: Session, model: type[Any], key: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Sets these values in the row with this key, and says whether there is one, as `add_to` does."""
    return _update(session, _putting(model, tuple(values)), key, values)  # type: ignore[arg-type] # a class is hashable


def _update(session: Session, statement: Update, key: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    given = {f"of_{name}": value for name, value in key.items()} | {f"to_{name}": new for name, new in values.items()}
    done: Any = session.execute(statement, given)
    return bool(done.rowcount == 1)


@lru_cache(maxsize=500)
def _adding_to(model: type[Any], names: tuple[str, ...]) -> Update:
    columns = table_of(model).c
    return _with_key(model).values({name: columns[name] + bindparam(f"to_{name}") for name in names})


@lru_cache(maxsize=50)
def _putting(model: type[Any], names: tuple[str, ...]) -> Update:
    return _with_key(model).values({name: bindparam(f"to_{name}") for name in names})


def _with_key(model: type[Any]) -> Update:
    columns = table_of(model).c
    return update(table_of(model)).where(*(columns[name] == bindparam(f"of_{name}") for name in keys_of(model)))


def insert_into(session: Session, model: type[Any]) -> Upsert:
    """An insert that `or_set` can be put on."""
    return _insert(dialect_of(session), model)


def _insert(dialect: str, model: type[Any]) -> Upsert:
    table = table_of(model)
    return sqlite.insert(table) if dialect == "sqlite" else mysql.insert(table)


def or_set(statement: Upsert, model: type[Any], values: Mapping[str, Any]) -> Upsert:
    """The insert, which sets these values instead where a row with its key exists."""
    if isinstance(statement, sqlite.Insert):
        return statement.on_conflict_do_update(index_elements=keys_of(model), set_=values)
    return statement.on_duplicate_key_update(values)


def or_add(statement: Upsert, model: type[Any], names: Sequence[str]) -> Upsert:
    """The insert, which adds its values to these columns instead where a row with its key exists."""
    new, old = new_values(statement), table_of(model).c
    return or_set(statement, model, {name: old[name] + new[name] for name in names})


def new_values(statement: Upsert) -> Any:
    """The values that an insert would have put into the row, for what it sets instead."""
    return statement.excluded if isinstance(statement, sqlite.Insert) else statement.inserted


def store_rows(model: type[Any], dialect: str, rows: Select[Any]) -> Upsert:
    """The statement that stores the rows of the query in the table, in place of those with their keys."""
    names, keys = rows.selected_columns.keys(), keys_of(model)
    statement = _insert(dialect, model).from_select(names, rows)
    new = new_values(statement)
    return or_set(statement, model, {name: new[name] for name in names if name not in keys})


def touch(session: Session, model: type[Any], key: Mapping[str, Any]) -> None:
    """Makes sure that the row with this key is there, and that no other transaction changes it before this one ends."""
    session.execute(keeping(dialect_of(session), model), [{**key, **_zeros(model)}])  # type: ignore[arg-type] # a class is hashable


def reset(session: Session, model: type[Any], key: Mapping[str, Any]) -> None:
    """The same, with nothing but zeros in the row."""
    session.execute(_resetting(dialect_of(session), model), [{**key, **_zeros(model)}])  # type: ignore[arg-type] # a class is hashable


@lru_cache(maxsize=50)
def keeping(dialect: str, model: type[Any]) -> Upsert:
    """The insert, to be given rows, which leaves a row with its key as it is, but locks it."""
    same = next(column for column in table_of(model).c if not column.primary_key)
    return or_set(_insert(dialect, model), model, {same.name: same})


@lru_cache(maxsize=50)
def _resetting(dialect: str, model: type[Any]) -> Upsert:
    return or_set(_insert(dialect, model), model, _zeros(model))


def _zeros(model: type[Any]) -> dict[str, int]:
    return {column.name: 0 for column in table_of(model).c if not column.primary_key}
