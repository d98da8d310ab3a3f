"""What managers and administrators do: their cohorts, down to one interview, and the people in them."""

import pytest

from tests.app.conftest import Site
from tests.app.visit import Visit


@pytest.fixture
def ann(site: Site) -> Visit:
    """A learner of the spring cohort with one finished interview."""
    return site.visit("ann", cohort="Spring").begin(questions=1).send("In my own words.").graded()


@pytest.fixture
def theo(site: Site, ann: Visit) -> Visit:
    """The spring cohort's manager."""
    return site.visit("theo", "manager", cohort="Spring")


def metrics(tab: Visit) -> dict[str, str]:
    return {metric.label: str(metric.value) for metric in tab.tab.metric}


def test_a_cohort_shows_how_far_its_learners_got_and_how_it_goes(theo: Visit) -> None:
    theo.open("Cohorts")
    assert metrics(theo) == {"Invited": "1", "Signed in": "1", "Began": "1", "Finished one": "1", "Active": "1"}
    headings = [str(found.value) for found in theo.tab.subheader]
    assert headings == ["Scores", "Ability, adjusted for difficulty", "Practice", "How scores are spread"]
    assert "Too few weeks with enough responses to speak of a change." in theo.text
    assert not theo.tab.dataframe
    theo.tab.session_state["numbers-scores"] = True  # as a click on "The numbers" does
    assert list(theo.again().tab.dataframe[0].value["Responses"]) == [1]


def test_a_week_without_scores_leaves_the_charts_over_time(theo: Visit) -> None:
    theo.open("Cohorts")
    theo.tab.selectbox(key="week").select_index(3)
    theo.again()
    assert [str(found.value) for found in theo.tab.subheader][:3] == [
        "Scores",
        "Ability, adjusted for difficulty",
        "Practice",
    ]
    assert theo.text.count("Nothing was graded under these filters.") == 1
    theo.tab.session_state["view"] = "Skills"
    assert "Nothing was graded under these filters." in theo.again().text


def test_a_filter_holds_on_the_page_and_narrows_the_learners(theo: Visit) -> None:
    theo.open("Cohorts", view="Learners", step="Finished one", score="10")
    assert "No learner fits all of this." in theo.text
    theo.tab.selectbox(key="score").set_value(None)
    assert "Learners: finished one." in theo.again().text
    assert len(theo.tab.dataframe[0].value) == 1


def test_what_the_numbers_are_of_is_said(theo: Visit) -> None:
    assert "The numbers are of all their interviews, whenever they were." in theo.open("Cohorts", view="Learners").text
    theo.tab.selectbox(key="mode").set_value("mock")
    assert "The numbers are of all their interviews in mock mode, whenever they were." in theo.again().text


def test_an_address_of_a_cohort_that_is_there_no_more_says_so(theo: Visit) -> None:
    assert "You look after no cohort called “Gone”" in theo.open("Cohorts", cohort="Gone").text
    assert "You look after no cohort" not in theo.open("Cohorts", cohort="Spring").text


def test_names_are_shown_only_when_they_are_asked_for(theo: Visit) -> None:
    theo.open("Cohorts", view="Learners")
    assert list(theo.tab.dataframe[0].value["Learner"]) == ["Learner 1"]
    theo.tab.toggle(key="named").set_value(True)
    assert list(theo.again().tab.dataframe[0].value["Learner"]) == ["Ann"]


def test_skills_are_shown_by_level(theo: Visit) -> None:
    theo.open("Cohorts", view="Skills")
    assert [str(found.value) for found in theo.tab.subheader] == [
        "Skills",
        "Skills by level asked",
        "Key points most often missed",
    ]
    assert "No skill has 5 responses yet." in theo.text


def test_all_cohorts_stand_in_one_table_without_a_place_for_few_responses(theo: Visit) -> None:
    theo.open("Cohorts", view="All cohorts")
    assert list(theo.tab.dataframe[0].value["Place"]) == ["too few responses"]


def test_an_assignment_is_set_seen_by_the_learner_and_taken_back(theo: Visit, ann: Visit) -> None:
    theo.open("Cohorts", view="Assignments")
    theo.tab.session_state["set-an-assignment"] = True  # as a click on it does
    theo.again().press("Set it")
    assert "It is set" in theo.text
    assert "0 of 1 have done it" in theo.text
    assert "Set by your programme: 3 Tea Making interviews" in ann.open("Start").text
    theo.press("Take it back")
    assert "Set by your programme" not in ann.open("Start").text


def test_a_manager_sees_no_cohort_but_their_own(site: Site, theo: Visit) -> None:
    site.visit("bob", cohort="Autumn")
    assert theo.open("Cohorts").tab.selectbox(key="cohort").options == ["Spring"]


def test_an_administrator_sees_every_cohort(site: Site, ann: Visit) -> None:
    site.visit("bob", cohort="Autumn")
    boss = site.visit("boss", "admin").open("Cohorts")
    assert boss.tab.selectbox(key="cohort").options == ["Autumn", "Spring"]


def test_a_manager_without_a_cohort_is_told_how_to_get_one(site: Site) -> None:
    assert "You look after no cohort yet" in site.visit("theo", "manager").open("Cohorts").text


def test_a_manager_reads_scores_but_no_words_that_are_not_shared(theo: Visit, ann: Visit) -> None:
    theo.open("Review", interview=ann.interview.public_id)
    assert theo.title == "Tea Making · Ann"
    assert "In my own words." not in theo.text
    assert theo.scores != []


def test_a_manager_reads_the_words_that_are_shared(site: Site, theo: Visit, ann: Visit) -> None:
    site.services.people.share_transcripts(ann.person_id, True)
    theo.open("Review", interview=ann.interview.public_id)
    assert "In my own words." in theo.text


def test_an_open_interview_of_a_learner_is_not_resumed_by_their_manager(site: Site, theo: Visit) -> None:
    bob = site.visit("bob", cohort="Spring").begin()
    theo.open("Practise", interview=bob.interview.public_id)
    assert theo.problems == ["This interview could not be found among yours."]


def test_an_invitation_gives_a_link_that_is_shown_once(theo: Visit) -> None:
    theo.open("People")
    theo.tab.text_input(key="invite-email").input("new@example.org")
    theo.tab.text_input(key="invite-name").input("Newcomer")
    theo.press("Invite")
    assert "Send this link to new@example.org" in theo.text
    assert "/invite?token=" in theo.tab.code[0].value
    assert "/invite?token=" not in theo.again().text
    assert list(theo.tab.dataframe[0].value["E-mail"]) == ["ann@example.org", "new@example.org"]


@pytest.mark.parametrize(
    ("email", "says"),
    [("", "e-mail"), ("nonsense", "e-mail"), ("ann@example.org", "has an account already")],
    ids=["empty", "nonsense", "known"],
)
def test_an_invitation_that_cannot_be_says_why(theo: Visit, email: str, says: str) -> None:
    theo.open("People")
    theo.tab.text_input(key="invite-email").input(email)
    theo.press("Invite")
    assert len(theo.problems) == 1
    assert says in theo.problems[0]


def test_a_person_is_found_moved_and_closed_by_an_administrator(site: Site, ann: Visit) -> None:
    site.visit("bob", cohort="Autumn")
    boss = site.visit("boss", "admin").open("People", find="ann")
    assert list(boss.tab.dataframe[0].value["Name"]) == ["Ann"]
    boss.tab.selectbox(key="change").set_value(ann.person_id)
    boss.again()
    boss.tab.multiselect[0].set_value([])
    boss.press("Save")
    assert "Saved for Ann." in boss.text
    assert list(boss.tab.dataframe[0].value["Cohorts"]) == [""]
    boss.press("Close the account")
    assert "The account of Ann is closed." in boss.text
    assert "You are signed out" in ann.again().text


def test_the_last_administrator_stays_one(site: Site) -> None:
    boss = site.visit("boss", "admin").open("People")
    boss.tab.selectbox(key="change").set_value(boss.person_id)
    boss.again()
    boss.tab.selectbox(key=f"role-{boss.person_id}").set_value("learner")
    boss.press("Save")
    assert boss.problems == ["boss@example.org is the only administrator; make somebody else one first."]


def test_a_manager_finds_nobody_outside_their_cohorts(site: Site, theo: Visit) -> None:
    site.visit("bob", cohort="Autumn")
    assert "Nobody is called that." in theo.open("People", find="bob").text


def test_thresholds_are_kept_for_the_manager_who_set_them(site: Site, ann: Visit, theo: Visit) -> None:
    theo.open("Cohorts", view="Who needs a call")
    theo.tab.slider(key="risk_days").set_value(30)
    theo.again().press("Keep these")
    assert theo.open("Cohorts", view="Who needs a call").tab.slider(key="risk_days").value == 30
    other = site.visit("max", "manager", cohort="Spring").open("Cohorts", view="Who needs a call")
    assert other.tab.slider(key="risk_days").value == 14
