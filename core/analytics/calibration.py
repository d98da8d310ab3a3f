"""Sure or unsure: how what learners say of their answers before sending fits what these score."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from core.analytics.frames import frame_of
from core.storage.facts import source
from core.storage.tables import GradeRow, Interview, Turn

RIGHT, WRONG = 7, 4
"""An answer is right from 7, and wrong up to 4: between them it is partly right, which tells little either way."""

LOOKED_AT = 100
"""Interviews, the newest ones, that are looked at: it is about how well one judges oneself now."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Answers of which the learner was equally sure: how many, how many of them right, and how many wrong."""

    n: int = 0
    right: int = 0
    wrong: int = 0

    @property
    def results(self) -> tuple[int, int, int]:
        """Right, partly right, and wrong."""
        return self.right, self.n - self.right - self.wrong, self.wrong


@dataclass(frozen=True, slots=True)
class Surprise:
    """An answer that the learner was sure of and that is wrong, or the other way round."""

    interview: str
    number: int
    domain: str
    skill: str
    sure: bool
    score: int


def calibration(session: Session, learner_id: int, *, domain: str | None = None) -> pd.DataFrame:
    """The learner's graded answers of which they said how sure they were, by domain, source and that.

    Columns: domain, source, sure (bool), n, right, wrong, mean (1–10).
    """
    score = GradeRow.score
    counted = [
        func.count().label("n"),
        func.sum(case((score >= RIGHT, 1), else_=0)).label("right"),
        func.sum(case((score <= WRONG, 1), else_=0)).label("wrong"),
        (func.sum(score) * 1.0 / func.count()).label("mean"),
    ]
    keys: list[Any] = [Interview.domain, source.label("source"), Turn.sure]
    query = _of_answers(select(*keys, *counted), learner_id, domain)
    query = query.group_by(Interview.domain, source, Turn.sure).order_by(Interview.domain, source, Turn.sure.desc())
    return frame_of(session, query, ["mean"], ["n", "right", "wrong"])


def judged(rows: pd.DataFrame, source: str, *, sure: bool) -> Judged:
    """What `calibration` found of one engine's grades, all domains together."""
    part = rows[(rows["source"] == source) & (rows["sure"] == sure)]
    return Judged(*(int(part[name].sum()) for name in ("n", "right", "wrong")))


def surprises(session: Session, learner_id: int, *, domain: str | None = None, limit: int = 10) -> list[Surprise]:
    """The newest answers that were sure and wrong, or unsure and right: the ones to read again."""
    off = or_(
        and_(Turn.sure.is_(True), GradeRow.score <= WRONG),
        and_(Turn.sure.is_(False), GradeRow.score >= RIGHT),
    )
    columns = (Interview.public_id, Turn.number, Interview.domain, Turn.skill, Turn.sure, GradeRow.score)
    query = _of_answers(select(*columns), learner_id, domain).where(off)
    rows = session.execute(query.order_by(Interview.started_at.desc(), Turn.number).limit(limit))
    return [Surprise(*row) for row in rows]


def _of_answers(query: Any, learner_id: int, domain: str | None) -> Any:
    """The query on current scores of answers with a word on how sure the learner was, in their newest interviews."""
    newest = select(Interview.id).where(Interview.learner_id == learner_id).order_by(Interview.started_at.desc())
    if domain:
        newest = newest.where(Interview.domain == domain)
    recent = newest.limit(LOOKED_AT).subquery()  # MySQL takes no limit within IN
    return (
        query.select_from(recent)
        .join(Interview, Interview.id == recent.c.id)
        .join(Turn, Turn.interview_id == Interview.id)
        .join(GradeRow, GradeRow.turn_id == Turn.id)
        .where(Turn.sure.is_not(None), GradeRow.is_current, GradeRow.score.is_not(None))
    )
