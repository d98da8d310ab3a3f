"""The counts of made-up interviews, told from what was made up rather than read back; recounting finds them equal."""

from collections import defaultdict
from typing import Any

from sqlalchemy.orm import Session

from core.sample.sittings import Sitting
from core.sample.wording import SOURCE
from core.storage.bulk import Inserter, converter
from core.storage.ids import week_of
from core.storage.points import Tally
from core.storage.sums import HISTOGRAM
from core.storage.tables import InterviewRollup, InterviewSkill, ScoreCube

ROLLUP = ("cohort_id", "week", "interview_id", "learner_id", "domain", "mode", "source", "started_at", "finished", "ability",
          "ability_se", "answered", "ungraded", "hints", "level_total", *HISTOGRAM)  # fmt: skip
SKILL = ("learner_id", "interview_id", "skill", "n", "total", "level_total")
CUBE = ("cohort_id", "week", "domain", "skill", "level", "source", "mode", *HISTOGRAM)


class CohortCounts:
    """What a cohort's interviews add to the counts that many of them share; written when the cohort is at its end."""

    def __init__(self) -> None:
        self._cube: defaultdict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0] * len(HISTOGRAM))
        self._tally = Tally()

    def add(self, sitting: Sitting) -> None:
        place = (sitting.learner.cohort_id, week_of(sitting.started), sitting.domain, SOURCE)
        for response in sitting.responses:
            if (score := response.score) is None:
                continue
            script = response.script
            _count(self._cube[place, script.skill, script.level, sitting.mode], score)
            self._tally.count(place, script.marks(score, sitting.domain, self._tally))

    def write(self, session: Session) -> None:
        """Writes what was counted of the cohort, and begins anew."""
        date = converter(session.connection(), ScoreCube, "week")
        rows = [
            (cohort_id, date(week), domain, skill, level, source, mode.value, *counts)
            for ((cohort_id, week, domain, source), skill, level, mode), counts in sorted(self._cube.items())
        ]
        Inserter(session.connection(), ScoreCube, CUBE).insert(rows)
        self._cube.clear()
        self._tally.write(session)


def rollup_row(id_: int, sitting: Sitting, started: Any, week: Any) -> tuple[Any, ...]:
    """The row of ROLLUP of an interview, its beginning and its week as they are stored."""
    counts = [0] * len(HISTOGRAM)
    answered = ungraded = hints = level_total = 0
    for response in sitting.responses:
        hints += response.hint
        if response.answered and not response.skipped:
            answered += 1
            if response.score is None:
                ungraded += 1
            else:
                level_total += response.script.level
                _count(counts, response.score)
    learner, known = sitting.learner, sitting.ability
    ability, se = (None, None) if known is None else (known.theta, known.se)
    return (learner.cohort_id, week, id_, learner.id, sitting.domain, sitting.mode.value, SOURCE, started,
            int(not sitting.left), ability, se, answered, ungraded, hints, level_total, *counts)  # fmt: skip


def skill_rows(id_: int, sitting: Sitting) -> list[tuple[Any, ...]]:
    """The rows of SKILL of an interview."""
    skills: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for response in sitting.responses:
        if response.score is not None:
            sums = skills[response.script.skill]
            sums[0] += 1
            sums[1] += response.score
            sums[2] += response.script.level
    return [(sitting.learner.id, id_, skill, *sums) for skill, sums in skills.items()]


def write_interview_counts(session: Session, numbered: list[tuple[int, Sitting, Any]]) -> None:
    """Writes the roll-up and the skills of interviews, given with their rows' numbers and their beginnings as stored."""
    connection = session.connection()
    date = converter(connection, InterviewRollup, "week")
    rows = [rollup_row(id_, one, started, date(week_of(one.started))) for id_, one, started in numbered]
    Inserter(connection, InterviewRollup, ROLLUP).insert(rows)
    skills = [row for id_, one, _ in numbered for row in skill_rows(id_, one)]
    Inserter(connection, InterviewSkill, SKILL).insert(skills)


def _count(counts: list[int], score: int) -> None:
    counts[0] += 1
    counts[1] += score
    counts[1 + score] += 1
