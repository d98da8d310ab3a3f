"""A learner's goal, and how far away it is."""

import datetime as dt
import math
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.interview.model import LEVELS
from core.interview.plans import refuse
from core.interview.policy import LOGITS_PER_LEVEL, TARGET_ODDS, difficulty
from core.storage.count_tables import InterviewRollup
from core.storage.database import Database
from core.storage.goal_tables import LearnerGoal
from core.storage.upserts import insert_into, or_set

READY = 0.7
"""The share of the points that "ready" expects, as the interviewer does when it chooses a level."""
RECENT = 5
"""Interviews in the goal's domain that the distance is measured by."""
LONGEST = dt.timedelta(days=3 * 365)


@dataclass(frozen=True, slots=True)
class Goal:
    """Ready for questions of this level (1–5) in this domain by that day."""

    domain: str
    level: int
    due: dt.date


@dataclass(frozen=True, slots=True)
class Distance:
    """`expected` is the share (0–1) of the points that the learner would make at the goal's level now; `level` what they are
    ready for now, as a number that may lie under 1 or over 5; `interviews` what both rest on."""

    expected: float
    level: float
    interviews: int

    @property
    def ready(self) -> bool:
        return self.expected >= READY


def set_goal(database: Database, learner_id: int, goal: Goal, domains: Collection[str], today: dt.date) -> None:
    """Stores the goal in place of an earlier one; raises ServiceError with a sentence where it can't be one."""
    if goal.domain not in domains:
        raise refuse(f"There is no domain called “{goal.domain[:60]}”.")
    if goal.level not in LEVELS:
        raise refuse("Levels run from 1 to 5.")
    if not today < goal.due <= today + LONGEST:
        raise refuse("Choose a day after today, and within three years.")
    values = {"domain": goal.domain, "level": goal.level, "due": goal.due}

    def work(session: Session) -> None:
        inserted = insert_into(session, LearnerGoal).values(person_id=learner_id, **values)
        session.execute(or_set(inserted, LearnerGoal, values))

    database.run(work)


def drop_goal(database: Database, learner_id: int) -> None:
    """The learner has no goal any more."""

    def work(session: Session) -> None:
        session.execute(delete(LearnerGoal).filter_by(person_id=learner_id))

    database.run(work)


def goal_of(session: Session, learner_id: int) -> Goal | None:
    """The learner's goal, if they have one."""
    row = session.get(LearnerGoal, learner_id)
    return Goal(row.domain, row.level, row.due) if row else None


def distance_to(session: Session, learner_id: int, goal: Goal) -> Distance | None:
    """How far the goal is away by the last few interviews in its domain; None before the first graded one.

    Only those that the engine of the last one has graded count; the surer an estimate is, the more it weighs.
    """
    rollup = InterviewRollup
    rows = session.execute(
        select(rollup.source, rollup.ability, rollup.ability_se)
        .where(rollup.learner_id == learner_id, rollup.domain == goal.domain)
        .where(rollup.ability.is_not(None), rollup.ability_se > 0)
        .order_by(rollup.started_at.desc())
        .limit(RECENT)
    ).all()
    known = [(a, se) for source, a, se in rows if source == rows[0][0] and a is not None and se is not None]
    if not known:
        return None
    weights = [1 / se**2 for _, se in known]
    ability = sum(weight * value for weight, (value, _) in zip(weights, known, strict=True)) / sum(weights)
    expected = 1 / (1 + math.exp(difficulty(goal.level) - ability))
    return Distance(expected, 3 + (ability - TARGET_ODDS) / LOGITS_PER_LEVEL, len(known))
