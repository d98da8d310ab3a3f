"""Writes the sample interviews with their turns, grades and counts, many at a time."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.interview.model import EndReason, Move, Phase
from core.sample.counting import CohortCounts, write_interview_counts
from core.sample.sittings import Pool, Sitting
from core.sample.wording import MODEL, SOURCE
from core.storage import recounting
from core.storage.bulk import Inserter, converter
from core.storage.ids import new_public_id, week_of
from core.storage.tables import GradeRow, Interview, Turn

UNGRADED = "the grader could not be reached at the time"
NO_DETAIL = json.dumps({"engine": SOURCE})
A_TURN = dt.timedelta(minutes=3)
INTERVIEW = ("public_id", "learner_id", "cohort_id", "domain", "mode", "question_limit", "phase", "end_reason", "engine",
             "model", "seed", "started_at", "finished_at", "week", "is_sample")  # fmt: skip
TURN = ("interview_id", "number", "move", "rung", "skill", "level", "question_id", "message", "asked_at", "engine", "model",
        "prompt_digest", "complied", "hints", "answer", "answered_at", "skipped", "input_mode",
        "sure")  # fmt: skip
GRADE = ("turn_id", "is_current", "score", "reason", "source", "model", "prompt_digest", "detail", "created_at")


class Writer:
    """Collects interviews, and writes and counts them when told to; `pending` is the number of responses that wait."""

    def __init__(self, pools: Mapping[str, Pool]) -> None:
        self._sittings: list[Sitting] = []
        self._counts = CohortCounts(pools)
        self.pending = self.interviews = self.responses = 0

    def add(self, sitting: Sitting) -> None:
        self._sittings.append(sitting)
        self._counts.add(sitting)
        answers = sum(one.answered and not one.skipped for one in sitting.responses)
        self.pending += answers
        self.responses += answers
        self.interviews += 1

    def forget(self) -> None:
        """What waited is stored: until this is said it waits on, so that a transaction that was lost can be repeated."""
        self._sittings, self.pending = [], 0

    def write(self, session: Session) -> None:
        """Writes what waits."""
        if not self._sittings:
            return
        connection = session.connection()
        time, date = converter(connection, Turn, "asked_at"), converter(connection, Interview, "week")
        names = [new_public_id() for _ in self._sittings]
        times = [[time(moment) for moment in _moments(one)] for one in self._sittings]
        rows = [
            _interview(name, one, at, date(week_of(one.started)))
            for name, one, at in zip(names, self._sittings, times, strict=True)
        ]
        Inserter(connection, Interview, INTERVIEW).insert(rows)
        found = select(Interview.public_id, Interview.id).where(Interview.public_id.in_(names))
        by_name = dict(session.execute(found).all())  # other people may have been inserting, too
        numbered = sorted((by_name[name], one, at) for name, one, at in zip(names, self._sittings, times, strict=True))
        Inserter(connection, Turn, TURN).insert([row for interview in numbered for row in _turns(*interview)])
        theirs = select(Turn.id).where(Turn.interview_id.in_(by_name.values()))
        turn_ids = iter(session.scalars(theirs.order_by(Turn.interview_id, Turn.number)).all())
        grades = [row for _, one, at in numbered for row in _grades(turn_ids, one, at)]
        Inserter(connection, GradeRow, GRADE).insert(grades)
        write_interview_counts(session, [(id_, one, at[0]) for id_, one, at in numbered])

    def end_cohort(self, session: Session, cohort_id: int) -> None:
        """Writes what waits, and the counts that the cohort's interviews share."""
        self.write(session)
        self._counts.write(session)
        recounting.add_up(session, cohort_id)


def _moments(sitting: Sitting) -> list[dt.datetime]:
    """When each question was asked, and the last one answered."""
    return [sitting.started + number * A_TURN for number in range(len(sitting.responses) + 1)]


def _interview(public_id: str, sitting: Sitting, times: list[Any], week: Any) -> tuple[Any, ...]:
    ended = None if sitting.left else (EndReason.LEARNER if sitting.early else EndReason.LIMIT).value
    return (
        public_id, sitting.learner.id, sitting.learner.cohort_id, sitting.domain, sitting.mode.value, sitting.planned,
        Phase.ANSWERING.value if sitting.left else Phase.FINISHED.value, ended, SOURCE, MODEL, sitting.seed, times[0],
        None if sitting.left else times[-1], week, 1,
    )  # fmt: skip


def _turns(interview_id: int, sitting: Sitting, times: list[Any]) -> Iterator[tuple[Any, ...]]:
    move = Move.OPENING.value
    for number, response in enumerate(sitting.responses, 1):
        script, answered = response.script, response.answered
        yield (
            interview_id, number, move, 0, script.skill, script.level, script.id, script.text, times[number - 1], SOURCE,
            MODEL, "", 1, script.hints if response.hint else "[]",
            script.answer(response.score) if answered and not response.skipped else None,
            times[number] if answered else None, int(response.skipped), "voice" if response.voice else "text",
            response.sure,
        )  # fmt: skip
        move = Move.NEW_TOPIC.value


def _grades(turn_ids: Iterator[int], sitting: Sitting, times: list[Any]) -> Iterator[tuple[Any, ...]]:
    for number, response in enumerate(sitting.responses, 1):
        turn_id, score = next(turn_ids), response.score
        if score is not None:
            detail = response.script.detail(score)
            yield (turn_id, 1, score, None, SOURCE, MODEL, "", detail, times[number])
        elif response.answered and not response.skipped:
            yield (turn_id, 1, None, UNGRADED, SOURCE, MODEL, "", NO_DETAIL, times[number])
