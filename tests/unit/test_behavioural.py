"""Stories: code sees which parts are there, and says that it can't judge how good they are."""

import pytest

from core.engines.base import GradeTask, KeyPoint
from core.grading import behavioural, rubric
from core.grading.lexical import LexicalGrader

STORY = (
    "When I worked at a bank, our nightly report was broken and the audit a week away. "
    "I met the two analysts, I rebuilt the query and I wrote a check that compared the totals. "
    "In the end the report ran in four minutes instead of forty, and the audit passed. "
    "I learnt to ask for the date first, and since then the check comes before the fix."
)


def levels(answer: str) -> dict[str, int]:
    return {criterion.name: criterion.level for criterion in behavioural.criteria(answer)}


def test_the_parts_of_a_story_are_noticed_with_the_words_for_them() -> None:
    seen = behavioural.checklist(STORY)
    assert all(quote in STORY for quote in seen.quotes.values())
    assert list(seen.quotes) == ["situation", "action", "result", "reflection"]
    assert (seen.numbers, seen.in_person, seen.share) == (True, True, 1.0)


@pytest.mark.parametrize("part", ["situation", "action", "result", "reflection"])
def test_a_part_that_is_left_out_is_missed(part: str) -> None:
    sentences = dict(zip(["situation", "action", "result", "reflection"], STORY.split(". "), strict=True))
    told = {
        "situation": "Reports failed.",
        "action": "People met.",
        "result": "That was that.",
        "reflection": "Good day.",
    }
    answer = " ".join(told[part] if name == part else f"{text}." for name, text in sentences.items())
    assert behavioural.checklist(answer).quotes[part] == ""
    assert levels(answer)[part] == 0


def test_nothing_is_noticed_in_nothing() -> None:
    assert behavioural.checklist("").share == 0
    assert set(levels("").values()) == {0, 1}


@pytest.mark.parametrize(
    "answer",
    [
        "One should listen and stay calm, and you must always plan ahead.",
        "I worked at a bank. I wanted to help, and I learned a lot.",
    ],
)
def test_advice_wishes_and_lessons_are_no_action(answer: str) -> None:
    assert behavioural.checklist(answer).quotes["action"] == ""


def test_a_result_with_a_number_counts_for_more() -> None:
    assert levels(STORY)["result"] == 4
    assert levels("When I was there I built it. In the end my report ran well.")["result"] == 3


def test_levels_fit_the_rubric() -> None:
    assert levels(STORY).keys() == rubric.BEHAVIOURAL.keys()
    assert rubric.score(levels(STORY), "behavioural") in range(1, 11)


def test_the_offline_grade_says_that_quality_is_not_judged() -> None:
    task = GradeTask("Tell me about a deadline.", STORY, kind="behavioural", key_points=(KeyPoint("a deadline"),))
    assert "quality not judged offline" in LexicalGrader().grade(task).flags


def test_any_other_story_has_the_parts_but_not_the_point() -> None:
    points = (
        KeyPoint("raised the safety problem with the manager", ("told the manager that it was unsafe",), must=True),
        KeyPoint("stopped the machine until it was mended", ("switched the machine off",)),
    )
    task = GradeTask("Tell me about a time you raised a safety problem.", STORY, kind="behavioural", key_points=points)
    assert (LexicalGrader().grade(task).score or 0) <= 3
