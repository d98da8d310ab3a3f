"""What to practise next: weak skills and fading ones, in one order, at the level that fits.

A skill fades as in spaced repetition: what is left of it halves in seven days, and in twice as many after each good
interview on it in a row. What is left of its mean score says how urgent it is.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, select
from sqlalchemy.orm import Session

from core.domains import Domain
from core.interview.policy import Ability, target_level
from core.storage.count_tables import InterviewRollup, InterviewSkill

LOOKED_AT = 120
"""Interviews, the newest ones, that it goes by."""
RECENT = 5
"""Interviews on a skill that its mean is taken over."""
ENOUGH = 3
"""Graded answers on a skill before anything is said of it: fewer say too little."""
GOOD = 7.0
HALF_LIFE = dt.timedelta(days=7)
DOUBLINGS = 5


@dataclass(frozen=True, slots=True)
class Practised:
    """The scores of one interview on one skill."""

    domain: str
    source: str
    skill: str
    at: dt.datetime
    n: int
    total: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A skill's mean (1–10) over the last n answers on it, when it was last practised, and what is left (0–1) since."""

    domain: str
    skill: str
    mean: float
    n: int
    last: dt.datetime
    left: float

    @property
    def fading(self) -> bool:
        """Whether a skill that was good is due again."""
        return self.mean >= GOOD and self.left < 0.5

    @property
    def today(self) -> float:
        """The score that may be expected now: the lower, the more urgent."""
        return 1 + (self.mean - 1) * self.left


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The skill to practise next, and the level to do it at."""

    standing: Standing
    level: int


def suggest(session: Session, learner_id: int, domains: Mapping[str, Domain], now: dt.datetime) -> Suggestion | None:
    """The best next practice; None while no skill has enough graded answers."""
    ranked = [
        one
        for one in standings(practised(session, learner_id), now)
        if one.domain in domains and one.skill in domains[one.domain].skills
    ]
    if not ranked:
        return None
    rollup = InterviewRollup
    row = session.execute(
        select(rollup.ability, rollup.ability_se)
        .where(rollup.learner_id == learner_id, rollup.domain == ranked[0].domain, rollup.ability.is_not(None))
        .order_by(rollup.started_at.desc())
        .limit(1)
    ).first()
    ability = Ability(row[0], row[1] ** 2) if row and row[0] is not None and row[1] is not None else Ability()
    return Suggestion(ranked[0], target_level(ability, None))


def practised(session: Session, learner_id: int) -> list[Practised]:
    """The scores by interview and skill of the newest interviews, newest first."""
    return [Practised(*row) for row in session.execute(_practised(), {"learner_id": learner_id})]


@cache  # making it takes longer than running it
def _practised() -> Select[Any]:
    rollup, skill = InterviewRollup, InterviewSkill
    learner_id: BindParameter[int] = bindparam("learner_id")
    newest = (
        select(rollup.interview_id, rollup.domain, rollup.source, rollup.started_at)
        .where(rollup.learner_id == learner_id, rollup.n > 0)
        .order_by(rollup.started_at.desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    return (
        select(newest.c.domain, newest.c.source, skill.skill, newest.c.started_at, skill.n, skill.total)
        .join(skill, skill.interview_id == newest.c.interview_id)
        .where(skill.learner_id == learner_id, skill.n > 0)
        .order_by(newest.c.started_at.desc(), skill.skill)
    )


def standings(rows: Sequence[Practised], now: dt.datetime, *, enough: int = ENOUGH) -> list[Standing]:
    """How each skill with enough answers stands, the most urgent first; `rows` newest first.

    Only scores of the newest row's engine count.
    """
    by_skill: dict[tuple[str, str], list[Practised]] = defaultdict(list)
    for row in rows:
        if row.source == rows[0].source:
            by_skill[row.domain, row.skill].append(row)
    found = [_standing(past, now) for past in by_skill.values()]
    return sorted((one for one in found if one.n >= enough), key=lambda one: (one.today, one.domain, one.skill))


def _standing(past: Sequence[Practised], now: dt.datetime) -> Standing:
    recent = past[:RECENT]
    n = sum(one.n for one in recent)
    good = 0
    while good < min(len(past), DOUBLINGS) and past[good].total >= GOOD * past[good].n:
        good += 1
    away = max(now - past[0].at, dt.timedelta())
    left = 0.5 ** (away / (HALF_LIFE * 2**good))
    return Standing(past[0].domain, past[0].skill, sum(one.total for one in recent) / n, n, past[0].at, left)
