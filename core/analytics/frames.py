"""From a query's rows to a data frame with the types that charts and statistics need."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from sqlalchemy import Select, func
from sqlalchemy.orm import Session

HISTOGRAM = [f"h{score}" for score in range(1, 11)]
"""The columns with the number of responses that scored 1, 2, … 10."""
COUNTED = ["n", "total", *HISTOGRAM]


def frame_of(
    session: Session, query: Select[*tuple[Any, ...]], floats: Sequence[str] = (), ints: Sequence[str] = ()
) -> pd.DataFrame:
    """The rows with their columns named; sums come back as Decimal from MySQL, so numbers get their types here."""
    result = session.execute(query)
    columns = zip(*result.all(), strict=True)  # by rows pandas takes several times as long
    frame = pd.DataFrame(dict(zip(result.keys(), columns, strict=False)), columns=list(result.keys()))
    return frame.astype({**dict.fromkeys(floats, "float64"), **dict.fromkeys(ints, "int64")})


def sums(table: Any, names: Sequence[str] = COUNTED) -> list[Any]:
    """The sum of each of these columns, under the column's name."""
    return [func.sum(getattr(table, name)).label(name) for name in names]
