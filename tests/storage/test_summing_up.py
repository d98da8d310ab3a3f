"""Closing words: written once every answer is graded, from the grades, and again when asked for."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.engines.base import Fault, ServiceError
from core.interview.marking import enqueue_grades
from core.interview.records import InterviewView
from core.storage.database import Database
from core.storage.tables import Interview
from tests.hall import Hall, open_hall, reply


class ScriptedWriter:
    """Each entry is what is written, or the fault that is met."""

    name, model = "openai", "writer-1"

    def __init__(self, script: Sequence[str | ServiceError]) -> None:
        self.script, self.given = list(script), list[Mapping[str, Any]]()

    def write(self, system: str, data: Mapping[str, Any]) -> str:
        self.given.append(data)
        entry = self.script.pop(0)
        if isinstance(entry, ServiceError):
            raise entry
        return entry


Open = Callable[[ScriptedWriter, Sequence[int | str]], Hall]
OPENING = reply("Welcome.\n\nHow do you brew green tea?", "none", "opening", "brewing")


@pytest.fixture
def open_(database: Database) -> Iterator[Open]:
    halls: list[Hall] = []

    def make(writer: ScriptedWriter, grades: Sequence[int | str]) -> Hall:
        halls.append(open_hall(database, [OPENING, reply("And why?")], grades, writers={"openai": writer}))
        return halls[-1]

    yield make
    for hall in halls:
        hall.workers.stop()


def written(view: InterviewView) -> bool:
    return view.writing is not None and view.writing.state in ("done", "failed")


def test_the_words_come_after_the_last_grade_and_rest_on_the_grades(open_: Open) -> None:
    writer = ScriptedWriter(["You did well."])
    hall = open_(writer, [7, "the grader was away"])
    public_id = hall.begin(questions=2)
    hall.answer(public_id, 1, "With water at eighty degrees.")
    hall.answer(public_id, 2, "Because of the tannins.")
    assert hall.until(public_id, written).words == "You did well."
    (data,) = writer.given
    first, second = data["questions"]
    assert (first["score"], first["question"]) == (7, "How do you brew green tea?")
    assert second["score"] is None
    assert second["not_graded_because"] == "the grader was away"
    assert "ann@example.org" not in str(data)


def test_an_interview_that_is_ended_with_all_answers_graded_gets_its_words(open_: Open) -> None:
    hall = open_(ScriptedWriter(["Short, but sound."]), [7])
    public_id = hall.begin()
    hall.answer(public_id, 1, "With water at eighty degrees.")
    hall.interviews.end(hall.learner, public_id)
    assert hall.until(public_id, written).words == "Short, but sound."


def test_nothing_is_written_about_nothing(open_: Open) -> None:
    hall = open_(ScriptedWriter([]), [])
    public_id = hall.begin()
    hall.interviews.end(hall.learner, public_id)
    assert hall.view(public_id).writing is None


def test_a_failed_summary_says_why_and_can_be_asked_for_again(open_: Open) -> None:
    writer = ScriptedWriter([ServiceError(Fault.BUSY, "The model server is busy."), "Now then."])
    hall = open_(writer, [7])
    public_id = hall.begin(questions=1)
    hall.answer(public_id, 1, "With water at eighty degrees.")
    view = hall.until(public_id, written)
    assert view.words is None
    assert view.writing is not None
    assert view.writing.sentence == "The model server is busy."
    hall.interviews.retry(hall.learner, public_id, "summary", 0)
    assert hall.until(public_id, lambda view: view.words is not None).words == "Now then."


def test_the_words_are_written_once_more_when_several_answers_are_graded_again(open_: Open) -> None:
    writer = ScriptedWriter(["You did well.", "You did better than that."])
    hall = open_(writer, [7, 7, 8, 8])
    public_id = hall.begin(questions=2)
    hall.answer(public_id, 1, "With water at eighty degrees.")
    hall.answer(public_id, 2, "Because of the tannins.")
    hall.until(public_id, written)

    def again(session: Session) -> None:
        interview = session.scalars(select(Interview)).one()
        enqueue_grades(session, interview, hall.clock(), scored=True)

    hall.database.run(again)
    hall.workers.kick()
    hall.until(public_id, lambda view: view.words == "You did better than that.")
    assert [question["score"] for question in writer.given[-1]["questions"]] == [8, 8]
    assert len(writer.given) == 2
