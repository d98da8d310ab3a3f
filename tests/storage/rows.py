"""Everything that stands in a database, to be compared with what stood there before."""

from typing import Any

from sqlalchemy import select

from core.storage.database import Database
from core.storage.tables import Base

Rows = dict[str, list[tuple[Any, ...]]]


def all_rows(database: Database) -> Rows:
    """The rows of every table, in an order of their own."""
    with database.read() as session:
        return {
            name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
            for name, table in sorted(Base.metadata.tables.items())
        }


def mentions(database: Database, words: list[str], person_id: int | None = None) -> list[str]:
    """table.column of every cell that holds one of the words, or the person's number in a column for such numbers."""
    found = []
    with database.read() as session:
        for name, table in sorted(Base.metadata.tables.items()):
            for row in session.execute(select(table)).mappings():
                for column, value in row.items():
                    named = any(word in str(value) for word in words)
                    if named or (value == person_id is not None and _counts_people(name, column)):
                        found.append(f"{name}.{column}")
    return found


def _counts_people(table: str, column: str) -> bool:
    return (table, column) == ("person", "id") or column.endswith(
        ("person_id", "learner_id", "actor_id", "subject_id", "_by")
    )
