"""One grade for all who ask for it."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.engines.base import Grade, GradeTask
from core.grading.lexical import LexicalGrader
from core.grading.once import REMEMBERED, GradesOnce


class Counting(LexicalGrader):
    """Counts what it is asked to grade, and waits for `go` before it does."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.go = threading.Event()
        self.go.set()
        self.broken = False

    def grade(self, task: GradeTask) -> Grade:
        self.asked.append(task.answer)
        self.go.wait(10)
        if self.broken:
            raise RuntimeError("broken")
        return super().grade(task)


def task(answer: str, **values: object) -> GradeTask:
    return GradeTask("What is a mean?", answer, **values)  # type: ignore[arg-type] # any field


def test_the_same_response_is_graded_once_by_all_who_ask_meanwhile() -> None:
    inner = Counting()
    grader = GradesOnce(inner)
    inner.go.clear()
    with ThreadPoolExecutor(4) as pool:
        grades = [pool.submit(grader.grade, task("The sum over the count.")) for _ in range(4)]
        inner.go.set()
        found = [grade.result(10) for grade in grades]
    assert inner.asked == ["The sum over the count."]
    assert found == [LexicalGrader().grade(task("The sum over the count."))] * 4


@pytest.mark.parametrize("other", [{"anchors": {"9": "all of it"}}, {"hints": 1}, {"reference": "The sum."}])
def test_a_task_that_differs_in_anything_is_another_one(other: dict[str, object]) -> None:
    inner = Counting()
    grader = GradesOnce(inner)
    grader.grade(task("The sum."))
    grader.grade(task("The sum.", **other))
    assert len(inner.asked) == 2


def test_a_fault_is_told_and_tried_anew_the_next_time() -> None:
    inner = Counting()
    grader = GradesOnce(inner)
    inner.broken = True
    with pytest.raises(RuntimeError):
        grader.grade(task("The sum."))
    inner.broken = False
    assert grader.grade(task("The sum.")).score is not None


def test_only_the_last_responses_are_kept_in_mind() -> None:
    inner = Counting()
    grader = GradesOnce(inner)
    for number in range(REMEMBERED + 1):
        grader.grade(task(f"Answer {number}."))
    grader.grade(task(f"Answer {REMEMBERED}."))
    grader.grade(task("Answer 0."))
    assert len(inner.asked) == REMEMBERED + 2
