"""A learner's own data: who looked at it is told, and it can be erased, by nobody by mistake."""

from tests.app.conftest import Site


def test_a_managers_look_is_listed_on_the_learners_account(site: Site) -> None:
    ann = site.visit("ann", cohort="Spring").begin(questions=1).send("I don't know.").graded()
    public_id = ann.interview.public_id
    max_ = site.visit("max", "manager", cohort="Spring").open("Review", interview=public_id)
    max_.again()  # reading on is the same look
    shown = ann.open("Account").tab.dataframe[0].value
    assert [what for who, what in zip(shown["Who"], shown["What"], strict=True) if who == "Max"] == [
        "read one of your interviews"
    ]


def test_a_wrong_address_erases_nothing(site: Site) -> None:
    ann = site.visit("ann").open("Account")
    ann.tab.text_input(key="erase-confirm").input("ben@example.org")
    assert "nothing was erased" in ann.press("Erase everything").text
    assert site.services.people.find_by_email("ann@example.org") is not None


def test_ones_own_address_erases_the_account(site: Site) -> None:
    ann = site.visit("ann").begin(questions=1).send("I don't know.").graded().open("Account")
    ann.tab.text_input(key="erase-confirm").input("Ann@Example.org ")
    assert "You are signed out" in ann.press("Erase everything").text
    assert site.services.people.find_by_email("ann@example.org") is None
