"""Whose counts are asked for, and which of them: the one filter that all of a cohort's charts share."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement

FILTERS = ("domain", "skill", "level", "source", "mode")


@dataclass(frozen=True, slots=True)
class Scope:
    """Counts of these cohorts, which must be ones that the viewer looks after; None leaves a filter open.

    `source` is the engine that graded. `since` and `until` are the Mondays of the first and the last week. Interviews
    have many skills and levels, so what counts interviews leaves those two filters out.
    """

    cohort_ids: tuple[int, ...]
    domain: str | None = None
    skill: str | None = None
    level: int | None = None
    source: str | None = None
    mode: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None

    def conditions(self, table: Any) -> list[ColumnElement[bool]]:
        """The filters as conditions on a table of counts, as far as it has their columns."""
        return [table.cohort_id.in_(self.cohort_ids), *self.filters(table)]

    def filters(self, table: Any, names: Iterable[str] = FILTERS) -> list[ColumnElement[bool]]:
        """The conditions without the cohorts."""
        chosen = [(name, getattr(self, name)) for name in names if hasattr(table, name)]
        found = [getattr(table, name) == value for name, value in chosen if value is not None]
        if self.since is not None and hasattr(table, "week"):
            found.append(table.week >= self.since)
        if self.until is not None and hasattr(table, "week"):
            found.append(table.week <= self.until)
        return found
