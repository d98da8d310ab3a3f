"""Counts of key points: how many answers that should have said one missed it."""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from core.storage.count_tables import POINT_LENGTH, PointCount, PointText
from core.storage.facts import scored, source
from core.storage.tables import GradeRow, Interview, Turn
from core.storage.upserts import adding, dialect_of, keeping, keys_of

MISSED = ("missing", "contradicted")
PART = 500
"""Rows read at a time."""


class About(NamedTuple):
    """What a grade is of, and the engine that its score counts under."""

    cohort_id: int
    week: dt.date
    domain: str
    source: str
    skill: str
    level: int
    question_id: str | None


Place = tuple[int, dt.date, str, str]
"""Cohort, week, domain and engine: with the point's number, the key of a count."""
Marks = tuple[tuple[int, bool], ...]
"""Of each point that an answer should have said its number, and whether it was missed."""


class Tally:
    """Key points of grades, counted up or down before they are written."""

    def __init__(self) -> None:
        self._counts: defaultdict[Place, defaultdict[int, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
        self._texts: dict[int, dict[str, Any]] = {}

    def add(self, about: About, points: Iterable[Mapping[str, Any]], sign: int = 1) -> None:
        """Counts the points of one grade."""
        self.count(about[:4], self.marks(about, points), sign)

    def marks(self, about: About, points: Iterable[Mapping[str, Any]]) -> Marks:
        """What a grade says of its points; their texts are written with the next counts."""
        return tuple((self._noted(about, point["point"]), point["status"] in MISSED) for point in points)

    def count(self, place: Place, marks: Marks, sign: int = 1) -> None:
        """Counts the points of one grade whose marks are known."""
        counts = self._counts[place]
        for id_, missed in marks:
            count = counts[id_]
            count[0] += sign
            count[1] += sign * missed

    def rows(self) -> list[dict[str, Any]]:
        """The counts in the order of their keys, in which all transactions write them; those that add up to nothing left out."""
        names = (*keys_of(PointCount), "n", "missed")
        return [
            dict(zip(names, (*place, id_, *count), strict=True))
            for place, counts in sorted(self._counts.items())
            for id_, count in sorted(counts.items())
            if any(count)
        ]

    def write(self, session: Session) -> None:
        """Adds what was counted to the table, and begins anew."""
        if rows := self.rows():
            done: Any = session.execute(adding(dialect_of(session), PointCount, ("n", "missed")), rows)
            # MySQL says 2 for each count that was there already, and whatever is counted has its text.
            if done.rowcount < 2 * len(rows):
                store_texts(session, self._texts.values())
        self._counts.clear()
        self._texts.clear()

    def _noted(self, about: About, text: str) -> int:
        row = text_row(about, text)
        self._texts.setdefault(row["id"], row)
        return int(row["id"])


def text_row(about: About, text: str) -> dict[str, Any]:
    """A key point as the row of it; what is too long for its column is cut."""
    text = text[:POINT_LENGTH]
    id_ = point_number(about.domain, about.question_id or "", text)
    row = {"id": id_, "domain": about.domain, "skill": about.skill, "level": about.level}
    return {**row, "question_id": about.question_id or "", "text": text}


def store_texts(session: Session, rows: Iterable[dict[str, Any]]) -> None:
    """Stores the rows of key points that are not there yet, in the order in which all transactions do."""
    session.execute(keeping(dialect_of(session), PointText), sorted(rows, key=lambda row: int(row["id"])))


@lru_cache(maxsize=50_000)
def point_number(domain: str, question_id: str, text: str) -> int:
    """A number for a key point that fits a BIGINT, the same wherever it is worked out."""
    digest = hashlib.blake2b(f"{domain}\n{question_id}\n{text}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) >> 1


def tally_of(session: Session, only: ColumnElement[bool], sign: int = 1) -> Tally:
    """What the grades in force of these interviews say about key points, counted up or down."""
    tally = Tally()
    interview = [Interview.cohort_id, Interview.week, Interview.domain]
    wanted = scored(only, *interview, source, Turn.skill, Turn.level, Turn.question_id, GradeRow.detail["points"])
    for *about, points in session.execute(wanted.execution_options(yield_per=PART)):
        tally.add(About(*about), points or (), sign)
    return tally
