"""A database that can't be had: one sentence in the page's place, and nothing typed is lost."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from core.engines.base import AskBrief
from core.engines.scripted import ScriptedInterviewer
from core.interview.model import Mode
from core.storage.faults import AWAY, FULL
from tests.app import outage as outages
from tests.app.conftest import OpenSite, Site, scripted
from tests.app.outage import outage
from tests.hall import reply

PAGES = ["Start", "Practise", "Review", "Progress", "Cohorts", "People", "Account"]


def about_interviews(statement: str) -> bool:
    return "FROM interview" in statement or "cube" in statement


def writing(statement: str) -> bool:
    return statement.startswith(("INSERT", "UPDATE"))


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_that_the_database_cannot_be_reached_and_comes_back(site: Site, page: str) -> None:
    ann = site.visit(role="admin").open(page)
    title = ann.title
    with outage(site.services.database):
        ann.again()
        assert ann.problems == [AWAY]
        assert ann.title == ""
    assert ann.press("Try again").title == title
    assert ann.problems == []


@pytest.mark.parametrize("page", ["Start", "Review", "Progress"])
def test_a_page_that_fails_half_way_says_so_too(site: Site, page: str) -> None:
    ann = site.visit(role="admin").open(page)
    with outage(site.services.database, of=about_interviews):
        assert ann.again().problems == [AWAY]
    assert ann.press("Try again").problems == []


def test_an_answer_sent_while_the_database_is_away_is_in_the_box_when_it_is_back(site: Site) -> None:
    ann = site.visit().begin().type("The beginning")
    with outage(site.services.database):
        ann.send("The beginning, and a long end.")
        assert ann.problems == [AWAY]
    ann.press("Try again")
    assert ann.box == "The beginning, and a long end."
    ann.press("Send answer")
    assert [turn.answer for turn in ann.interview.answered] == ["The beginning, and a long end."]


def test_an_answer_that_there_is_no_room_for_stays_in_the_box_and_says_why(site: Site) -> None:
    ann = site.visit().begin()
    with outage(site.services.database, outages.FULL, of=writing):
        ann.send("A whole answer.")
        assert ann.problems == [FULL]
        assert ann.box == "A whole answer."
    assert ann.interview.answered == ()
    ann.press("Send answer")
    assert len(ann.interview.answered) == 1


def test_no_interview_is_begun_where_there_is_no_room_for_it(site: Site) -> None:
    ann = site.visit().open("Practise")
    with outage(site.services.database, outages.FULL, of=writing):
        assert ann.press("Start the interview").problems == [FULL]
    ann.press("Start the interview")
    assert "question 1 of" in ann.text


class Unplugs(ScriptedInterviewer):
    """Takes the database away when it has spoken its second message."""

    def __init__(self, unplug: Callable[[], object]) -> None:
        second = reply("And how do you serve?")
        super().__init__([reply("How do you brew?", "none", "opening"), second, second])
        self._unplug = unplug

    def ask(self, brief: AskBrief) -> Iterator[str]:
        yield from super().ask(brief)
        if len(self.briefs) == 2:
            self._unplug()


def test_a_page_that_waits_for_the_interviewer_says_that_the_database_went_away(open_site: OpenSite) -> None:
    with ExitStack() as away:
        interviewer = Unplugs(lambda: away.enter_context(outage(site.services.database)))
        site = open_site(scripted(interviewer), lease_seconds=0.5)
        ann = site.visit().begin(mode=Mode.MOCK).send("With hot water.")
        assert ann.problems == [AWAY]
    ann.press("Try again")
    if ann.problems:  # the worker found the database back as well, and could note that the question had failed
        ann.press("Try again")
    assert [turn.message for turn in ann.interview.turns] == ["How do you brew?", "And how do you serve?"]
    assert ann.interview.turns[0].answer == "With hot water."


def test_the_database_may_be_away_when_the_app_starts(open_site: OpenSite, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = open_site().visit()
    monkeypatch.setattr("ui.services._services", None)
    monkeypatch.setenv("VIVA_DATABASE_URL", "mysql+pymysql://nobody@127.0.0.1:1/viva")
    assert ann.again().problems == [AWAY]
