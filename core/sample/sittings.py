"""How the sample interviews went: who answered what, how well; the level follows the answers as in a real one."""

import datetime as dt
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from core.domains import Domain
from core.interview import policy
from core.interview.model import LEVELS, Mode
from core.sample.people import Learner, Size
from core.sample.wording import Script

SURE_FROM = 6.5
"""The score from which a learner feels sure, give or take how well they judge themselves."""
SETTLED = dt.timedelta(days=2)
"""Interviews that are younger were all finished."""


class Response(NamedTuple):
    """A turn: without a score it could not be graded, or was skipped, or is the one at which the learner left.

    `sure` is how the learner felt about the answer, where they said so.
    """

    script: Script
    hint: bool
    score: int | None
    skipped: bool
    voice: bool
    answered: bool = True
    sure: bool | None = None


@dataclass(slots=True)
class Sitting:
    """An interview as it went; `left` when it was neither finished nor ended."""

    learner: Learner
    domain: str
    mode: Mode
    planned: int
    early: bool
    left: bool
    seed: int
    started: dt.datetime
    responses: list[Response]
    ability: policy.Ability | None


class Pool:
    """A domain's questions by level, to draw from."""

    def __init__(self, domain: Domain) -> None:
        self.key = domain.key
        self.scripts = [Script(question, 10 * place) for place, question in enumerate(domain.questions)]
        self.size = len(self.scripts)
        levels = {level: [one for one in self.scripts if one.level == level] for level in LEVELS}
        self._nearest = {level: [levels[near] for near in sorted(LEVELS, key=_distance(level))] for level in LEVELS}

    def draw(self, level: int, used: set[str], rng: Random) -> Script:
        """A question as near the level as there is one that is not used, which it is from then on."""
        if len(used) == self.size:
            used.clear()
        for scripts in self._nearest[level]:
            first = int(rng.random() * len(scripts))
            for place in range(first, first + len(scripts)):
                script = scripts[place % len(scripts)]
                if script.id not in used:
                    used.add(script.id)
                    return script
        raise LookupError(f"{self.key} has no question")


def _distance(level: int) -> Callable[[int], int]:
    return lambda other: abs(other - level)


def sittings_of(
    learner: Learner, size: Size, pools: Mapping[str, Pool], rng: Random, now: dt.datetime
) -> Iterator[Sitting]:
    """The learner's interviews, week by week."""
    first_week = now - dt.timedelta(weeks=size.weeks)
    for week in range(learner.stops):
        for _ in range(rng.choice(size.a_week)):
            started = first_week + dt.timedelta(weeks=week, days=rng.randrange(7), minutes=rng.randrange(720))
            if started < now - dt.timedelta(hours=2):
                ability = learner.ability + learner.growth * week
                yield _sitting(learner, pools[rng.choice(learner.fields)], ability, started, size, rng, now)


def _sitting(
    learner: Learner, pool: Pool, ability: float, started: dt.datetime, size: Size, rng: Random, now: dt.datetime
) -> Sitting:
    planned = rng.choice(size.questions)
    fate = rng.random()
    left = fate < 0.05 and started < now - SETTLED and not learner.is_guide
    early = not left and fate < 0.15
    number = max(2, planned // 2) if early or left else planned
    responses, known = _answers(pool, ability, number, rng)
    if left:
        responses[-1] = responses[-1]._replace(score=None, skipped=False, hint=False, answered=False)
    graded = any(one.score is not None for one in responses)
    mode = rng.choice((Mode.PRACTICE, Mode.PRACTICE, Mode.MOCK))
    seed = rng.randrange(2**31)
    return Sitting(learner, pool.key, mode, planned, early, left, seed, started, responses, known if graded else None)


def _answers(pool: Pool, ability: float, number: int, rng: Random) -> tuple[list[Response], policy.Ability]:
    """The responses, and the estimate that an interview would end with."""
    known, level = policy.starting_ability(None), 2
    used: set[str] = set()
    responses: list[Response] = []
    chance = rng.random
    for _ in range(number):
        script = pool.draw(level, used, rng)
        hint, skipped = chance() < 0.12, chance() < 0.03
        if skipped or chance() < 0.01:
            responses.append(Response(script, hint, None, skipped, chance() < 0.4))
            continue
        hard = policy.difficulty(script.level, hint)
        score = round(1 + 9 * min(1.0, max(0.0, rng.gauss(1 / (1 + math.exp(hard - ability)), 0.16))))
        known = policy.update(known, script.level, score, hint)
        level = policy.target_level(known, script.level)
        sure = score + rng.gauss(0, 2) > SURE_FROM if chance() < 0.3 else None
        responses.append(Response(script, hint, score, False, chance() < 0.4, sure=sure))
    return responses, known
