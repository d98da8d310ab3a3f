"""How often "improving" is said: of learners who don't change, and of learners who do, through the real policy."""

import math
from random import Random

import numpy as np

from core.analytics.metrics import trend
from core.interview import policy
from core.interview.model import LEVELS, Band, Move, PastTurn, QuestionRef, band_of
from tests.bench._table import line

LEARNERS, SESSIONS, QUESTIONS = 1000, 8, 10
START_MEAN, START_SD, RESPONSE_SD = -1.0, 0.7, 0.18
"""Beginners: 2.8 logits later they are near the top of what questions of level 5 can tell apart."""
GROWTH = 0.4
BANK = policy.Bank([QuestionRef(f"s{skill}-l{level}", f"s{skill}", level) for skill in range(12) for level in LEVELS])


def main() -> bool:
    """Print both rates; True when both bounds hold."""
    rng = np.random.default_rng(5)
    said = {growth: np.mean([_improving(growth, rng) for _ in range(LEARNERS)]) for growth in (0.0, GROWTH)}
    randomly = np.mean([_improving(None, rng) for _ in range(LEARNERS)])
    print(f"   {LEARNERS} learners each, {SESSIONS} interviews of {QUESTIONS} questions")
    return all(
        [
            line("told “improving” though the scores are random", 100 * randomly, 5, unit=" %", digits=1),
            line("told “improving” though nothing changes", 100 * said[0.0], 5, unit=" %", digits=1),
            line(
                f"told “improving” when it is {GROWTH} logits a session",
                100 * said[GROWTH],
                95,
                at_least=True,
                unit=" %",
                digits=1,
            ),
        ]
    )


def _improving(growth: float | None, rng: np.random.Generator) -> bool:
    start = rng.normal(START_MEAN, START_SD)
    found = [_session(None if growth is None else start + growth * n, rng) for n in range(SESSIONS)]
    return trend([one.theta for one in found], [one.se for one in found]).label == "improving"


def _session(ability: float | None, rng: np.random.Generator) -> policy.Ability:
    """The estimate after one interview; without an ability the scores are thrown with a ten-sided die."""
    begin = policy.starting_ability(None)
    past: list[PastTurn] = []
    for number in range(1, QUESTIONS + 1):
        card = policy.plan(begin, None, past, BANK, Random(int(rng.integers(2**31))))
        step = card.step(band_of(past[-1].score) if past and past[-1].score is not None else Band.NONE)
        hints = step.rung if step.move is Move.HINT else 0
        if ability is None:
            score = int(rng.integers(1, 11))
        else:
            expected = 1 / (1 + math.exp(policy.difficulty(step.level, hints) - ability))
            score = round(1 + 9 * float(np.clip(rng.normal(expected, RESPONSE_SD), 0, 1)))
        past.append(PastTurn(number, step, score, hints))
    return policy.estimate(begin, past)
