"""What nobody should type, and addresses that lead nowhere: one clear sentence, and nothing is lost."""

import pytest

from core.interview.model import Phase
from core.interview.service import MAX_ANSWER
from tests.app.conftest import Site

CLOSED = "This question was closed in another tab already; what you wrote was not sent."


@pytest.mark.parametrize("nothing", ["", "   ", "\n\t\n", "\0"], ids=["empty", "blanks", "line ends", "NUL"])
def test_an_answer_with_nothing_in_it_is_sent_back(site: Site, nothing: str) -> None:
    ann = site.visit().begin().send(nothing)
    assert ann.problems == ["There is nothing in the answer yet: say or type something, or skip the question."]
    assert ann.interview.phase is Phase.ANSWERING


@pytest.mark.parametrize(
    "text",
    [
        "x" * 100_000,
        "Tea 🍵 and 👩‍🍳 cakes 🎂",
        "שלום — مرحبا \u202eabc\u202c",
        "naïve “quotes” `code` $x$ <b>&amp; :red[no]",
    ],
    ids=["100 KB", "emoji", "right to left", "markup"],
)
def test_an_answer_is_stored_letter_for_letter(site: Site, text: str) -> None:
    ann = site.visit().begin(questions=2).send(text)
    assert ann.interview.answered[0].answer == text
    assert ann.problems == []
    assert text in [shown.value for shown in ann.tab.text]


@pytest.mark.parametrize(
    "text", ["x" * 100_000, "Tea 🍵", "مرحبا", "<script>alert(1)</script>"], ids=lambda text: text[:8]
)
def test_such_an_answer_can_be_read_in_its_report(site: Site, text: str) -> None:
    ann = site.visit().begin(questions=1).send(text).graded()
    ann.tab.session_state["whole-1"] = True  # what is very long is unfolded first
    assert text in ann.again().text
    assert "1 of 1 answer graded" in ann.text


def test_a_nul_is_left_out_of_an_answer(site: Site) -> None:
    ann = site.visit().begin().send("before\0after")
    assert ann.interview.answered[0].answer == "beforeafter"


def test_an_answer_that_is_too_long_stays_in_the_box(site: Site) -> None:
    text = "x" * (MAX_ANSWER + 1)
    ann = site.visit().begin().send(text)
    assert ann.problems == ["The answer has 120,001 characters; 120,000 is the most that one answer can have."]
    assert ann.box == text


def test_what_another_tab_has_answered_before_is_told_and_shown_to_be_copied(site: Site) -> None:
    ann = site.visit().begin()
    other = site.return_of(ann.person_id).open("Practise", interview=ann.interview.public_id)
    ann.send("The first.")
    other.send("The second, and much longer.")
    assert other.problems == [CLOSED]
    assert "The second, and much longer." in other.text
    assert [turn.answer for turn in other.interview.answered] == ["The first."]


def test_what_was_only_typed_when_another_tab_closed_the_question_is_shown_to_be_copied(site: Site) -> None:
    ann = site.visit().begin()
    other = site.return_of(ann.person_id).open("Practise", interview=ann.interview.public_id)
    ann.send("The first.")
    other.type("Never sent.")
    assert other.problems == [CLOSED]
    assert "Never sent." in other.text


def test_what_was_typed_when_another_tab_ended_the_interview_is_shown_to_be_copied(site: Site) -> None:
    ann = site.visit().begin(questions=2).send("The first.")
    other = site.return_of(ann.person_id).open("Practise", interview=ann.interview.public_id)
    ann.press("End and see the report")
    other.type("Never sent.")
    assert other.problems == [CLOSED]
    assert "Never sent." in other.text


def test_the_same_answer_twice_is_a_double_click_and_no_problem(site: Site) -> None:
    ann = site.visit().begin()
    other = site.return_of(ann.person_id).open("Practise", interview=ann.interview.public_id)
    ann.send("The same.")
    other.send("The same.")
    assert other.problems == []


def test_what_was_shown_to_be_copied_goes_with_the_next_answer(site: Site) -> None:
    ann = site.visit().begin()
    other = site.return_of(ann.person_id).open("Practise", interview=ann.interview.public_id)
    ann.send("The first.")
    other.send("The second.").send("To the next question.")
    assert "The second." not in other.text


@pytest.mark.parametrize("page", ["Practise", "Review"])
@pytest.mark.parametrize(
    "address", ["nonsense", "01a21739-290c-701c-be67-22f3a04f0559", "x" * 3000, "' OR 1=1 --", "\0", "🍵"],
    ids=["word", "id", "long", "sql", "NUL", "emoji"],
)  # fmt: skip
def test_an_unknown_interview_is_not_found_and_leads_on(site: Site, page: str, address: str) -> None:
    ann = site.visit().open(page, interview=address)
    assert len(ann.problems) == 1
    assert ann.problems[0].startswith("This interview could not be found")
    assert ann.press(ann.links()[0]).problems == []


@pytest.mark.parametrize("page", ["Practise", "Review"])
@pytest.mark.parametrize("role", ["learner", "manager"])
def test_somebody_elses_interview_is_as_unknown_as_none(site: Site, page: str, role: str) -> None:
    theirs = site.visit("ann", cohort="Spring").begin().interview.public_id
    bob = site.visit("bob", role, cohort="Autumn").open(page, interview=theirs)
    nobodys = site.return_of(bob.person_id).open(page, interview="nonsense")
    assert bob.text == nobodys.text
    assert bob.problems == nobodys.problems


def test_an_unknown_domain_in_the_address_is_told(site: Site) -> None:
    ann = site.visit().open("Practise", domain="Alchemy")
    assert "There is no domain called “Alchemy”" in ann.text
    assert "Tea Making" in ann.text


@pytest.mark.parametrize("words", ["%", "_", "'; DROP TABLE turn; --", "🍵", "x" * 100])
def test_any_words_can_be_searched_for(site: Site, words: str) -> None:
    ann = site.visit().begin(questions=1).send("Plain words.").open("Review")
    ann.tab.text_input[0].input(words)
    assert "No interview fits all of this." in ann.again().text
