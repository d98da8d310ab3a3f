"""Rosters are imported, and programmes and cohorts made, renamed and merged, on their pages."""

import datetime as dt

import pytest

from core.bootstrap import utc_now
from tests.app.conftest import OpenSite, Site
from tests.app.visit import Visit

ROSTER = b"email,name,cohort\nann@example.org,Ann,Spring\nbea@example.org,=Bea,Spring\nbea@example.org,=Bea,Spring\nnobody,N,\n"


@pytest.fixture
def boss(site: Site) -> Visit:
    return site.visit("boss", "admin")


def upload(visit: Visit, content: bytes) -> None:
    visit.tab.file_uploader[0].set_value(("roster.csv", content, "text/csv"))
    visit.again()


def metrics(visit: Visit) -> dict[str, str]:
    return {metric.label: str(metric.value) for metric in visit.tab.metric}


def test_a_roster_is_looked_through_before_it_is_imported(site: Site, boss: Visit) -> None:
    upload(boss.open("People"), ROSTER)
    assert metrics(boss) == {"New": "2", "Changed": "0", "As they are": "1", "Left out": "1"}
    assert "New cohorts: My programme ▸ Spring." in boss.text
    assert next(iter(boss.tab.dataframe[0].value["Why"])).startswith("Line 5:")
    assert site.services.people.find_by_email("ann@example.org") is None
    boss.press("Import 2 people")
    assert "The roster is in: 2 added, 0 changed, 1 as they were, 1 left out." in boss.text
    assert site.services.people.find_by_email("ann@example.org") is not None
    upload(boss, ROSTER)
    assert "Nothing to import" in boss.buttons()


def test_a_file_that_is_no_roster_is_refused_in_a_sentence(boss: Visit) -> None:
    upload(boss.open("People"), b"PK\x03\x04\x00zip")
    assert boss.problems == ["The file isn't CSV text that Viva can read; save it as “CSV UTF-8” and try again."]


def test_a_cohort_is_made_with_its_programme(site: Site, boss: Visit) -> None:
    site.services.people.ensure_cohort("Tea", "Winter")
    boss.open("Programmes")
    boss.tab.selectbox(key="new-programme").set_value("Tea")
    boss.tab.text_input(key="new-cohort-name").input("Spring")
    boss.press("Make it")
    assert "Tea ▸ Spring is there." in boss.text
    assert list(boss.tab.dataframe[0].value["Cohorts"]) == [2]


def test_a_cohort_is_renamed_and_merged(site: Site, boss: Visit) -> None:
    spring, autumn = (site.services.people.ensure_cohort("Tea", name) for name in ("Spring", "Autumn"))
    boss.open("Programmes")
    boss.tab.selectbox(key="cohort").set_value(spring.id)
    boss.again().tab.text_input(key=f"cohort-name-{spring.id}").input("Summer")
    boss.press("Rename")
    assert "The cohort is called Summer now." in boss.text
    boss.tab.selectbox(key=f"into-cohort-{spring.id}").set_value(autumn.id)
    boss.press("Merge")
    assert "The two are one now." in boss.text
    assert list(boss.tab.dataframe[0].value["Cohorts"]) == [1]


def test_an_administrator_decides_whether_a_programme_shares_transcripts(site: Site, boss: Visit) -> None:
    ann = site.visit("ann", cohort="Spring").begin(questions=1).send("In my own words.").graded()
    theo = site.visit("theo", "manager", cohort="Spring")
    boss.open("Programmes")
    boss.tab.selectbox(key="programme").set_value(1)
    boss.again().tab.toggle(key="shares-1").set_value(True)
    boss.again()
    assert "Managers of My programme read what its learners said." in boss.text
    assert "In my own words." in theo.open("Review", interview=ann.interview.public_id).text


def test_a_manager_sees_their_programmes_and_changes_none(site: Site) -> None:
    for programme, cohort in (("My programme", "Spring"), ("Coffee", "Blue")):
        site.services.people.ensure_cohort(programme, cohort)
    theo = site.visit("theo", "manager", cohort="Spring").open("Programmes")
    assert list(theo.tab.dataframe[0].value["Programme"]) == ["My programme"]
    assert [box.label for box in theo.tab.selectbox] == []


def test_a_person_moved_to_another_cohort_takes_the_interviews_along(site: Site, boss: Visit) -> None:
    ann = site.visit("ann", cohort="Spring").begin()
    autumn = site.services.people.ensure_cohort("My programme", "Autumn")
    boss.open("People")
    boss.tab.selectbox(key="change").set_value(ann.person_id)
    boss.again().tab.multiselect[0].set_value([autumn.id])
    boss.press("Save")
    assert "Saved for Ann. 1 of their interviews moved along." in boss.text


def test_days_are_set_told_to_the_learner_and_said_where_words_were_removed(open_site: OpenSite) -> None:
    clock = [utc_now()]
    site = open_site(now=lambda: clock[0])
    ann = site.visit("ann", cohort="Spring").begin(questions=1).send("In my own words.").graded()
    public_id = ann.interview.public_id
    boss = site.visit("boss", "admin").open("Programmes")
    boss.tab.selectbox(key="programme").set_value(1)
    boss.again().tab.number_input(key="days-1").set_value(90)
    boss.press("Save the days")
    assert "What is said in My programme is removed 90 days after an interview." in boss.text
    assert "My programme removes what was said in an interview 90 days after it ended" in ann.open(
        "Account"
    ).text.replace("**", "")
    clock[0] += dt.timedelta(days=91)
    assert site.services.retention.sweep() == 1
    ann = site.return_of(ann.person_id).open("Review", interview=public_id)
    assert "What was said here was removed on" in ann.text
    assert "In my own words." not in ann.text
    assert len(ann.scores) == 1
