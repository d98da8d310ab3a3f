"""The sample programme: marked as sample wherever it shows, and never mixed with real people."""

import pytest

from core.analytics.learner_lists import Order
from core.sample import SAMPLE_ADMIN_EMAIL, SAMPLE_LEARNER_EMAIL, SAMPLE_MANAGER_EMAIL, load_sample
from tests.app.conftest import Site
from tests.app.visit import Visit

Come = dict[str, str]
EMAILS = {"learner": SAMPLE_LEARNER_EMAIL, "manager": SAMPLE_MANAGER_EMAIL, "admin": SAMPLE_ADMIN_EMAIL}


@pytest.fixture
def sampled(site: Site) -> Site:
    """A site with a small sample programme and nobody else."""
    services = site.services
    load_sample(services.database, services.domains.catalogue(), responses=300, now=services.now())
    return site


def visit(site: Site, role: str) -> Visit:
    person = site.services.people.find_by_email(EMAILS[role])
    assert person is not None
    return site.return_of(person.id)


def badges(tab: Visit) -> int:
    """How often "Sample data" stands beside the menu and on the page."""
    return sum("Sample data" in str(found.value) for found in tab.tab.get("markdown"))


@pytest.mark.parametrize("role", list(EMAILS))
def test_a_sample_person_is_marked_on_every_page(sampled: Site, role: str) -> None:
    tab = visit(sampled, role).open("Start")
    for page in ("Start", "Practise", "Review", "Progress", "Account"):
        assert badges(tab.open(page)) >= 1
        assert tab.problems == []


def test_a_sample_cohort_is_marked_also_for_a_real_administrator(sampled: Site) -> None:
    boss = sampled.visit("boss", "admin").open("Cohorts")
    assert badges(boss) == 1


def test_a_sample_interview_is_marked_in_its_report(sampled: Site) -> None:
    maya = visit(sampled, "learner").open("Review").press("Read")
    assert any("Sample data" in str(found.value) for found in maya.tab.main.get("markdown"))
    assert "sample data" in maya.text


def test_a_sample_person_is_marked_among_people(sampled: Site) -> None:
    boss = sampled.visit("boss", "admin").open("People")
    states = dict(zip(boss.tab.dataframe[0].value["E-mail"], boss.tab.dataframe[0].value["State"], strict=True))
    assert states.pop("boss@example.org") == "invited"
    assert set(states.values()) == {"sample"}


def test_sample_people_are_out_when_the_first_real_account_is_made(sampled: Site) -> None:
    maya = visit(sampled, "learner").open("Start")
    sampled.visit("boss", "admin")
    assert "You are signed out" in maya.again().text


def test_progress_of_the_sample_learner_is_whole(sampled: Site) -> None:
    maya = visit(sampled, "learner").open("Progress")
    assert "sample data" in maya.text
    assert [str(found.value) for found in maya.tab.subheader][:3] == ["Direction", "Ability", "Scores"]


def test_a_manager_turns_the_pages_of_the_learners_in_an_order_of_their_choice(
    sampled: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.cohort_learners.LISTED", 5)
    theo = visit(sampled, "manager").open("Cohorts", view="Learners")
    first = theo.tab.dataframe[0].value
    assert list(first["Learner"]) == [f"Learner {number}" for number in range(1, 6)]
    assert "5 of 20 learners; the files have them all." in theo.text
    theo.tab.session_state["learners_page"] = 2
    theo.tab.selectbox(key="order").select(Order.LOWEST)
    lowest = theo.again().tab.dataframe[0].value
    assert lowest["Mean score"].dropna().is_monotonic_increasing
    assert not lowest["Mean score"].isna().iloc[0]
    assert set(lowest["Learner"]) != set(first["Learner"])
    second = visit(sampled, "manager").open("Cohorts", view="Learners", learners_page="2").tab.dataframe[0].value
    assert list(second["Learner"]) == [f"Learner {number}" for number in range(6, 11)]


def test_a_row_that_is_chosen_is_not_chosen_in_another_list(sampled: Site) -> None:
    theo = visit(sampled, "manager").open("Cohorts", view="Learners")
    table = theo.tab.dataframe[0].proto.id
    assert theo.again().tab.dataframe[0].proto.id == table
    theo.tab.selectbox(key="order").select(Order.LOWEST)
    assert theo.again().tab.dataframe[0].proto.id != table


def test_a_manager_sees_what_a_cohort_misses_most_and_whom_to_call_page_by_page(
    sampled: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.cohort_learners.CALLS", 2)
    theo = visit(sampled, "manager").open("Cohorts", view="Skills", period="")
    assert "Key points most often missed" in [str(found.value) for found in theo.tab.subheader]
    missed = theo.tab.dataframe[-1].value
    assert list(missed.columns) == ["Missed by", "Answers", "Key point", "Skill", "Level"]
    assert (missed["Answers"] >= 3).all()
    calls = visit(sampled, "manager").open("Cohorts", view="Who needs a call", risk_days="3")
    assert calls.buttons().count("Note it") == 2
