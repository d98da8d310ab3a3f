"""Past interviews: found by domain, date and words, and opened whole."""

import datetime as dt
import shutil

import pytest

from core.interview.model import Mode
from core.interview.service import Plan
from tests.app.conftest import OpenSite, Site
from tests.app.visit import Visit
from tests.hall import DOMAINS, START, Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def site(open_site: OpenSite, clock: Clock) -> Site:
    """A site whose clock is moved by hand, with a second domain."""
    site = open_site(now=clock)
    coffee = site.prompts / "domains" / "coffee.yaml"
    shutil.copy(DOMAINS / "tiny.yaml", coffee)
    coffee.write_text(coffee.read_text("utf-8").replace("Tea Making", "Coffee Making"), "utf-8")
    return site


def held(site: Site, person_id: int, answer: str, domain: str = "tiny", mode: Mode = Mode.PRACTICE) -> None:
    """One finished interview of one answer."""
    site.return_of(person_id).begin(domain, questions=1, mode=mode, level=3).send(answer).graded()


@pytest.fixture
def ann(site: Site, clock: Clock) -> Visit:
    """Three interviews on three days, and the page that lists them."""
    person_id = site.visit().person_id
    held(site, person_id, "I spoke of oolong.")
    clock.now = START + dt.timedelta(days=3)
    held(site, person_id, "I spoke of espresso.", "coffee", Mode.MOCK)
    clock.now = START + dt.timedelta(days=6)
    held(site, person_id, "I spoke of 100 % GRÜNEM Tee.")
    return site.return_of(person_id).open("Review")


def found(ann: Visit) -> list[str]:
    """The days of the interviews that are listed."""
    return [str(caption.value)[:5] for caption in ann.tab.caption if "UTC" in str(caption.value)]


def test_all_interviews_are_listed_newest_first(ann: Visit) -> None:
    assert found(ann) == ["8 Mar", "5 Mar", "2 Mar"]


def test_they_are_found_by_domain(ann: Visit) -> None:
    ann.tab.selectbox(key="field").set_value("coffee")
    assert found(ann.again()) == ["5 Mar"]


def test_they_are_found_by_mode(ann: Visit) -> None:
    ann.tab.selectbox(key="mode").set_value(Mode.MOCK)
    assert found(ann.again()) == ["5 Mar"]


@pytest.mark.parametrize("words", ["OOLONG", "oolong", "of oolo"])
def test_they_are_found_by_words_of_an_answer(ann: Visit, words: str) -> None:
    ann.tab.text_input(key="words").input(words)
    assert found(ann.again()) == ["2 Mar"]


@pytest.mark.parametrize("words", ["grünem", "100 %"])
def test_they_are_found_by_words_with_letters_and_signs_of_all_kinds(ann: Visit, words: str) -> None:
    ann.tab.text_input(key="words").input(words)
    assert found(ann.again()) == ["8 Mar"]


def test_they_are_found_by_words_of_a_question(ann: Visit) -> None:
    ann.tab.text_input(key="words").input("Coffee Making")
    assert found(ann.again()) == ["5 Mar"]


def test_they_are_found_by_their_days_the_last_one_included(ann: Visit) -> None:
    ann.tab.date_input(key="from").set_value(dt.date(2026, 3, 2))
    ann.tab.date_input(key="until").set_value(dt.date(2026, 3, 5))
    assert found(ann.again()) == ["5 Mar", "2 Mar"]


def test_a_first_day_alone_is_enough(ann: Visit) -> None:
    ann.tab.date_input(key="from").set_value(dt.date(2026, 3, 5))
    assert found(ann.again()) == ["8 Mar", "5 Mar"]


def test_all_ways_to_look_work_together(ann: Visit) -> None:
    ann.tab.selectbox(key="field").set_value("tiny")
    ann.tab.text_input(key="words").input("I spoke")
    ann.tab.date_input(key="from").set_value(dt.date(2026, 3, 3))
    ann.tab.date_input(key="until").set_value(dt.date(2026, 3, 8))
    assert found(ann.again()) == ["8 Mar"]


def test_the_search_can_be_linked_to(ann: Visit, site: Site) -> None:
    assert found(site.return_of(ann.person_id).open("Review", words="espresso")) == ["5 Mar"]


def test_one_is_opened_whole(ann: Visit) -> None:
    ann.press("Read", 2)
    assert "I spoke of oolong." in ann.text
    assert "Overall score" in ann.text
    assert found(ann.press("All interviews")) == ["8 Mar", "5 Mar", "2 Mar"]


def test_an_open_one_is_resumed(site: Site) -> None:
    ann = site.visit().begin(questions=3).open("Review").press("Resume")
    assert "question 1 of 3" in ann.text


def test_nobody_elses_are_listed(ann: Visit, site: Site) -> None:
    assert found(site.visit("bob").open("Review")) == []


def test_many_come_a_page_at_a_time_and_a_search_begins_on_the_first(site: Site, clock: Clock) -> None:
    ann = site.visit()
    for hour in range(22):
        clock.now = START + dt.timedelta(hours=hour)
        site.services.interviews.start(ann.person_id, Plan("tiny"))
    ann = site.return_of(ann.person_id).open("Review", page="2")
    assert "21–22 of 22 interviews" in ann.text
    assert len(found(ann)) == 2
    ann.tab.selectbox(key="mode").set_value(Mode.PRACTICE)
    assert len(found(ann.again())) == 20


def test_they_are_found_by_level_and_score(ann: Visit, site: Site) -> None:
    assert "5 Mar" in found(site.return_of(ann.person_id).open("Review", level="3 · Professional", score="Under 5"))
    assert found(site.return_of(ann.person_id).open("Review", score="7 and more")) == []
    assert found(site.return_of(ann.person_id).open("Review", level="5 · Expert")) == []


def test_the_order_stands_in_the_address(ann: Visit, site: Site) -> None:
    assert found(site.return_of(ann.person_id).open("Review", order="Oldest first")) == ["2 Mar", "5 Mar", "8 Mar"]


def test_what_an_address_misspells_is_left_out(ann: Visit, site: Site) -> None:
    tab = site.return_of(ann.person_id).open("Review", level="eleven", order="?", page="-3", until="yesterday")
    assert len(found(tab)) == 3


def test_one_press_takes_all_filters_off(ann: Visit, site: Site) -> None:
    tab = site.return_of(ann.person_id).open("Review", words="zeugma", score="Under 5")
    assert "No interview fits all of this." in tab.text
    assert len(found(tab.press("Show all interviews"))) == 3


def test_a_learner_without_interviews_reads_what_will_be_here(site: Site) -> None:
    bob = site.visit("bob").open("Review")
    assert "What you will find here" in bob.text
    assert "Hold the first interview" in bob.links()


def test_the_list_shows_score_mode_level_and_answers(ann: Visit) -> None:
    assert ":red-badge[1.0 / 10]" in ann.text
    assert "Mock · level 3.0 · 1 answer" in ann.text


def test_times_and_days_are_the_learner_s_own(ann: Visit, site: Site) -> None:
    tab = site.return_of(ann.person_id)
    tab.tab.context = {"url": "http://127.0.0.1:8501/", "timezone": "America/Los_Angeles"}
    tab.open("Review", until="2026-03-02")
    assert "2 Mar 2026, 01:00 ·" in tab.text
    tab.tab.context = {"url": "http://127.0.0.1:8501/", "timezone": "Pacific/Honolulu"}
    assert "1 Mar 2026, 23:00 ·" in tab.again().text


def test_a_time_zone_that_nobody_knows_is_utc(ann: Visit) -> None:
    ann.tab.context = {"url": "http://127.0.0.1:8501/", "timezone": "../../etc/passwd"}
    assert "2 Mar 2026, 09:00 UTC" in ann.again().text
