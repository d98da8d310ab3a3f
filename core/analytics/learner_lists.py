"""The learners of a cohort as a list: who comes first, and what is told of those on one page of it."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from core.analytics.cohorts import enrolled_in, last_interview
from core.analytics.frames import frame_of, sums
from core.analytics.scope import Scope
from core.storage.count_tables import LearnerCount
from core.storage.tables import Person

WHOLE = ("started", "finished", "answered", "hints", "ungraded", "n")


class Order(StrEnum):
    """By what learners are put in order; whoever has nothing of it comes last, but is away the longest."""

    NAME = "name"
    AWAY = "away"
    LOWEST = "lowest"
    HIGHEST = "highest"
    BUSIEST = "busiest"


def listed(session: Session, scope: Scope, *only: ColumnElement[bool], order: Order = Order.NAME) -> list[int]:
    """The ids of all learners of the cohorts in this order, then by name; `only` narrows them.

    Scores are those of the scope's domain, mode and engine; its weeks, skill and level don't filter them.
    """
    query = select(Person.id).where(enrolled_in(scope.cohort_ids), *only)
    if order is not Order.NAME:
        keys, counted = _keys(scope, order)
        query = query if counted is None else query.outerjoin(counted, counted.c.learner_id == Person.id)
        query = query.order_by(*keys)
    return list(session.scalars(query.order_by(Person.name, Person.id)))


def _keys(scope: Scope, order: Order) -> tuple[list[ColumnElement[Any]], Any]:
    """What to order by, and the subquery that it is in, if any."""
    if order is Order.AWAY:
        return [last_interview()], None  # never comes before the longest ago
    per = _counted(scope)
    if order is Order.BUSIEST:
        return [func.coalesce(per.started, 0).desc()], per.n.table
    mean = case((per.n > 0, per.total * 1.0 / per.n))
    return [mean.is_(None), mean.asc() if order is Order.LOWEST else mean.desc()], per.n.table


def learners(session: Session, scope: Scope, learner_ids: Sequence[int]) -> pd.DataFrame:
    """What these learners did in the cohorts, a row for each in the same order, whether or not there is anything to count.

    Columns: id, public_id, name, is_sample, last_interview (UTC, in any cohort), interviews, finished, answered, hints,
    ungraded, n, mean (1–10, of what was graded), level (mean level served).
    """
    per = _counted(scope, LearnerCount.learner_id.in_(learner_ids))
    query = (
        select(
            Person.id,
            Person.public_id,
            Person.name,
            Person.is_sample,
            last_interview().label("last_interview"),
            *(func.coalesce(per[name], 0).label(name) for name in WHOLE),
            case((per.n > 0, per.total * 1.0 / per.n)).label("mean"),
            case((per.n > 0, per.level_total * 1.0 / per.n)).label("level"),
        )
        .outerjoin(per.n.table, per.learner_id == Person.id)
        .where(Person.id.in_(learner_ids))
    )
    frame = frame_of(session, query, ["mean", "level"], ["id", *WHOLE]).rename(columns={"started": "interviews"})
    frame = frame.set_index("id").reindex(list(learner_ids)).reset_index()
    return frame.assign(last_interview=pd.to_datetime(frame["last_interview"], utc=True))


def _counted(scope: Scope, *only: ColumnElement[bool]) -> Any:
    """The columns of a subquery with what each learner did in the cohorts of the scope."""
    counted = select(LearnerCount.learner_id, *sums(LearnerCount, [*WHOLE, "total", "level_total"]))
    counted = counted.where(*scope.conditions(LearnerCount), *only)
    return counted.group_by(LearnerCount.learner_id).subquery().c
