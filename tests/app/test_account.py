"""One's own account: name, language, who may read one's words, password, other sign-ins."""

import pytest

from tests.app.conftest import Site
from tests.app.visit import Visit

OLD, NEW = "a sentence to remember", "another sentence to remember"


@pytest.fixture
def ann(site: Site) -> Visit:
    ann = site.visit()
    site.services.people.set_password(ann.person_id, OLD)
    return site.return_of(ann.person_id).open("Account")


def change_password(ann: Visit, current: str, new: str, again: str) -> Visit:
    for field, text in (("current", current), ("new", new), ("again", again)):
        ann.tab.text_input(key=f"account-{field}").input(text)
    return ann.press("Change password")


def test_a_new_name_is_there_at_once(ann: Visit) -> None:
    ann.tab.text_input(key="account-name").input("Anna Belle")
    ann.again()
    assert "Your name is saved." in ann.text
    assert ann.open("Start").title == "Hello, Anna Belle"


@pytest.mark.parametrize("name", ["", "   "])
def test_an_empty_name_changes_nothing_and_says_so(ann: Visit, name: str) -> None:
    ann.tab.text_input(key="account-name").input("Anna Belle")
    ann.again().tab.text_input(key="account-name").input(name)
    assert ann.again().problems == ["A name can't be empty; yours stays as it was."]
    assert "Your name is saved." not in ann.text
    assert ann.open("Start").title == "Hello, Anna Belle"


def test_a_name_with_markup_is_shown_letter_for_letter(ann: Visit) -> None:
    ann.tab.text_input(key="account-name").input("**A** [x](http://e.org) :red[b]")
    ann.again()
    assert ann.open("Start").tab.title[0].value.startswith(r"Hello, \*\*A\*\* \[x\]\(http")


def test_the_language_of_speech_is_kept(ann: Visit, site: Site) -> None:
    ann.tab.selectbox(key="account-language").set_value("de")
    ann.again()
    assert site.return_of(ann.person_id).open("Account").tab.selectbox(key="account-language").value == "de"


def test_sharing_is_off_until_it_is_turned_on(ann: Visit, site: Site) -> None:
    assert ann.tab.toggle(key="account-share").value is False
    ann.tab.toggle(key="account-share").set_value(True)
    ann.again()
    assert site.services.people.shares_transcripts(ann.person_id)
    assert "Managers of your cohorts can read your answers." in ann.text


def test_a_new_password_ends_every_other_sign_in(ann: Visit, site: Site) -> None:
    other = site.return_of(ann.person_id).open("Start")
    change_password(ann, OLD, NEW, NEW)
    assert "Your password is changed, and you are signed out everywhere else." in ann.text
    assert site.services.people.authenticate("ann@example.org", NEW) is not None
    assert "You are signed out" in other.again().text


@pytest.mark.parametrize(
    ("current", "new", "again", "says"),
    [
        ("wrong", NEW, NEW, "The current password isn't right."),
        (OLD, NEW, "something else entirely", "The two new passwords aren't the same."),
        (OLD, "short", "short", "12 characters"),
    ],
    ids=["wrong", "differs", "short"],
)
def test_a_password_that_cannot_be_says_why(ann: Visit, current: str, new: str, again: str, says: str) -> None:
    change_password(ann, current, new, again)
    assert len(ann.problems) == 1
    assert says in ann.problems[0]


def test_other_sign_ins_can_be_ended(ann: Visit, site: Site) -> None:
    other = site.return_of(ann.person_id).open("Start")
    ann.press("Sign out everywhere else")
    assert "You are signed out everywhere else." in ann.text
    assert "You are signed out" in other.again().text
