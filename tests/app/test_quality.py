"""What people say about questions and scores: the learner's side on Practise and Review, the staff's on Quality."""

import pytest

from core.interview.model import FlagKind
from tests.app.conftest import Site
from tests.app.visit import Visit


def flag_first(ann: Visit, kind: FlagKind = FlagKind.UNCLEAR, words: str = "") -> Visit:
    """Flag the first question of the interview that is open in this tab, as through its form."""
    key = f"flag-{ann.interview.public_id}-1"
    ann.tab.radio(key=f"{key}-kind").set_value(kind)
    ann.tab.text_input(key=f"{key}-words").input(words)
    return ann.press("Send the flag")


def test_the_open_question_is_flagged_on_practise(site: Site) -> None:
    ann = flag_first(site.visit().begin(), words="Which tea?")
    assert "You flagged this question: it is unclear. It waits to be looked at." in ann.text
    flag = ann.interview.turns[0].question_flag
    assert flag is not None
    assert (flag.kind, flag.words) == (FlagKind.UNCLEAR, "Which tea?")


def test_a_question_is_flagged_on_review_too(site: Site) -> None:
    ann = site.visit().begin(questions=1).send_good().graded()
    assert "You flagged this question: it is wrong." in flag_first(ann, FlagKind.WRONG).text


def test_flagging_leaves_what_stands_in_the_answer_box(site: Site) -> None:
    ann = site.visit().begin().type("I was saying")
    assert flag_first(ann).box == "I was saying"


def test_an_administrator_deals_with_a_flag_and_the_learner_reads_it(site: Site) -> None:
    ann = flag_first(site.visit().begin(), words="*Which* tea?")
    ada = site.visit("ada", "admin").open("Quality")
    assert "It is unclear" in ada.text
    assert "*Which* tea?" in ada.text
    assert ann.interview.turns[0].message in ada.text
    ada.tab.text_area[0].input("Green tea; we have said so now.")
    ada.press("Dealt with")
    assert "No flagged question waits." in ada.text
    assert "Green tea; we have said so now." in ann.again().text


def test_a_flag_without_a_note_stays_in_the_queue(site: Site) -> None:
    flag_first(site.visit().begin())
    ada = site.visit("ada", "admin").open("Quality").press("Dealt with")
    assert ada.problems == ["Say in a note what came of it: the learner reads it."]
    assert "It is unclear" in ada.text


@pytest.mark.parametrize("role", ["learner", "manager"])
def test_others_see_no_flagged_question(site: Site, role: str) -> None:
    flag_first(site.visit().begin(), words="Which tea?")
    assert "Which tea?" not in site.visit("max", role).open("Quality").text


def test_someone_who_is_not_signed_in_sees_nothing_of_quality(site: Site) -> None:
    assert "signed out" in "".join(str(found.value) for found in site.stranger().open("Quality").tab.warning)
