"""Examples for fine-tuning: whose answers are in them, and which grade, on both databases."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import update

from core.quality import training
from core.storage.database import Database
from core.storage.tables import Interview
from tests.storage.test_second_grades import Course


@pytest.fixture
def course(database: Database) -> Iterator[Course]:
    """Ann's answer that a machine gave 4, in a programme that shares transcripts, and Max who manages it."""
    made = Course(database, [4, 7])
    yield made
    made.hall.workers.stop()


def examples(course: Course, *, is_sample: bool = False) -> list[dict[str, Any]]:
    return [json.loads(line) for line in training.examples(course.database, is_sample=is_sample)]


def test_an_example_has_question_answer_grade_and_feedback(course: Course) -> None:
    (example,) = examples(course)
    assert (example["question"], example["answer"]) == ("How do you brew green tea?", "At eighty degrees.")
    assert (example["score"], example["graded_by"], example["model"]) == (4, "openai", "script-1")
    assert (example["domain"], example["prompt_digest"]) == ("tiny", "0" * 64)


def test_nothing_in_an_example_names_the_learner(course: Course) -> None:
    assert "ann" not in "".join(training.examples(course.database)).casefold()


def test_a_person_s_grade_and_words_are_the_example_s(course: Course) -> None:
    course.give(course.max, 8, "Right, and well put.")
    (example,) = examples(course)
    assert (example["score"], example["graded_by"]) == (8, "person")
    assert example["feedback"] == {"comment": "Right, and well put."}


def test_a_learner_s_own_consent_is_enough_and_none_is_not(course: Course) -> None:
    course.share(learner=True)
    assert len(examples(course)) == 1
    course.share()
    assert examples(course) == []


def test_a_disputed_score_opens_the_answer_to_no_training(course: Course) -> None:
    course.share()
    course.dispute("I named the temperature.")
    assert examples(course) == []


def test_real_and_sample_people_are_never_in_one_file(course: Course) -> None:
    with course.database.write() as session:
        session.execute(update(Interview).values(is_sample=True))
    assert examples(course) == []
    assert len(examples(course, is_sample=True)) == 1


def test_questions_without_an_answer_or_a_score_are_left_out(database: Database) -> None:
    course = Course(database, ["the grader could not be reached"])
    course.hall.workers.stop()
    assert examples(course) == []


def test_all_examples_come_however_few_are_read_at_a_time(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    course.hall.answer(course.interview, 2, "Because of the tannins.")
    monkeypatch.setattr(training, "CHUNK", 1)
    assert [example["score"] for example in examples(course)] == [4, 7]
