"""Finding past interviews, on both databases: every filter alone, their order, and whose they are."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest

from core.engines.base import Grade
from core.interview.model import Mode, Move, Phase
from core.interview.search import Found, Order, Score, Wanted, found, search
from core.storage import counts
from core.storage.database import Database
from core.storage.ids import week_of
from core.storage.tables import Interview, Turn
from tests.hall import START, add_person


class Shelf:
    """A learner's past interviews; each is known by its name, which stands in for its public id."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.learner = add_person(database, "ann@example.org")

    def put(self, name: str, days: float = 0, *scores: int | None, **given: Any) -> None:
        """An interview `days` after START with an answer for each score; None is an answer without one."""
        texts = {"asked": "How do you brew tea?", "answered": "Slowly.", "level": 3, "learner": self.learner, **given}
        started = START + dt.timedelta(days=days)
        with self.database.write() as session:
            interview = Interview(
                public_id=name, learner_id=texts["learner"], domain=given.get("domain", "tiny"), seed=1,
                mode=given.get("mode", Mode.PRACTICE), question_limit=10, phase=Phase.FINISHED, engine="offline",
                model="m", started_at=started, finished_at=started, week=week_of(started), cohort_id=0,
            )  # fmt: skip
            session.add(interview)
            session.flush()
            counts.started(session, interview)
            for number, score in enumerate(scores, 1):
                turn = Turn(
                    interview_id=interview.id, number=number, move=Move.NEW_TOPIC, skill="brewing", engine="offline",
                    level=texts["level"], message=texts["asked"], asked_at=started, model="m", prompt_digest="",
                    answer=texts["answered"], hints=[],
                )  # fmt: skip
                session.add(turn)
                session.flush()
                counts.answered(session, interview, turn)
                reason = "no grader" if score is None else None
                grade = Grade(score, reason, "offline", "m", "")
                counts.store_grade(session, interview, turn, grade, source="offline", person_id=None, now=started)

    def search(self, **wanted: Any) -> list[str]:
        return [one.public_id for one in self.found(**wanted)]

    def found(self, **wanted: Any) -> Sequence[Found]:
        with self.database.read() as session:
            return found(session, self.learner, search(session, self.learner, Wanted(**wanted)))


@pytest.fixture
def shelf(database: Database) -> Shelf:
    return Shelf(database)


def test_all_of_them_come_the_newest_first(shelf: Shelf) -> None:
    for name, days in (("b", 2), ("a", 1), ("c", 3)):
        shelf.put(name, days)
    assert shelf.search() == ["c", "b", "a"]
    assert shelf.search(order=Order.OLDEST) == ["a", "b", "c"]


def test_the_best_and_the_weakest_come_first_and_those_without_a_score_last(shelf: Shelf) -> None:
    shelf.put("middling", 1, 5, 6)
    shelf.put("none", 2, None)
    shelf.put("good", 3, 9)
    assert shelf.search(order=Order.BEST) == ["good", "middling", "none"]
    assert shelf.search(order=Order.WEAKEST) == ["middling", "good", "none"]


def test_what_lists_show_comes_from_the_counts(shelf: Shelf) -> None:
    shelf.put("a", 1, 4, 5, None, level=2)
    (one,) = shelf.found()
    assert (one.answered, one.n, one.mean, one.level, one.mode) == (3, 2, 4.5, 2.0, "practice")
    assert (one.started_at, one.finished, one.domain) == (START + dt.timedelta(days=1), False, "tiny")


def test_a_mock_interview_keeps_its_mean_for_its_end(shelf: Shelf) -> None:
    shelf.put("a", 1, 4, 5, level=2, mode=Mode.MOCK)
    (one,) = shelf.found()
    assert (one.answered, one.mean, one.level) == (2, None, None)


def test_an_interview_without_a_score_has_neither_mean_nor_level(shelf: Shelf) -> None:
    shelf.put("a", 0, None)
    (one,) = shelf.found()
    assert (one.mean, one.level) == (None, None)


def test_by_domain_and_mode(shelf: Shelf) -> None:
    shelf.put("a", domain="gone_by_now")
    shelf.put("b", mode=Mode.MOCK)
    assert shelf.search(domain="gone_by_now") == ["a"]
    assert shelf.search(mode="mock") == ["b"]


@pytest.mark.parametrize(
    ("score", "names"), [("low", ["4.5"]), ("middle", ["6.5", "5"]), ("high", ["7"]), ("none", ["–"])]
)
def test_by_score_in_the_bands_of_the_colours(shelf: Shelf, score: str, names: list[str]) -> None:
    for days, (name, scores) in enumerate({"7": [7], "5": [5], "4.5": [4, 5], "6.5": [6, 7], "–": [None]}.items()):
        shelf.put(name, days, *scores)
    assert shelf.search(score=Score(score)) == names


def test_by_level_rounded(shelf: Shelf) -> None:
    shelf.put("two", 1, 5, level=2)
    shelf.put("four", 2, 5, level=4)
    shelf.put("ungraded", 3, None, level=2)
    assert shelf.search(level=2) == ["two"]
    assert shelf.search(level=3) == []


def test_a_day_begins_with_its_first_moment_and_ends_before_the_next(shelf: Shelf) -> None:
    for name, days in (("before", -0.001), ("first", 0), ("last", 0.999), ("after", 1)):
        shelf.put(name, days)
    assert shelf.search(since=START, until=START + dt.timedelta(days=1)) == ["last", "first"]


@pytest.mark.parametrize("words", ["BREW", "über", "ÜBER", "100%", "_", "C++", "(a", "\\", "🫖", "茶は", "a/b"])
def test_words_are_found_as_they_stand_in_capitals_or_not(shelf: Shelf, words: str) -> None:
    shelf.put("a", 1, 5, asked="Brew über 100% of (a_b) in C++?")
    shelf.put("b", 2, 5, asked="?", answered="In a 🫖, brewed über 100%: C++ (a_b \\ c). 茶はA/B.")
    shelf.put("c", 3, 5, asked="?", answered="Something else.")
    assert set(shelf.search(words=words)) <= {"a", "b"}
    assert "b" in shelf.search(words=words)


def test_words_that_nobody_said_find_nothing(shelf: Shelf) -> None:
    shelf.put("a", 1, 5)
    assert shelf.search(words="b.ew") == []


def test_words_are_found_in_a_very_long_answer(shelf: Shelf) -> None:
    shelf.put("a", 1, 5, answered="word " * 20_000 + "needle")
    assert shelf.search(words="Needle") == ["a"]


def test_nobody_finds_what_is_somebody_else_s(shelf: Shelf) -> None:
    shelf.put("hers", 1, 5, learner=add_person(shelf.database, "eve@example.org"))
    assert shelf.search() == shelf.search(words="brew") == []
    with shelf.database.read() as session:
        theirs = session.query(Interview.id).all()
        assert found(session, shelf.learner, [id_ for (id_,) in theirs]) == []
