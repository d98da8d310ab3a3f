"""Columns that several revisions make; what is here is history and never changes."""

import sqlalchemy as sa

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""SQLite numbers rows by itself only where the key is a plain INTEGER."""


def score_counts() -> list[sa.Column[int]]:
    """How many scores, their sum, and how many of each from 1 to 10."""
    names = ("n", "total", *(f"h{score}" for score in range(1, 11)))
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]
