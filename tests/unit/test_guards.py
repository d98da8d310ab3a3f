"""The guards: what holds an answer down, and the real answers that must not be taken for it."""

import pytest

from core.engines.base import GradeTask, KeyPoint
from core.grading import guards
from core.grading.lexical import LexicalGrader
from core.grading.text import tokenise

QUESTION = "What is a test set for a model?"
REFERENCE = "A test set is data that the model has never seen, kept apart to estimate its error on new cases."


def nothing(answer: str, question: str = QUESTION, reference: str = REFERENCE) -> str | None:
    return guards.nothing_said(answer, question, reference)


def flags(answer: str, question: str = QUESTION, reference: str = REFERENCE, **task: object) -> tuple[str, ...]:
    return LexicalGrader().grade(GradeTask(question, answer, reference=reference, **task)).flags  # type: ignore[arg-type]


@pytest.mark.parametrize("answer", ["", " \n\t", "…", "?!", "😀"])
def test_no_word_is_nothing(answer: str) -> None:
    assert nothing(answer) == "There were no words in this answer."


@pytest.mark.parametrize("answer", ["um", "Well, yeah.", "pass", "Skip.", "n/a", "none", "Nothing"])
def test_a_word_that_says_nothing_is_a_pass(answer: str) -> None:
    assert nothing(answer) == "You passed on this question."


def test_a_short_word_that_is_the_answer_is_no_pass() -> None:
    assert nothing("None", "How many comparisons does it make?", "None at all.") is None
    assert nothing("pass", "Which statement does nothing in Python?", "The pass statement.") is None


@pytest.mark.parametrize(
    "answer",
    [
        "I don't know",
        "I'd have to look it up, honestly.",
        "I would need to google that.",
        "I dont know, sorry.",
        "I don’t really know",
        "no idea",
        "Not sure.",
        "I'm not sure about this one, sorry.",
        "I can't remember",
        "I have never heard of that",
        "idk",
        "Let's skip this question",
        "I'll pass on this one",
        "my mind went blank",
    ],
)
def test_not_knowing_is_told_from_an_answer(answer: str) -> None:
    assert nothing(answer) == "You said that you don't know this one."


@pytest.mark.parametrize(
    "answer",
    [
        "Data the model has never seen.",
        "A set it has never seen",
        "I'm not sure, but it is kept apart to estimate the error.",
        "I don't know the details, but it estimates the error on unseen data.",
        "We pass on that model only what it learns from.",
    ],
)
def test_the_words_of_not_knowing_may_stand_in_an_answer(answer: str) -> None:
    assert nothing(answer) is None
    assert "doesn't know" not in flags(answer)


def test_passing_by_reference_is_no_pass() -> None:
    question = "How are objects handed to a function in Python?"
    answer = "They are passed by reference, so you pass on that object and not a copy."
    assert nothing(answer, question, "By reference to the object, not as a copy.") is None


@pytest.mark.parametrize(
    "answer", [QUESTION, "A test set for a model is a test set.", "So, what is a test set for a model?"]
)
def test_the_question_repeated_is_nothing(answer: str) -> None:
    assert nothing(answer) == "This answer repeats the question."


def test_the_question_repeated_with_its_answer_is_an_answer() -> None:
    assert nothing("A test set for a model is data that it has never seen.") is None
    merge = "What is the base case of a recursive merge sort?"
    assert nothing("The base case of a recursive merge sort is one.", merge, "An array of 1 element.") is None


def test_only_words_of_the_question_are_held_down() -> None:
    assert "nothing beyond the question" in flags("It is for the model, to test it.")
    assert "nothing beyond the question" not in flags("It is for the model, to estimate it.")


def test_a_short_answer_that_gives_up_is_held_down() -> None:
    assert "doesn't know" in flags("I don't know, some held-out data?")
    assert "doesn't know" not in flags("I don't know the word, but you keep data apart to estimate error on new cases.")


STUFFED = "data, model, seen, never, kept, apart, estimate, error, new, cases, test, set, split, holdout, validation"
SPOKEN = (
    "so it's data that the model has never seen you keep it apart until the end and then you use it to estimate how "
    "large the error will be on new cases"
)


@pytest.mark.parametrize("answer", [STUFFED, STUFFED.replace(",", ""), STUFFED.replace(",", ".")])
def test_words_without_sentences_are_seen(answer: str) -> None:
    assert guards.looks_stuffed(answer, tokenise(answer))


@pytest.mark.parametrize(
    "answer",
    [
        SPOKEN,
        "Held-out data, never seen in training.",
        "SELECT name, COUNT(*) FROM orders WHERE paid = 1 GROUP BY name HAVING COUNT(*) > 5",
        "First I'd sort the array, then take the middle element, compare it, and halve the range until it is found.",
        "O(n) for the scan, plus O(n log n) for the sort, so the sort dominates.",
    ],
)
def test_speech_and_code_and_short_answers_are_not_stuffing(answer: str) -> None:
    assert not guards.looks_stuffed(answer, tokenise(answer), prose=len(answer) > 100 and "(" not in answer)


def test_a_list_is_a_fine_answer_where_the_reference_is_one() -> None:
    question, reference = "Which HTTP methods are idempotent?", "GET, HEAD, PUT, DELETE, OPTIONS, TRACE"
    assert flags("get, head, put, delete, options, trace, all idempotent", question, reference) == ()


def test_a_long_terse_reference_excuses_no_list() -> None:
    reference = (
        "Small batches, merged daily. Fast automated tests. Feature flags. Canary releases, quick rollback. " * 6
    )
    words = "batches, merged, daily, fast, automated, tests, feature, flags, canary, releases, quick, rollback, small"
    assert "words without sentences" in flags(words, "How do you deliver often?", reference)


RELEVANT = "It is data that the model has never seen, kept apart to estimate its error on new cases."
PADDING = "My favourite holiday was in Portugal, where we ate grilled fish by the sea and walked along the cliffs. "


def test_padding_is_seen() -> None:
    assert "mostly beside the question" in flags(RELEVANT + " " + PADDING * 8)
    varied = " ".join(f"Then in town number {n} we met {n} friends and saw a church with {n} bells." for n in range(20))
    assert "mostly beside the question" in flags(f"{RELEVANT} {varied}")


def test_a_long_answer_to_the_point_is_not_padding() -> None:
    points = tuple(
        KeyPoint(text)
        for text in (
            "data the model has never seen",
            "split before any fitting so that nothing leaks",
            "use it once, at the end",
            "large enough for a narrow interval of the error",
            "drawn like the cases that will come",
        )
    )
    answer = (
        "A test set is data that the model has never seen. You split it off before any fitting, so that nothing leaks from "
        "it into the scaling or the choice of features. You use it once, at the very end, because every look at it makes the "
        "estimate a little too kind. It should be large enough for a narrow interval: with a hundred cases an error of ten per "
        "cent could be five or seventeen. And it should be drawn like the cases that will come later, so for a forecast you "
        "split by time rather than at random. On a churn project we once shuffled everything, and the error looked half as "
        "large as it was, since months of the same customer stood on both sides of the split."
    )
    assert flags(answer, key_points=points) == ()
