"""What a learner's Home shows: open interviews and totals."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.domains import Domain
from core.interview.model import Phase
from core.storage.count_tables import InterviewRollup, LearnerCount
from core.storage.facts import is_told, sum_of
from core.storage.tables import Interview


@dataclass(frozen=True, slots=True)
class OpenInterview:
    public_id: str
    domain_name: str
    at: int
    limit: int
    started_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Overview:
    """`last` is the newest finished interview, by its public id; the mean is that of all graded answers that may be seen."""

    open_: tuple[OpenInterview, ...]
    last: str | None
    finished: int
    answered: int
    mean: float | None


def overview_of(session: Session, learner_id: int, domains: Mapping[str, Domain]) -> Overview:
    """The learner's own standing, from the counts."""
    mine = InterviewRollup.learner_id == learner_id
    open_ = session.execute(
        select(Interview, InterviewRollup.answered)
        .join(InterviewRollup, InterviewRollup.interview_id == Interview.id)
        .where(mine, Interview.phase != Phase.FINISHED)
        .order_by(Interview.started_at.desc())
        .limit(5)
    ).all()
    last = session.scalar(
        select(Interview.public_id)
        .where(Interview.learner_id == learner_id, Interview.phase == Phase.FINISHED)
        .order_by(Interview.started_at.desc())
        .limit(1)
    )
    finished, answered, n, total = session.execute(
        select(
            sum_of(LearnerCount.finished),
            sum_of(LearnerCount.answered),
            sum_of(LearnerCount.n),
            sum_of(LearnerCount.total),
        ).where(LearnerCount.learner_id == learner_id)
    ).one()
    withheld = select(sum_of(InterviewRollup.n), sum_of(InterviewRollup.total)).where(mine, ~is_told())
    n_withheld, total_withheld = session.execute(withheld).one()
    n, total = n - n_withheld, total - total_withheld
    return Overview(
        tuple(
            OpenInterview(
                interview.public_id,
                _name(domains, interview.domain),
                min(int(done) + 1, interview.question_limit),
                interview.question_limit,
                interview.started_at,
            )
            for interview, done in open_
        ),
        last,
        finished,
        answered,
        total / n if n else None,
    )


def _name(domains: Mapping[str, Domain], key: str) -> str:
    return domains[key].name if key in domains else key.replace("_", " ").title()
