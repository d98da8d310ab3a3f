"""The report as a learner reads it: evidence in the answer, what became of spoken words, many and long answers."""

from core.interview.service import Words
from tests.app.conftest import Site
from tests.app.visit import Visit


def speak(ann: Visit, heard: str, corrected: str, sent: str) -> Visit:
    """An answer that was spoken, as the recorder hands it over."""
    interview = ann.interview
    words = Words(sent, "voice", heard, corrected)
    ann.services.interviews.submit_answer(ann.person_id, interview.public_id, len(interview.turns), words)
    return ann.graded()


def test_what_counted_is_marked_in_the_answer_and_in_words(site: Site) -> None:
    ann = site.visit().begin(questions=1).send_good().graded()
    assert " [✓ counts]" in ann.text


def test_each_criterion_has_its_level_and_why(site: Site) -> None:
    ann = site.visit().begin(questions=1).send("I don't know.").graded()
    grade = ann.interview.turns[0].grade
    assert grade is not None
    for criterion in grade.criteria:  # which depend on the kind of question that came up
        assert f"{criterion.name.capitalize()}: 0 of 4" in ann.text
    assert "You said that you don't know this one." in ann.text


def test_an_answer_stands_letter_for_letter(site: Site) -> None:
    words = "<b>*Steep*</b> & 80 °C, 🫖 שלום :red[x] $1$"
    ann = site.visit().begin(questions=1).send(words).graded()
    assert words in ann.text


def test_the_score_of_an_answer_stands_once(site: Site) -> None:
    assert len(site.visit().begin(questions=1).send_good().graded().scores) == 1


def test_what_became_of_spoken_words_is_told(site: Site) -> None:
    ann = speak(site.visit().begin(questions=1), "um steep ooh long", "um steep oolong", "steep oolong twice")
    assert "Terms put right by Viva: “ooh long” → “oolong”." in ann.text
    assert "Changed before sending: “um” left out, “twice” put in." in ann.text


def test_spoken_words_that_were_sent_as_heard_say_so(site: Site) -> None:
    ann = speak(site.visit().begin(questions=1), "Steep it.", "Steep it.", "Steep it.")
    assert "Spoken, and sent as it was heard." in ann.text


def test_many_answers_are_reached_by_a_line_of_links(site: Site) -> None:
    ann = site.visit().begin(questions=5)
    assert "Go to answer" not in ann.text
    for _ in range(4):
        ann.send("I don't know.").graded()
    ann.press("Skip")
    assert "[:red-badge[1: 1]](#answer-1)" in ann.text
    assert "[:gray-badge[5: –]](#answer-5)" in ann.text


def test_a_very_long_answer_is_folded_and_whole(site: Site) -> None:
    ann = site.visit().begin(questions=1).send("tea " * 25_000 + "needle").graded()
    assert "The whole answer: about 25,001 words" in [part.label for part in ann.tab.expander]
    assert "needle" not in ann.text
    ann.tab.session_state["whole-1"] = True
    assert ann.again().text.count("needle") == 1


def test_weak_answers_are_practised_again_and_compared(site: Site) -> None:
    ann = site.visit().begin(questions=2, mode="mock").send("I don't know.")
    ann.press("Skip").graded()
    first = ann.interview
    ann.press("Practise it again")
    assert ann.interview.again_of == first.public_id
    assert ann.interview.turns[0].question_id == first.turns[0].question_id
    ann.send_good().press("End and see the report").graded()
    for part in ("Before and after", "**Before**", "**After**", "0 → "):
        assert part in ann.text
    assert any(label.startswith("The interview of") for label in ann.links())


def test_one_question_is_tried_again_a_skipped_one_too(site: Site) -> None:
    ann = site.visit().begin(questions=2).press("Skip").send_good().graded()
    skipped = ann.interview.turns[0]
    ann.press("Try this question again")
    assert ann.interview.turns[0].question_id == skipped.question_id


def test_an_interview_that_is_still_open_is_not_retried(site: Site) -> None:
    ann = site.visit().begin(questions=3).send_good().graded()
    ann.open("Review", interview=ann.interview.public_id)
    assert "Try this question again" not in ann.buttons()
    assert "Practise it again" not in ann.buttons()


def test_how_sure_the_learner_was_is_asked_and_told(site: Site) -> None:
    ann = site.visit().begin(questions=2)
    ann.tab.segmented_control[0].set_value("Unsure")
    ann.send_good().send_good().graded()
    assert [turn.sure for turn in ann.interview.turns] == [False, None]
    assert ann.text.count("You were unsure.") == 1
