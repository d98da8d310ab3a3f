"""Rows from a file: what is read, what is refused with its row's number, and what comes back."""

import json
from typing import Any

import pytest

from core.engines.base import Grade, GradeTask
from core.grading.lexical import LexicalGrader
from core.grading.rows import grade_rows, task_of
from tests.hall import ScriptedGrader

ROW = {
    "id": "a1",
    "question": "What is the median?",
    "reference_answer": "The middle of the sorted values.",
    "answer": "You sort the values and take the middle one.",
}


def test_a_row_becomes_a_task() -> None:
    task = task_of(1, {**ROW, "key_points": ["the middle"], "domain": "data_science"})
    assert (task.question, task.answer, task.reference) == (ROW["question"], ROW["answer"], ROW["reference_answer"])
    assert [point.point for point in task.key_points] == ["the middle"]
    assert task.domain == "data_science"


def test_a_key_point_may_say_more() -> None:
    point = {"point": "the middle", "accept": ["halfway"], "weight": 2, "must": True}
    (made,) = task_of(1, {**ROW, "key_points": [point]}).key_points
    assert (made.point, made.accept, made.weight, made.must) == ("the middle", ("halfway",), 2.0, True)


@pytest.mark.parametrize("changes", [{"key_points": None}, {"key_points": []}, {"domain": None}, {"extra": 1}])
def test_what_may_be_left_out_may_be_empty(changes: dict[str, Any]) -> None:
    assert task_of(1, {**ROW, **changes}) == task_of(1, ROW)


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (["a"], "row 3 is not an object"),
        ("text", "row 3 is not an object"),
        ({key: value for key, value in ROW.items() if key != "id"}, "row 3: the field id"),
        ({**ROW, "id": None}, "row 3: the field id"),
        ({**ROW, "id": True}, "row 3: the field id"),
        ({**ROW, "answer": None}, "row 3: the field answer"),
        ({**ROW, "question": 7}, "row 3: the field question"),
        ({key: value for key, value in ROW.items() if key != "reference_answer"}, "row 3: the field reference_answer"),
        ({**ROW, "domain": 7}, "row 3: the field domain"),
        ({**ROW, "key_points": "the middle"}, "row 3: the field key_points"),
        ({**ROW, "key_points": [" "]}, "row 3: a key point"),
        ({**ROW, "key_points": [{"accept": ["halfway"]}]}, "row 3: a key point"),
        ({**ROW, "key_points": [{"point": "x", "accept": "halfway"}]}, "row 3: a key point"),
        ({**ROW, "key_points": [{"point": "x", "weight": 0}]}, "row 3: a key point"),
        ({**ROW, "key_points": [{"point": "x", "weight": True}]}, "row 3: a key point"),
        ({**ROW, "key_points": [{"point": "x", "weight": float("inf")}]}, "row 3: a key point"),
        ({**ROW, "key_points": [{"point": "x", "weight": float("nan")}]}, "row 3: a key point"),
        ({**ROW, "key_points": [{"point": "x", "must": "yes"}]}, "row 3: a key point"),
    ],
)
def test_a_row_that_can_not_be_used_is_named(row: Any, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        task_of(3, row)


def test_a_bad_row_is_found_before_any_is_graded() -> None:
    grader = ScriptedGrader([7])
    with pytest.raises(ValueError, match="row 2"):
        list(grade_rows([ROW, {}], grader))
    assert grader.tasks == []


def test_results_come_in_order_under_their_ids() -> None:
    rows = [{**ROW, "id": 2}, {**ROW, "id": "a1", "answer": ""}]
    results = list(grade_rows(rows, LexicalGrader()))
    assert [result["id"] for result in results] == [2, "a1"]
    assert results[0]["score"] > results[1]["score"] == 1


def test_a_result_has_the_fields_of_the_contract() -> None:
    (result,) = grade_rows([{**ROW, "key_points": ["sort the values", "take the middle"]}], LexicalGrader())
    assert {"id", "score", "reason", "criteria", "evidence", "engine"} <= result.keys()
    assert result["reason"] is None
    assert result["engine"] == "offline"
    assert result["criteria"].keys() == {"correctness", "completeness", "clarity"}
    assert [entry["status"] for entry in result["evidence"]] == ["met", "met"]
    assert all(entry["quote"] in ROW["answer"] for entry in result["evidence"])
    assert json.loads(json.dumps(result)) == result


def test_an_ungraded_row_has_a_reason_and_no_number() -> None:
    (result,) = grade_rows([ROW], ScriptedGrader(["the model server was away"]))
    assert (result["score"], result["reason"], result["estimate"]) == (None, "the model server was away", None)


def test_a_grade_is_a_score_or_a_reason() -> None:
    for score, reason in ((None, None), (5, "away")):
        with pytest.raises(ValueError, match="exactly one"):
            Grade(score, reason, "offline", "m", "")
    for score in (0, 11, 999):
        with pytest.raises(ValueError, match="1 to 10"):
            Grade(score, None, "offline", "m", "")


def test_a_task_says_nothing_of_who_answered() -> None:
    assert not {"name", "learner", "person", "email"} & set(GradeTask.__dataclass_fields__)
