"""What a learner's charts read, against a computation on the single rows; on both databases."""

import datetime as dt
from collections import Counter, defaultdict
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import select

from core.analytics import queries
from core.domains import Catalogue
from core.sample import load_sample
from core.storage.database import Database
from core.storage.tables import GradeRow, Interview, Turn
from tests.storage.test_counts import Sitting

NOW = dt.datetime(2026, 3, 6, 15, 30, tzinfo=dt.UTC)


@pytest.fixture
def practised(database: Database, catalogue: Catalogue) -> Database:
    """The sample programme, in which a handful of learners have practised a lot."""
    load_sample(database, catalogue, responses=500, now=NOW)
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


def test_totals_and_skills_are_those_of_the_rows(practised: Database) -> None:
    compared = 0
    for learner, interviews in answers(practised).items():
        expected: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
        finished: Counter[tuple[str, str]] = Counter()
        newest = ("", "")
        for turns in interviews.values():
            interview = turns[0][0]
            key = (interview.domain, interview.engine)
            finished[key] += interview.finished_at is not None
            scored = [(turn.skill, grade.score) for _, turn, grade in turns if grade and grade.score is not None]
            expected[key] += scored
            newest = key if scored else newest
        with practised.read() as session:
            totals = queries.learner_totals(session, learner)
            told = {key: queries.learner_skills(session, learner, *key) for key in expected}
        if len(totals):
            assert totals["source"].iloc[0] == newest[1]
        rows = {(row["domain"], row["source"]): row for row in totals.to_dict("records")}
        assert rows.keys() == {key for key, scored in expected.items() if scored}
        for key, row in rows.items():
            scored = expected[key]
            assert (row["finished"], row["n"], row["total"]) == (finished[key], len(scored), sum(s for _, s in scored))
            for skill, part in told[key].groupby("skill"):
                scores = [score for other, score in scored if other == skill]
                assert (part["n"].sum(), part["total"].sum()) == (len(scores), sum(scores))
                compared += 1
    assert compared > 30


def test_only_the_newest_are_read_and_come_oldest_first(practised: Database) -> None:
    learner, interviews = max(answers(practised).items(), key=lambda item: len(item[1]))
    with practised.read() as session:
        whole = queries.learner_interviews(session, learner)
        last = queries.learner_interviews(session, learner, newest=2)
        domain, source = whole["domain"].iloc[-1], whole["source"].iloc[-1]
        skills = queries.learner_skills(session, learner, domain, source, newest=1)
    assert len(interviews) > 2
    assert last.to_dict("records") == whole.tail(2).to_dict("records")
    assert skills["started_at"].unique().tolist() == [whole["started_at"].iloc[-1]]


def test_interviews_of_one_domain_are_found(practised: Database) -> None:
    learner = max(answers(practised).items(), key=lambda item: len(item[1]))[0]
    with practised.read() as session:
        whole = queries.learner_interviews(session, learner)
        domain = whole["domain"].iloc[0]
        found = queries.learner_interviews(session, learner, domain, "sample")
        assert queries.learner_interviews(session, learner, domain, "openai").empty
    assert found["public_id"].tolist() == whole[whole["domain"] == domain]["public_id"].tolist()


def test_columns_have_the_same_types_on_every_database(practised: Database) -> None:
    learner = next(iter(answers(practised)))
    with practised.read() as session:
        interviews = queries.learner_interviews(session, learner)
        skills = queries.learner_skills(session, learner, interviews["domain"].iloc[0], "sample")
        totals = queries.learner_totals(session, learner)
    assert {name: str(interviews[name].dtype) for name in ("n", "mean", "level", "ability", "hints")} == {
        "n": "int64",
        "mean": "float64",
        "level": "float64",
        "ability": "float64",
        "hints": "int64",
    }
    assert str(interviews["started_at"].dtype).endswith("UTC]")
    assert [str(frame[name].dtype) for frame in (skills, totals) for name in ("n", "total")] == ["int64"] * 4


def test_who_has_practised_nothing_gets_empty_frames_of_the_same_columns(database: Database) -> None:
    sitting = Sitting(database)
    sitting.answer()
    with database.read() as session:
        learner = session.scalars(select(Interview.learner_id)).one()
        for frame in (queries.learner_interviews(session, learner), queries.learner_interviews(session, 999_999)):
            assert frame.empty
            assert {"public_id", "started_at", "mean"} <= set(frame.columns)
        assert queries.learner_skills(session, learner, "tiny", "offline").empty
        assert queries.learner_totals(session, learner).empty


def test_a_persons_grade_counts_in_place_of_the_machines(database: Database) -> None:
    sitting = Sitting(database, engine="openai")
    turn = sitting.answer()
    sitting.grade(turn, 3, "openai")
    sitting.grade(turn, 8, "person")
    with database.read() as session:
        learner = session.scalars(select(Interview.learner_id)).one()
        assert queries.learner_interviews(session, learner)[["mean", "source"]].values.tolist() == [[8.0, "openai"]]
        assert queries.learner_totals(session, learner)[["total", "source"]].values.tolist() == [[8, "openai"]]
