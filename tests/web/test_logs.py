"""Logs carry ids only: no name, address, answer, key, cookie or link of a whole journey, faults included."""

import logging
import time
from collections.abc import Callable

import pytest

from core.accounts.links import Purpose
from core.accounts.personal_data import erase_person
from core.accounts.roster import import_roster
from core.engines.base import ServiceError
from core.interview.service import Plan, Words
from tests.engines.wire import fault, running, spoken
from tests.hall import reply
from tests.web.conftest import HERE, PASSWORD, OpenSite

KEY = "sk-very-secret-zanzibar"
ANSWER = "I weigh two grams of zanzibar."
ADDRESS = "ann@school.example"


def until(ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_whole_journey_leaves_no_word_of_anybody_in_the_logs(
    open_site: OpenSite, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO)
    with running() as wire:
        wire.plays = [spoken(reply("How much zanzibar to a cup?", "none", "opening"))]
        wire.answers = lambda _: fault(500, message=f"{KEY} {ANSWER}")
        site = open_site(engine="openai", openai_api_key=KEY, openai_base_url=wire.url, model_seconds=2)
        services, browser = site.services, site.browser()
        import_roster(services.people, f"email,name,cohort\n{ADDRESS},Annabel Quill,Spring\nnobody@,Xaver Quill,\n")
        ann = services.people.find_by_email(ADDRESS)
        assert ann is not None
        token = services.links.issue(Purpose.INVITATION, ann.id)
        browser.get(f"/invite?token={token}")
        browser.post("/invite", {"token": token, "password": PASSWORD})
        secrets = [token, *browser.cookies.values()]
        for password in ("wrong sentence zanzibar", PASSWORD):
            site.browser().sign_in(ADDRESS, password)
        browser.get("/export/my-data.json")
        browser.get("/nowhere?email=" + ADDRESS)
        public_id = services.interviews.start(ann.id, Plan("data_science", questions=1))
        until(lambda: services.interviews.view(ann.id, public_id).current is not None)
        services.interviews.submit_answer(ann.id, public_id, 1, Words(ANSWER))
        until(lambda: services.interviews.view(ann.id, public_id).turns[0].ungraded is not None)
        with pytest.raises(ServiceError):
            services.speech.hear(b"zanzibar", "Annabel.wav", domain="data_science", question="zanzibar")
        link = services.links.issue(Purpose.RESET, ann.id)
        erase_person(services.database, ADDRESS, services.now())
    ours = [line for line in caplog.text.splitlines() if f" {HERE}/" not in line]  # the test's own browser logs, too
    written = "\n".join([*ours, *capfd.readouterr()])
    said = [ADDRESS, "Annabel", "Quill", "zanzibar", KEY, PASSWORD, link, *secrets]
    assert [word for word in said if word in written] == []
