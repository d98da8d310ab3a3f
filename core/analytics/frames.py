"""From a query's rows to a data frame with the types that charts and statistics need."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Double, Select, cast, func
from sqlalchemy.orm import Session

HISTOGRAM = [f"h{score}" for score in range(1, 11)]
"""The columns with the number of responses that scored 1, 2, … 10."""
COUNTED = ["n", "total", *HISTOGRAM]


def frame_of(
    session: Session, query: Select[*tuple[Any, ...]], floats: Sequence[str] = (), ints: Sequence[str] = ()
) -> pd.DataFrame:
    """The rows with their columns named; sums come back as Decimal from MySQL, so numbers get their types here."""
    result = session.execute(query)
    rows, names = result.all(), list(result.keys())
    types = {**dict.fromkeys(floats, "float64"), **dict.fromkeys(ints, "int64")}
    columns = zip(names, zip(*rows, strict=True) if rows else ((),) * len(names), strict=True)
    # Columns that have their type before they become a frame cost a fraction of those that are given it there.
    made = {name: np.array(values, dtype=types[name]) if name in types else list(values) for name, values in columns}
    return pd.DataFrame(made, columns=names)


def sums(table: Any, names: Sequence[str] = COUNTED) -> list[Any]:
    """The sum of each of these columns, under the column's name."""
    return [total(getattr(table, name)).label(name) for name in names]


def total(number: Any) -> ColumnElement[float]:
    """The sum of a whole number, exact to 2^53 like any float: MariaDB takes twice as long to add integers, as decimals."""
    return func.sum(cast(number, Double))
