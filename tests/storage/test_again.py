"""Questions asked again, and how sure the learner was, as they are stored; on both databases."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from core.accounts.personal_data import erase_person, export_person
from core.analytics.calibration import Surprise, calibration, surprises
from core.engines.base import Fault, ServiceError
from core.interview.again import compare, plan_again
from core.interview.service import Plan, Words
from core.storage.database import Database
from core.storage.review_tables import Retry
from tests.hall import START, Hall, add_person, open_hall, reply


@pytest.fixture
def hall(database: Database) -> Iterator[Hall]:
    """Ann, and an interviewer and a grader for eight of her answers."""
    asked = [reply("How do you brew green tea?", "strong", "new_topic", "brewing")] * 12
    made = open_hall(database, asked, [2, 8, 9, 6, 1, 7, 3, 10])
    yield made
    made.workers.stop()


def hold(hall: Hall, *sure: bool | None, **plan: object) -> str:
    """An interview with an answer for each of these."""
    public_id = hall.begin(questions=len(sure), **plan)
    for number, one in enumerate(sure, 1):
        words = Words("At eighty degrees.", sure=one)
        hall.interviews.submit_answer(hall.learner, public_id, number, words)
        hall.until(public_id, lambda view: view.grading_done and (view.current or view.finished_at) is not None)
    return public_id


def test_the_questions_come_first_and_both_tries_stand_side_by_side(hall: Hall) -> None:
    before = hold(hall, None, None)
    view = hall.view(before)
    plan = plan_again(view, [1])
    assert plan is not None
    again = hall.interviews.start(hall.learner, plan)
    hall.until(again, lambda view: view.current is not None)
    hall.answer(again, 1, "At seventy degrees.")
    after = hall.view(again)
    assert after.again_of == before
    assert after.turns[0].question_id == view.turns[0].question_id
    (one,) = compare(view, after)
    assert [turn.grade and turn.grade.score for turn in (one.before, one.after)] == [2, 9]
    assert hall.view(before).again_of is None


def test_questions_of_somebody_else_s_interview_cannot_be_asked_again(hall: Hall) -> None:
    before = hold(hall, None)
    plan = plan_again(hall.view(before), [1])
    assert plan is not None
    with pytest.raises(ServiceError) as refused:
        hall.interviews.start(add_person(hall.database, "eve@example.org"), plan)
    assert refused.value.kind is Fault.NOT_FOUND


def test_a_question_that_has_left_the_bank_is_refused_in_one_sentence(hall: Hall) -> None:
    before = hold(hall, None)
    with pytest.raises(ServiceError, match="no longer in the bank"):
        hall.interviews.start(hall.learner, Plan("tiny", again=("gone",), again_of=before))


def test_more_questions_than_room_are_refused(hall: Hall) -> None:
    with pytest.raises(ServiceError, match="room"):
        hall.interviews.start(hall.learner, Plan("tiny", questions=1, again=("a", "b"), again_of="x"))


def test_what_was_asked_again_is_exported_and_erased(hall: Hall) -> None:
    before = hold(hall, None)
    plan = plan_again(hall.view(before), [1])
    assert plan is not None
    hall.interviews.start(hall.learner, plan)
    exported = export_person(hall.database, "ann@example.org")["interviews"]
    assert [interview["again_of"] for interview in exported] == [None, before]
    erase_person(hall.database, "ann@example.org", START)
    with hall.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Retry)) == 0


def test_how_sure_the_learner_was_is_kept_with_the_answer(hall: Hall) -> None:
    view = hall.view(hold(hall, True, False, None))
    assert [turn.sure for turn in view.turns] == [True, False, None]
    turns = export_person(hall.database, "ann@example.org")["interviews"][0]["turns"]
    assert [turn["sure"] for turn in turns] == [True, False, None]


def test_calibration_counts_right_and_wrong_by_how_sure_they_were(hall: Hall) -> None:
    hold(hall, True, True, False, False, None, True)  # 2 8 9 6 1 7
    with hall.database.read() as session:
        rows = calibration(session, hall.learner).to_dict("records")
        other = calibration(session, hall.learner, domain="other")
    assert [(row["sure"], row["n"], row["right"], row["wrong"], row["mean"]) for row in rows] == [
        (True, 3, 2, 1, pytest.approx(17 / 3)),
        (False, 2, 1, 0, 7.5),
    ]
    assert {(row["domain"], row["source"]) for row in rows} == {("tiny", "openai")}
    assert other.empty


def test_surprises_are_sure_and_wrong_or_unsure_and_right_the_newest_first(hall: Hall) -> None:
    first = hold(hall, True, True, False)  # 2 8 9
    hall.clock.now = START.replace(day=9)
    second = hold(hall, False, True)  # 6 1
    with hall.database.read() as session:
        found = surprises(session, hall.learner)
        newest = surprises(session, hall.learner, limit=1)
        nobody_s = surprises(session, add_person(hall.database, "eve@example.org"))
    assert [(one.interview, one.number, one.sure, one.score) for one in found] == [
        (second, 2, True, 1),
        (first, 1, True, 2),
        (first, 3, False, 9),
    ]
    assert isinstance(newest[0], Surprise)
    assert len(newest) == 1
    assert nobody_s == []
