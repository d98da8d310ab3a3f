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
    site.return_of(person_id).begin(domain, questions=1, mode=mode).send(answer).graded()


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
    return [str(caption.value)[:6] for caption in ann.tab.caption if "UTC" in str(caption.value)]


def test_all_interviews_are_listed_newest_first(ann: Visit) -> None:
    assert found(ann) == ["08 Mar", "05 Mar", "02 Mar"]


def test_they_are_found_by_domain(ann: Visit) -> None:
    ann.tab.selectbox(key="find_domain").set_value("coffee")
    assert found(ann.again()) == ["05 Mar"]


def test_they_are_found_by_mode(ann: Visit) -> None:
    ann.tab.selectbox(key="find_mode").set_value(Mode.MOCK)
    assert found(ann.again()) == ["05 Mar"]


@pytest.mark.parametrize("words", ["OOLONG", "oolong", "of oolo"])
def test_they_are_found_by_words_of_an_answer(ann: Visit, words: str) -> None:
    ann.tab.text_input(key="words").input(words)
    assert found(ann.again()) == ["02 Mar"]


@pytest.mark.parametrize("words", ["grünem", "100 %"])
def test_they_are_found_by_words_with_letters_and_signs_of_all_kinds(ann: Visit, words: str) -> None:
    ann.tab.text_input(key="words").input(words)
    assert found(ann.again()) == ["08 Mar"]


def test_they_are_found_by_words_of_a_question(ann: Visit) -> None:
    ann.tab.text_input(key="words").input("Coffee Making")
    assert found(ann.again()) == ["05 Mar"]


def test_they_are_found_by_their_days_the_last_one_included(ann: Visit) -> None:
    ann.tab.date_input(key="find_days").set_value((dt.date(2026, 3, 2), dt.date(2026, 3, 5)))
    assert found(ann.again()) == ["05 Mar", "02 Mar"]


def test_a_first_day_alone_is_enough(ann: Visit) -> None:
    ann.tab.date_input(key="find_days").set_value((dt.date(2026, 3, 5),))
    assert found(ann.again()) == ["08 Mar", "05 Mar"]


def test_all_ways_to_look_work_together(ann: Visit) -> None:
    ann.tab.selectbox(key="find_domain").set_value("tiny")
    ann.tab.text_input(key="words").input("I spoke")
    ann.tab.date_input(key="find_days").set_value((dt.date(2026, 3, 3), dt.date(2026, 3, 8)))
    assert found(ann.again()) == ["08 Mar"]


def test_the_search_can_be_linked_to(ann: Visit, site: Site) -> None:
    assert found(site.return_of(ann.person_id).open("Review", words="espresso")) == ["05 Mar"]


def test_one_is_opened_whole(ann: Visit) -> None:
    ann.press("Open", 2)
    assert "I spoke of oolong." in ann.text
    assert "Overall score" in ann.text
    assert found(ann.press("All interviews")) == ["08 Mar", "05 Mar", "02 Mar"]


def test_an_open_one_is_resumed(site: Site) -> None:
    ann = site.visit().begin(questions=3).open("Review").press("Resume")
    assert "question 1 of 3" in ann.text


def test_nobody_elses_are_listed(ann: Visit, site: Site) -> None:
    assert found(site.visit("bob").open("Review")) == []


def test_a_search_begins_on_its_first_page(site: Site, clock: Clock) -> None:
    ann = site.visit()
    for day in range(22):
        clock.now = START + dt.timedelta(hours=day)
        site.services.interviews.start(ann.person_id, Plan("tiny"))
    ann = site.return_of(ann.person_id).open("Review")
    assert len(found(ann)) == 20
    assert len(found(ann.press("Older"))) == 2
    ann.tab.selectbox(key="find_mode").set_value(Mode.PRACTICE)
    assert len(found(ann.again())) == 20
