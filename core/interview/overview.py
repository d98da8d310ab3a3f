"""What a learner's Home shows: open interviews, totals, the weakest skill."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from core.domains import Domain
from core.interview.model import Phase
from core.storage.tables import Interview, InterviewRollup, InterviewSkill

ENOUGH = 3
"""Graded answers on a skill before it is called weak: fewer say too little."""


@dataclass(frozen=True, slots=True)
class OpenInterview:
    public_id: str
    domain_name: str
    at: int
    limit: int
    started_at: dt.datetime


@dataclass(frozen=True, slots=True)
class WeakSkill:
    domain: str
    domain_name: str
    skill_name: str
    mean: float
    n: int


@dataclass(frozen=True, slots=True)
class Overview:
    open_: tuple[OpenInterview, ...]
    finished: int
    answered: int
    mean: float | None
    weakest: WeakSkill | None


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
    finished, answered, n, total = session.execute(
        select(
            func.coalesce(func.sum(case((InterviewRollup.finished, 1), else_=0)), 0),
            func.coalesce(func.sum(InterviewRollup.answered), 0),
            func.coalesce(func.sum(InterviewRollup.n), 0),
            func.coalesce(func.sum(InterviewRollup.total), 0),
        ).where(mine)
    ).one()
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
        int(finished),
        int(answered),
        float(total) / float(n) if n else None,
        _weakest(session, learner_id, domains),
    )


def _weakest(session: Session, learner_id: int, domains: Mapping[str, Domain]) -> WeakSkill | None:
    n, total = func.sum(InterviewSkill.n), func.sum(InterviewSkill.total)
    rows = session.execute(
        select(InterviewRollup.domain, InterviewSkill.skill, n, total)
        .join(InterviewRollup, InterviewRollup.interview_id == InterviewSkill.interview_id)
        .where(InterviewSkill.learner_id == learner_id)
        .group_by(InterviewRollup.domain, InterviewSkill.skill)
        .having(n >= ENOUGH)
    ).all()
    known = [row for row in rows if row[0] in domains and row[1] in domains[row[0]].skills]
    if not known:
        return None
    key, skill, n_, total_ = min(known, key=lambda row: float(row[3]) / float(row[2]))
    return WeakSkill(key, domains[key].name, domains[key].skills[skill], float(total_) / float(n_), int(n_))


def _name(domains: Mapping[str, Domain], key: str) -> str:
    return domains[key].name if key in domains else key.replace("_", " ").title()
