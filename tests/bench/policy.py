"""Does the adaptive difficulty do its work? 600 simulated learners, each with a known ability, 25 questions each."""

import math
from random import Random

import numpy as np

from core.interview import policy
from core.interview.model import LEVELS, MAX_TURNS, Band, Move, PastTurn, QuestionRef, band_of

LEARNERS = 600
ABILITY_SD = 1.1
RESPONSE_SD = 0.18
"""How far one response lies from what the ability predicts, as a share of the points."""
AUTHOR_SD = 0.4
"""How far a question's true level lies from the level that its author gave it."""


def main() -> bool:
    """Print the table; True when every bound holds."""
    rng = np.random.default_rng(11)
    bank = [QuestionRef(f"s{skill}-l{level}", f"s{skill}", level) for skill in range(12) for level in LEVELS]
    true_level = {question.id: question.level + rng.normal(0, AUTHOR_SD) for question in bank}
    within, errors = 0, {10: [], MAX_TURNS: []}
    for learner in range(LEARNERS):
        ability = rng.normal(0, ABILITY_SD)
        shares, estimates = _interview(learner, ability, policy.Bank(bank), true_level, rng)
        within += 0.6 <= np.mean(shares[5:]) <= 0.8
        for number in errors:
            errors[number].append(estimates[number - 1] - ability)
    share = within / LEARNERS
    rmse = {number: float(np.sqrt(np.mean(np.square(found)))) for number, found in errors.items()}
    print(f"average 60–80 % after question 5: {share:.1%} of {LEARNERS} learners (bound 75 %)")
    print(f"error of the ability estimate: {rmse[10]:.2f} at question 10 (bound .55), {rmse[25]:.2f} at 25 (bound .42)")
    return share >= 0.75 and rmse[10] <= 0.55 and rmse[25] <= 0.42


def _interview(
    seed: int, ability: float, bank: policy.Bank, true_level: dict[str, float], rng: np.random.Generator
) -> tuple[list[float], list[float]]:
    """The share of the points reached and the estimate after each of 25 questions."""
    start = policy.starting_ability(None)
    past: list[PastTurn] = []
    shares, estimates = [], []
    for number in range(1, MAX_TURNS + 1):
        card = policy.plan(start, None, past, bank, Random(seed * 100 + number))
        band = band_of(past[-1].score) if past and past[-1].score is not None else Band.NONE
        step = card.step(band)
        hints = step.rung if step.move is Move.HINT else 0
        assert step.question_id is not None
        difficulty = 0.9 * (true_level[step.question_id] - 3) - 0.4 * hints
        share = float(np.clip(rng.normal(1 / (1 + math.exp(difficulty - ability)), RESPONSE_SD), 0, 1))
        past.append(PastTurn(number, step, round(1 + 9 * share), hints))
        shares.append(share)
        estimates.append(policy.estimate(start, past).theta)
    return shares, estimates
