"""The counts of made-up interviews, told from what was made up rather than read back; recounting finds them equal."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from core.interview.model import LEVELS
from core.sample.sittings import Pool, Sitting
from core.sample.wording import SOURCE
from core.storage.bulk import Inserter, converter
from core.storage.count_tables import InterviewRollup, InterviewSkill, PointCount, ScoreCube
from core.storage.ids import week_of
from core.storage.points import About, store_texts, text_row
from core.storage.sums import HISTOGRAM

ROLLUP = ("cohort_id", "week", "interview_id", "learner_id", "domain", "mode", "source", "started_at", "finished", "ability",
          "ability_se", "answered", "ungraded", "hints", "level_total", *(f"level{level}" for level in LEVELS), *HISTOGRAM)  # fmt: skip
SKILL = ("learner_id", "interview_id", "skill", "n", "total", "level_total")
CUBE = ("cohort_id", "week", "domain", "skill", "level", "source", "mode", *HISTOGRAM)


POINT = ("cohort_id", "week", "domain", "source", "point_id", "n", "missed")


class CohortCounts:
    """What a cohort's interviews add to the counts that many of them share; written when the cohort is at its end."""

    def __init__(self, pools: Mapping[str, Pool]) -> None:
        self._domains = {key: _Domain(pool) for key, pool in pools.items()}
        self._given: defaultdict[tuple[int, dt.date, str, str], list[int]] = defaultdict(list)

    def add(self, sitting: Sitting) -> None:
        place = (sitting.learner.cohort_id, week_of(sitting.started), sitting.domain, sitting.mode.value)
        # Only noted here, since it happens for every answer; counted for many at once.
        self._given[place] += [one.script.first + one.score - 1 for one in sitting.responses if one.score is not None]

    def write(self, session: Session) -> None:
        """Writes what was counted of the cohort, and begins anew."""
        date = converter(session.connection(), ScoreCube, "week")
        cube, points = [], []
        by_domain: defaultdict[tuple[int, dt.date, str], Any] = defaultdict(int)
        for (cohort_id, week, key, mode), given in sorted(self._given.items()):
            domain = self._domains[key]
            answers = np.bincount(given, minlength=10 * domain.size)
            by_domain[cohort_id, week, key] += answers
            for skill, level, counted in domain.scores(answers):
                cube.append((cohort_id, date(week), key, skill, level, SOURCE, mode, *counted))
        for (cohort_id, week, key), answers in by_domain.items():
            for point, n, missed in self._domains[key].points(answers):
                points.append((cohort_id, date(week), key, SOURCE, point, n, missed))
        texts = {row["id"]: row for _, _, key in by_domain for row in self._domains[key].texts}
        Inserter(session.connection(), ScoreCube, CUBE).insert(cube)
        Inserter(session.connection(), PointCount, POINT).insert(points)
        if texts:
            store_texts(session, texts.values())
        self._given.clear()


class _Domain:
    """A domain's questions, to count answers that are given as how often each score of each question was."""

    def __init__(self, pool: Pool) -> None:
        self.size = len(pool.scripts)
        self._groups = sorted({(one.skill, one.level) for one in pool.scripts})
        self._group = [self._groups.index((one.skill, one.level)) for one in pool.scripts]
        places: dict[int, int] = {}
        self.texts: list[dict[str, Any]] = []
        marks = []
        for script in pool.scripts:
            about = About(0, dt.date.min, pool.key, SOURCE, script.skill, script.level, script.id)
            rows = [text_row(about, entry.point) for entry in script.question.key_points]
            for row in rows:
                if places.setdefault(row["id"], len(places)) == len(self.texts):
                    self.texts.append(row)
            for score in range(1, 11):
                ids = [places[row["id"]] for row in rows]
                marks += [
                    (script.first + score - 1, id_, missed)
                    for id_, missed in zip(ids, script.missed(score), strict=True)
                ]
        self._answer, self._point, self._missed = np.array(marks, dtype="int64").reshape(-1, 3).T

    def scores(self, answers: Any) -> Iterator[tuple[str, int, list[int]]]:
        """Of each skill and level that was asked its counts, as HISTOGRAM names them."""
        cells = np.zeros((len(self._groups), 10), dtype="int64")
        np.add.at(cells, self._group, answers.reshape(-1, 10))
        n, total = cells.sum(axis=1), cells @ np.arange(1, 11)
        for (skill, level), counted in zip(self._groups, np.column_stack([n, total, cells]).tolist(), strict=True):
            if counted[0]:
                yield skill, level, counted

    def points(self, answers: Any) -> Iterator[tuple[int, int, int]]:
        """Of each key point that was asked for its number, by how many answers, and how many missed it."""
        n = np.bincount(self._point, answers[self._answer]).astype("int64").tolist()
        missed = np.bincount(self._point, answers[self._answer] * self._missed).astype("int64").tolist()
        for row, asked, lacking in zip(self.texts, n, missed, strict=True):
            if asked:
                yield row["id"], asked, lacking


def rollup_row(id_: int, sitting: Sitting, started: Any, week: Any) -> tuple[Any, ...]:
    """The row of ROLLUP of an interview, its beginning and its week as they are stored."""
    counts = [0] * len(HISTOGRAM)
    levels = [0] * len(LEVELS)
    answered = ungraded = hints = 0
    for response in sitting.responses:
        hints += response.hint
        if response.answered and not response.skipped:
            answered += 1
            if response.score is None:
                ungraded += 1
            else:
                levels[response.script.level - 1] += 1
                _count(counts, response.score)
    level_total = sum(level * n for level, n in zip(LEVELS, levels, strict=True))
    learner, known = sitting.learner, sitting.ability
    ability, se = (None, None) if known is None else (known.theta, known.se)
    return (learner.cohort_id, week, id_, learner.id, sitting.domain, sitting.mode.value, SOURCE, started,
            int(not sitting.left), ability, se, answered, ungraded, hints, level_total, *levels, *counts)  # fmt: skip


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
