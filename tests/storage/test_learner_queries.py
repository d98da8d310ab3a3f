"""What a learner's charts read, against a computation on the single rows; on both databases."""

import datetime as dt
from collections import defaultdict
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import select

from core.analytics import queries
from core.config import ROOT
from core.domains import load_all
from core.sample import load_sample
from core.storage.database import Database
from core.storage.tables import GradeRow, Interview, Turn
from tests.storage.test_counts import Sitting

NOW = dt.datetime(2026, 3, 6, 15, 30, tzinfo=dt.UTC)


@pytest.fixture
def practised(database: Database) -> Database:
    """The sample programme, in which a handful of learners have practised a lot."""
    load_sample(database, load_all(ROOT / "prompts" / "domains"), responses=500, now=NOW)
    return database


def answers(database: Database) -> dict[int, dict[str, list[tuple[Interview, Turn, GradeRow | None]]]]:
    """Each learner's turns, by interview, with the grade in force."""
    query = (
        select(Interview, Turn, GradeRow)
        .join(Turn, Turn.interview_id == Interview.id)
        .outerjoin(GradeRow, (GradeRow.turn_id == Turn.id) & GradeRow.is_current)
        .order_by(Interview.started_at, Turn.number)
    )
    found: dict[int, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    with database.read() as session:
        for interview, turn, grade in session.execute(query):
            found[interview.learner_id][interview.public_id].append((interview, turn, grade))
    return found


def test_interviews_are_those_of_the_rows(practised: Database) -> None:
    compared = 0
    for learner, interviews in answers(practised).items():
        with practised.read() as session:
            frame = queries.learner_interviews(session, learner)
        assert frame["started_at"].is_monotonic_increasing
        told = {row["public_id"]: row for row in frame.to_dict("records")}
        for public_id, turns in interviews.items():
            scored = [(turn, grade.score) for _, turn, grade in turns if grade and grade.score is not None]
            if not scored:
                assert public_id not in told
                continue
            row, interview = told.pop(public_id), turns[0][0]
            assert (row["domain"], row["mode"], row["source"]) == (interview.domain, interview.mode, interview.engine)
            assert row["started_at"] == pd.Timestamp(interview.started_at)
            assert row["n"] == len(scored)
            assert row["mean"] == pytest.approx(sum(score for _, score in scored) / len(scored))
            assert row["level"] == pytest.approx(sum(turn.level for turn, _ in scored) / len(scored))
            assert row["hints"] == sum(len(turn.hints) for _, turn, _ in turns)
            assert row["ungraded"] == sum(grade is not None and grade.score is None for _, _, grade in turns)
            assert row["ability_se"] > 0
            compared += 1
        assert told == {}
    assert compared > 30


def test_skills_are_those_of_the_rows(practised: Database) -> None:
    compared = 0
    for learner, interviews in answers(practised).items():
        expected: dict[tuple[str, str, str], list[tuple[int, int]]] = defaultdict(list)
        for turns in interviews.values():
            for interview, turn, grade in turns:
                if grade and grade.score is not None:
                    expected[interview.domain, interview.engine, turn.skill].append((grade.score, turn.level))
        with practised.read() as session:
            frame = queries.learner_skills(session, learner)
        assert len(frame) == len(expected)
        for row in frame.to_dict("records"):
            scored = expected[row["domain"], row["source"], row["skill"]]
            assert row["n"] == len(scored)
            assert row["mean"] == pytest.approx(sum(score for score, _ in scored) / len(scored))
            assert row["level"] == pytest.approx(sum(level for _, level in scored) / len(scored))
            compared += 1
    assert compared > 30


def test_columns_have_the_same_types_on_every_database(practised: Database) -> None:
    learner = next(iter(answers(practised)))
    with practised.read() as session:
        interviews, skills = queries.learner_interviews(session, learner), queries.learner_skills(session, learner)
    assert {name: str(interviews[name].dtype) for name in ("n", "mean", "level", "ability", "hints")} == {
        "n": "int64",
        "mean": "float64",
        "level": "float64",
        "ability": "float64",
        "hints": "int64",
    }
    assert str(interviews["started_at"].dtype).endswith("UTC]")
    assert {name: str(skills[name].dtype) for name in ("n", "mean", "level")} == {
        "n": "int64",
        "mean": "float64",
        "level": "float64",
    }


def test_who_has_practised_nothing_gets_empty_frames_of_the_same_columns(database: Database) -> None:
    sitting = Sitting(database)
    sitting.answer()
    with database.read() as session:
        learner = session.scalars(select(Interview.learner_id)).one()
        for frame in (queries.learner_interviews(session, learner), queries.learner_interviews(session, 999_999)):
            assert frame.empty
            assert {"public_id", "started_at", "mean"} <= set(frame.columns)
        assert queries.learner_skills(session, learner).empty


def test_a_persons_grade_counts_in_place_of_the_machines(database: Database) -> None:
    sitting = Sitting(database, engine="openai")
    turn = sitting.answer()
    sitting.grade(turn, 3, "openai")
    sitting.grade(turn, 8, "person")
    with database.read() as session:
        learner = session.scalars(select(Interview.learner_id)).one()
        assert queries.learner_interviews(session, learner)[["mean", "source"]].values.tolist() == [[8.0, "openai"]]
        assert queries.learner_skills(session, learner)[["mean", "source"]].values.tolist() == [[8.0, "openai"]]
