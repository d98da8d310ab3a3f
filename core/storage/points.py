"""Counts of key points: how many answers that should have said one missed it."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from core.storage.count_tables import POINT_LENGTH, PointCount, PointText
from core.storage.facts import scored, source
from core.storage.tables import GradeRow, Interview, Turn
from core.storage.upserts import insert_into, or_add, or_set, table_of

MISSED = ("missing", "contradicted")
PART = 500
"""Rows written with one statement."""


class About(NamedTuple):
    """What a grade is of, and the engine that its score counts under."""

    cohort_id: int
    week: dt.date
    domain: str
    source: str
    skill: str
    level: int
    question_id: str | None


class Key(NamedTuple):
    """The key of a count, in the order of the table's primary key."""

    cohort_id: int
    week: dt.date
    domain: str
    source: str
    point_id: int


class Tally:
    """Key points of grades, counted up or down before they are written."""

    def __init__(self) -> None:
        self._n: Counter[Key] = Counter()
        self._missed: Counter[Key] = Counter()
        self._texts: dict[int, dict[str, Any]] = {}

    def __len__(self) -> int:
        return len(self._n)

    def add(self, about: About, points: Iterable[Mapping[str, Any]], sign: int = 1) -> None:
        """Counts the points of one grade."""
        for point in points:
            key = Key(*about[:4], self._noted(about, point["point"][:POINT_LENGTH]))
            self._n[key] += sign
            self._missed[key] += sign * (point["status"] in MISSED)

    def rows(self) -> list[dict[str, Any]]:
        """The counts in the order of their keys, in which all transactions write them; those that add up to nothing left out."""
        changed = sorted(key for key, n in self._n.items() if n or self._missed[key])
        return [{**key._asdict(), "n": self._n[key], "missed": self._missed[key]} for key in changed]

    def write(self, session: Session) -> None:
        """Adds what was counted to the table, and begins anew."""
        texts = sorted(self._texts.values(), key=lambda row: int(row["id"]))
        for place in range(0, len(texts), PART):
            known = insert_into(session, PointText).values(texts[place : place + PART])
            session.execute(or_set(known, PointText, {"id": table_of(PointText).c.id}))
        rows = self.rows()
        for place in range(0, len(rows), PART):
            counted = insert_into(session, PointCount).values(rows[place : place + PART])
            session.execute(or_add(counted, PointCount, ["n", "missed"]))
        self._n, self._missed, self._texts = Counter(), Counter(), {}

    def _noted(self, about: About, text: str) -> int:
        id_ = point_number(about.domain, about.question_id or "", text)
        if id_ not in self._texts:
            row = {"id": id_, "domain": about.domain, "skill": about.skill, "level": about.level}
            self._texts[id_] = {**row, "question_id": about.question_id or "", "text": text}
        return id_


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
