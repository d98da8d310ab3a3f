"""What the interviewer does next: an ability estimate, the level it asks for, and the policy card.

Bayesian Elo on a logit scale: a question of level L has difficulty b = 0.9·(L − 3), lowered by 0.4 for each hint seen.
After each graded response the estimate moves toward what was scored, by as much as it is still uncertain. The next
level is the one at which the learner is expected to reach about 70 % of the points: a stretch, yet within reach.
"""

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from core.interview.model import (
    HINT_RUNGS,
    LEVELS,
    MAX_TURNS,
    TOPIC_MOVES,
    Band,
    Card,
    Move,
    PastTurn,
    QuestionRef,
    Step,
)

LOGITS_PER_LEVEL = 0.9
HINT_RELIEF = 0.4
LEARNING_WEIGHT = 2.0
TARGET_ODDS = math.log(0.7 / 0.3)
MAX_PROBES = 2
"""Hints and follow-ups on one question before the interviewer moves on."""

EXPECTED_SCORE: Mapping[Band, int] = {Band.NONE: 1, Band.WEAK: 3, Band.PARTIAL: 6, Band.STRONG: 9}
"""The score an answer of that band is taken for until its grade is in."""


@dataclass(frozen=True, slots=True)
class Ability:
    """A learner's ability in logits (0 is level 3 half right) and the variance of that estimate."""

    theta: float = 0.0
    variance: float = 1.0

    @property
    def se(self) -> float:
        return math.sqrt(self.variance)


def difficulty(level: int, hints: int = 0) -> float:
    """Difficulty in logits of a question of `level` after `hints` hints."""
    return LOGITS_PER_LEVEL * (level - 3) - HINT_RELIEF * hints


def starting_ability(level: int | None) -> Ability:
    """The estimate before the first response: a declared level is believed, "find my level" starts in the middle."""
    return Ability() if level is None else Ability(difficulty(level) + 0.4)


def update(ability: Ability, level: int, score: int, hints: int = 0) -> Ability:
    """The estimate after a response that scored 1–10 on a question of `level`."""
    outcome = (score - 1) / 9
    expected = 1 / (1 + math.exp(difficulty(level, hints) - ability.theta))
    variance = 1 / (1 / ability.variance + LEARNING_WEIGHT * expected * (1 - expected))
    return Ability(ability.theta + LEARNING_WEIGHT * variance * (outcome - expected), variance)


def target_level(ability: Ability, last_level: int | None) -> int:
    """The level to ask at, at most one step from the last one."""
    level = round((ability.theta - TARGET_ODDS) / LOGITS_PER_LEVEL + 3)
    if last_level is not None:
        level = min(max(level, last_level - 1), last_level + 1)
    return min(max(level, LEVELS[0]), LEVELS[-1])


def estimate(start: Ability, turns: Sequence[PastTurn]) -> Ability:
    """The estimate after all graded turns; an ungraded one tells nothing and changes nothing."""
    ability = start
    for turn in turns:
        if turn.score is not None:
            ability = update(ability, turn.step.level, turn.score, turn.hints)
    return ability


@dataclass(frozen=True, slots=True)
class Bank:
    """What may be asked: every question of the domain, the ids the learner had lately (oldest first) and had better not
    get again, the learner's weak skills, the ids of questions with a deeper follow-up that can be graded, and the ids to
    ask before any other, for all of which there is room in `limit` turns."""

    questions: Sequence[QuestionRef]
    recent: Sequence[str] = ()
    weak_skills: Collection[str] = ()
    deep: Collection[str] = ()
    first: Sequence[str] = ()
    limit: int = MAX_TURNS


def plan(start: Ability, declared: int | None, past: Sequence[PastTurn], bank: Bank, rng: Random) -> Card:
    """The card for the turn after `past`; the last of `past` may still be ungraded."""
    number = len(past) + 1
    if not past:
        level = declared if declared is not None else target_level(start, None)
        opening = _new_topic(level, past, bank, rng, Move.OPENING)
        return Card(dict.fromkeys(Band, opening), number)
    *before, last = past
    known = estimate(start, before)
    topics: dict[int, Step] = {}
    steps = {}
    for band in Band:
        score = last.score if last.score is not None else EXPECTED_SCORE[band]
        level = target_level(update(known, last.step.level, score, last.hints), last.step.level)
        if level not in topics:  # bands that ask for the same level share their new topic
            topics[level] = _new_topic(level, past, bank, Random(rng.random()), Move.NEW_TOPIC)
        steps[band] = _probe(band, past, bank) or topics[level]
    return Card(steps, number)


def _probe(band: Band, past: Sequence[PastTurn], bank: Bank) -> Step | None:
    """The hint or follow-up that an answer of this band calls for, or None to move on."""
    last = past[-1]
    step = last.step
    if bank.limit - len(past) <= len(_owed(past, bank)):  # no room for more on this one
        return None
    if last.skipped or step.question_id is None or step.move is Move.DEEPER or _probes(past) >= MAX_PROBES:
        return None
    if band in (Band.NONE, Band.WEAK):
        rung = last.hints + 1
        return Step(Move.HINT, step.skill, step.level, step.question_id, rung) if rung <= len(HINT_RUNGS) else None
    if band is Band.PARTIAL:
        again = step.move is Move.FOLLOW_UP
        return None if again else Step(Move.FOLLOW_UP, step.skill, step.level, step.question_id, step.rung)
    if step.move in TOPIC_MOVES and not last.hints and step.question_id in bank.deep:
        return Step(Move.DEEPER, step.skill, min(step.level + 1, LEVELS[-1]), step.question_id)
    return None


def _probes(past: Sequence[PastTurn]) -> int:
    """How many hints and follow-ups the question under discussion has had."""
    probes = 0
    for turn in reversed(past):
        if turn.step.move in TOPIC_MOVES:
            break
        probes += 1
    return probes


def _owed(past: Sequence[PastTurn], bank: Bank) -> list[QuestionRef]:
    """The questions that come first and have not been asked yet."""
    asked = {turn.step.question_id for turn in past}
    known = {question.id: question for question in bank.questions}
    return [known[id_] for id_ in bank.first if id_ in known and id_ not in asked]


def _new_topic(level: int, past: Sequence[PastTurn], bank: Bank, rng: Random, move: Move) -> Step:
    """A question near `level` on the skill that this interview has asked least, weak skills first.

    What the learner had lately is left out while anything else is there; then the longest ago comes first.
    """
    if owed := _owed(past, bank):
        return Step(move, owed[0].skill, owed[0].level, owed[0].id)
    asked = {turn.step.question_id for turn in past}
    open_ = [question for question in bank.questions if question.id not in asked]
    recent = {id_: place for place, id_ in enumerate(bank.recent)}
    fresh = [question for question in open_ if question.id not in recent]
    counts = Counter(turn.step.skill for turn in past if turn.step.move in TOPIC_MOVES)
    last_skill = past[-1].step.skill if past else None
    if not open_:
        skills = sorted({question.skill for question in bank.questions})
        skill = min(skills, key=lambda skill: (counts[skill], skill == last_skill, rng.random()))
        return Step(move, skill, level, None)

    def rank(question: QuestionRef) -> tuple[float, ...]:
        distance = abs(question.level - level)
        return (
            distance > 1,
            counts[question.skill],
            question.skill == last_skill,
            question.skill not in bank.weak_skills,
            distance,
            recent.get(question.id, -1),
            rng.random(),
        )

    best = min(fresh or open_, key=rank)
    return Step(move, best.skill, best.level, best.id)
