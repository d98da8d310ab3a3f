"""What is compared when people's grades stand beside machines', and replies by prompt, on both databases."""

from typing import Any

from sqlalchemy import update

from core.analytics.agreement import graded_twice, replies
from core.engines.base import Grade
from core.storage import counts
from core.storage.database import Database
from core.storage.ids import week_of
from core.storage.tables import Interview, Turn
from tests.storage.test_counts import NOW, Sitting


def graded(interview: Sitting, turn_id: int, score: int | None, source: str, digest: str = "old") -> None:
    """Store a grade by that version of the prompt."""
    grade = Grade(score, None if score else "the model server was away", source, "m", digest)

    def store(session: Any, row: Interview) -> None:
        turn = session.get_one(Turn, turn_id)
        counts.store_grade(session, row, turn, grade, source=source, person_id=None, now=NOW)

    interview.run(store)


def pairs(database: Database, *, is_sample: bool = False) -> list[tuple[Any, ...]]:
    with database.read() as session:
        frame = graded_twice(session, is_sample=is_sample)
    return sorted(frame[["domain", "source", "prompt_digest", "person", "machine"]].itertuples(index=False, name=None))


def test_an_answer_scored_by_both_is_a_pair(database: Database) -> None:
    interview = Sitting(database)
    turn = interview.answer()
    graded(interview, turn, 4, "openai")
    graded(interview, turn, 7, "person")
    assert pairs(database) == [("tea", "openai", "old", 7, 4)]


def test_each_version_of_the_prompt_is_compared_by_its_last_score(database: Database) -> None:
    interview = Sitting(database)
    turn = interview.answer()
    for score, digest in ((4, "old"), (5, "old"), (9, "new")):
        graded(interview, turn, score, "openai", digest)
    graded(interview, turn, 7, "person")
    assert pairs(database) == [("tea", "openai", "new", 7, 9), ("tea", "openai", "old", 7, 5)]


def test_a_person_s_changed_grade_counts_once(database: Database) -> None:
    interview = Sitting(database)
    turn = interview.answer()
    graded(interview, turn, 4, "openai")
    graded(interview, turn, 7, "person")
    graded(interview, turn, 6, "person")
    assert pairs(database) == [("tea", "openai", "old", 6, 4)]


def test_what_only_one_has_scored_is_no_pair(database: Database) -> None:
    interview = Sitting(database)
    alone, failed, withdrawn = interview.answer(), interview.answer(), interview.answer()
    graded(interview, alone, 7, "person")
    graded(interview, failed, None, "openai")
    graded(interview, failed, 7, "person")
    graded(interview, withdrawn, 4, "openai")
    graded(interview, withdrawn, 7, "person")
    interview.run(lambda session, row: counts.withdraw_grade(session, row, session.get_one(Turn, withdrawn)))
    assert pairs(database) == []


def test_sample_interviews_are_compared_among_themselves(database: Database) -> None:
    interview = Sitting(database)
    turn = interview.answer()
    graded(interview, turn, 4, "openai")
    graded(interview, turn, 7, "person")
    with database.write() as session:
        session.execute(update(Interview).values(is_sample=True))
    assert pairs(database) == []
    assert pairs(database, is_sample=True) == [("tea", "openai", "old", 7, 4)]


def test_replies_are_summed_over_weeks(database: Database) -> None:
    first, second = Sitting(database), Sitting(database)
    first.answer()
    second.answer(complied=False)
    with database.read() as session:
        frame = replies(session)
    assert frame.to_dict("records") == [
        {
            "engine": "offline",
            "model": "m",
            "prompt_digest": "d",
            "since": week_of(NOW),
            "until": week_of(NOW),
            "n": 2,
            "kept": 1,
        }
    ]


def test_without_replies_there_is_an_empty_table(database: Database) -> None:
    with database.read() as session:
        assert replies(session).empty
