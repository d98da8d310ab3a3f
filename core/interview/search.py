"""Finding a learner's past interviews: by domain, date, level, mode, score and words, sorted, a page at a time."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Dialect, Select, and_, case, or_, select
from sqlalchemy.orm import Session

from core.interview.model import keeps_scores
from core.storage.count_tables import InterviewRollup
from core.storage.tables import Interview, Turn

MEAN = case((InterviewRollup.n > 0, InterviewRollup.total * 1.0 / InterviewRollup.n))


class Score(StrEnum):
    """The mean score of an interview, as coarsely as one looks for it."""

    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"
    NONE = "none"


BANDS = {Score.LOW: (1.0, 5.0), Score.MIDDLE: (5.0, 7.0), Score.HIGH: (7.0, 11.0)}
"""From, and up to but not with: the bounds of the colours that scores are shown in."""


class Order(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    BEST = "best"
    WEAKEST = "weakest"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for; what is None or empty doesn't matter. `words` are looked for in what was asked and answered.

    `level` is the mean level of the graded questions, rounded; `since` counts in, `until` doesn't.
    """

    words: str = ""
    domain: str | None = None
    mode: str | None = None
    level: int | None = None
    score: Score | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    order: Order = Order.NEWEST


@dataclass(frozen=True, slots=True)
class Found:
    """An interview as lists show it: `mean` (1–10) and `level` of its `n` graded answers, None where there is none."""

    public_id: str
    domain: str
    mode: str
    started_at: dt.datetime
    finished: bool
    answered: int
    n: int
    mean: float | None
    level: float | None


def search(session: Session, learner_id: int, wanted: Wanted) -> Sequence[int]:
    """The ids of the learner's interviews that fit, in the wanted order; `found` tells what lists show of them."""
    rollup = InterviewRollup
    latest = (rollup.started_at.desc(), rollup.interview_id.desc())
    orders: dict[Order, tuple[Any, ...]] = {
        Order.NEWEST: latest,
        Order.OLDEST: (rollup.started_at, rollup.interview_id),
        Order.BEST: (MEAN.is_(None), MEAN.desc(), *latest),
        Order.WEAKEST: (MEAN.is_(None), MEAN, *latest),
    }
    query = select(rollup.interview_id).where(rollup.learner_id == learner_id, *_conditions(wanted))
    if words := wanted.words.strip():
        query = query.where(rollup.interview_id.in_(_saying(session, learner_id, words)))
    return session.scalars(query.order_by(*orders[wanted.order])).all()


def found(session: Session, learner_id: int, ids: Sequence[int]) -> list[Found]:
    """What lists show of these interviews, in the order of the ids; the ones that are not the learner's are left out."""
    rollup = InterviewRollup
    query = (
        select(
            rollup.interview_id,
            Interview.public_id,
            rollup.domain,
            rollup.mode,
            rollup.started_at,
            rollup.finished,
            rollup.answered,
            rollup.n,
            rollup.total,
            rollup.level_total,
        )
        .join(Interview, Interview.id == rollup.interview_id)
        .where(rollup.learner_id == learner_id, rollup.interview_id.in_(ids))
    )
    rows = {id_: _found(*values) for id_, *values in session.execute(query)}
    return [rows[id_] for id_ in ids if id_ in rows]


def _found(
    public_id: str,
    domain: str,
    mode: str,
    started_at: dt.datetime,
    finished: bool,
    answered: int,
    n: int,
    total: int,
    level_total: int,
) -> Found:
    told = n and not keeps_scores(mode, finished=finished)
    mean, level = (total / n, level_total / n) if told else (None, None)
    return Found(public_id, domain, mode, started_at, finished, answered, n, mean, level)


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    rollup = InterviewRollup
    conditions: list[ColumnElement[bool]] = []
    if wanted.domain:
        conditions.append(rollup.domain == wanted.domain)
    if wanted.mode:
        conditions.append(rollup.mode == wanted.mode)
    if wanted.since:
        conditions.append(rollup.started_at >= wanted.since)
    if wanted.until:
        conditions.append(rollup.started_at < wanted.until)
    if wanted.level is not None:  # in whole numbers, since databases round halves differently
        twice = rollup.level_total * 2
        conditions.append(rollup.n > 0)
        conditions.append(and_(twice >= (2 * wanted.level - 1) * rollup.n, twice < (2 * wanted.level + 1) * rollup.n))
    if wanted.score is Score.NONE:
        conditions.append(rollup.n == 0)
    elif wanted.score is not None:
        low, high = BANDS[wanted.score]
        conditions.append(and_(low <= MEAN, high > MEAN))
    return conditions


def _saying(session: Session, learner_id: int, words: str) -> Select[int]:
    """The learner's interviews with these words in what was asked or answered, in capitals or not."""
    dialect = session.get_bind().dialect
    said = [_contains(dialect, column, words) for column in (Turn.message, Turn.answer)]
    return (
        select(Turn.interview_id)
        .join(Interview, Interview.id == Turn.interview_id)
        .where(Interview.learner_id == learner_id, or_(*said))
    )


def _contains(dialect: Dialect, column: Any, words: str) -> ColumnElement[bool]:
    """Whether the words stand in the text; lower() on all texts would take longer than the search itself."""
    found: ColumnElement[bool] = column.icontains(words, autoescape=True)
    if getattr(dialect, "is_mariadb", False):
        found = column.regexp_match(re.escape(words), flags="i")
    elif dialect.name == "sqlite":  # its LIKE knows the capitals of ASCII only, so it looks for the rest by lower()
        likely = column.like(f"%{_likely(words)}%", escape="/")
        found = likely if words.isascii() else and_(likely, found)
    return found


def _likely(words: str) -> str:
    """A pattern for LIKE in which any letter may stand for one whose capitals SQLite doesn't know."""
    return "".join(
        f"/{letter}"
        if letter in "%_/"
        else "_"
        if not letter.isascii() and letter.lower() != letter.upper()
        else letter
        for letter in words
    )
