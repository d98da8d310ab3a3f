"""Who may see which page, and what a page does for somebody who no longer may."""

import pytest

from core.interview.model import Phase
from tests.app.conftest import Site
from tests.matrix.table import PAGES
from tests.matrix.world import Asker

EVERYONES = [page for page, askers in PAGES.items() if Asker.ANN in askers]
STAFFS = [page for page, askers in PAGES.items() if Asker.MANAGER in askers and Asker.ANN not in askers]


@pytest.mark.parametrize("page", PAGES)
def test_without_a_sign_in_a_page_says_so_and_shows_nothing_else(site: Site, page: str) -> None:
    stranger = site.stranger().open(page)
    assert [found.value for found in stranger.tab.warning] == ["You are signed out. What you sent before is saved."]
    assert stranger.title == ""
    assert stranger.buttons() == []


def test_the_way_to_the_sign_in_page_leads_back_to_where_one_was(site: Site) -> None:
    stranger = site.stranger()
    stranger.tab.context = {"url": "http://127.0.0.1:8501/Review"}
    stranger.open("Review", interview="some-id")
    assert "/login?next=/Review%3Finterview%3Dsome-id" in stranger.tab.get("html")[0].proto.body


@pytest.mark.parametrize("page", STAFFS)
def test_a_learner_is_told_whom_a_page_is_for(site: Site, page: str) -> None:
    ann = site.visit().open(page)
    assert ann.problems == ["This page is for programme managers and administrators."]
    assert ann.title == ""


@pytest.mark.parametrize("role", ["learner", "manager", "admin"])
@pytest.mark.parametrize("page", EVERYONES)
def test_everybody_has_pages_of_their_own(site: Site, role: str, page: str) -> None:
    assert site.visit(role=role).open(page).title != ""


@pytest.mark.parametrize("role", ["manager", "admin"])
@pytest.mark.parametrize("page", STAFFS)
def test_staff_see_the_pages_for_staff(site: Site, role: str, page: str) -> None:
    assert site.visit(role=role).open(page).title == page


def test_a_page_says_at_its_next_rerun_that_the_sign_in_has_ended(site: Site) -> None:
    ann = site.visit().open("Practise")
    site.services.sessions.close_all(ann.person_id)
    ann.again()
    assert "You are signed out" in ann.text
    assert ann.title == ""


def test_an_answer_sent_after_the_sign_in_ended_is_not_taken(site: Site) -> None:
    ann = site.visit().begin()
    other = site.return_of(ann.person_id).open("Practise", interview=ann.interview.public_id)
    site.services.sessions.close_all(ann.person_id)
    ann.send("Too late.")
    assert ann.interview.answered == ()
    assert "You are signed out" in ann.text
    assert "You are signed out" in other.again().text


@pytest.mark.parametrize("button", ["Skip", "Hint", "End and see the report"])
def test_no_button_works_after_the_sign_in_ended(site: Site, button: str) -> None:
    ann = site.visit().begin()
    site.services.sessions.close_all(ann.person_id)
    ann.press(button)
    assert ann.interview.phase is Phase.ANSWERING
    assert ann.interview.turns[0].hints == ()


def test_a_role_that_was_taken_away_is_gone_at_the_next_rerun(site: Site) -> None:
    site.visit("boss", "admin")
    theo = site.visit("theo", "manager").open("People")
    site.services.people.set_role(theo.person_id, "learner")
    theo.again()
    assert theo.problems == ["This page is for programme managers and administrators."]


def test_a_closed_account_is_out_at_the_next_rerun(site: Site) -> None:
    ann = site.visit().open("Progress")
    site.services.people.disable(ann.person_id)
    assert "You are signed out" in ann.again().text


def test_an_account_closed_in_mid_interview_keeps_its_answers_and_the_next_click_explains(site: Site) -> None:
    ann = site.visit().begin(questions=3).send("With hot water.")
    public_id = ann.interview.public_id
    site.services.people.disable(ann.person_id)
    ann.tab.text_area[0].input("And with time.")
    ann.press("Send answer")
    assert "You are signed out. What you sent before is saved." in ann.text
    assert [turn.answer for turn in site.services.interviews.view(ann.person_id, public_id).answered] == [
        "With hot water."
    ]
    site.services.people.disable(ann.person_id, False)
    back = site.return_of(ann.person_id).open("Practise", interview=public_id)
    assert "With hot water." in back.text


def test_somebody_without_a_password_is_not_asked_for_one(site: Site) -> None:
    ann = site.visit().open("Account")
    assert "Change password" not in ann.buttons()
    site.services.people.set_password(ann.person_id, "a sentence to remember")
    assert "Change password" in site.return_of(ann.person_id).open("Account").buttons()
