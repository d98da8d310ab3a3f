"""Taking a report along: files, and the page that a mentor reads by a link."""

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from tests.app.conftest import Site
from tests.app.visit import Visit
from ui.services import services
from ui.web.middleware import Gate
from ui.web.routes import routes

SAID = "<b>*Steep*</b> & 🫖 שלום"


@pytest.fixture
def mentor(site: Site) -> TestClient:
    """A browser in which nobody is signed in."""
    app = Starlette(routes=routes(), middleware=[Middleware(Gate, services=services)])
    return TestClient(app, base_url="http://127.0.0.1:8501", follow_redirects=False)


@pytest.fixture
def ann(site: Site) -> Visit:
    """Ann, on the report of an interview of one answer."""
    return site.visit().begin(questions=1).send(SAID).graded()


def shared(ann: Visit) -> str:
    """The path of a new link, as the page shows it."""
    return ann.press("Make a link").tab.code[0].value.removeprefix("http://127.0.0.1:8501")


def test_a_mentor_reads_the_report_without_signing_in(ann: Visit, mentor: TestClient) -> None:
    page = mentor.get(shared(ann))
    assert page.status_code == 200
    for part in ("Tea Making interview", "Ann", "Overall score", "&lt;b&gt;*Steep*&lt;/b&gt; &amp; 🫖 שלום"):
        assert part in page.text
    assert "<b>" not in page.text


def test_nothing_finds_keeps_or_passes_on_the_address(ann: Visit, mentor: TestClient) -> None:
    page = mentor.get(shared(ann))
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert "set-cookie" not in page.headers
    assert "script-src" not in page.headers["content-security-policy"]
    assert "href=" not in page.text.replace('href="/favicon.png"', "")


def test_the_address_is_shown_once(ann: Visit) -> None:
    shared(ann)
    assert not ann.again().tab.code


def test_a_link_that_is_revoked_says_that_it_does_not_work(ann: Visit, mentor: TestClient) -> None:
    path = shared(ann)
    assert "not opened yet" in ann.text
    mentor.get(path)
    assert "opened once" in ann.again().text
    ann.press("Revoke")
    page = mentor.get(path)
    assert (page.status_code, "Tea Making" in page.text) == (410, False)
    assert page.text == mentor.get("/shared?token=x").text == mentor.get("/shared").text


def test_a_look_at_the_head_alone_opens_nothing(ann: Visit, mentor: TestClient) -> None:
    path = shared(ann)
    mentor.head(path)
    assert "not opened yet" in ann.again().text


def test_only_the_learner_and_only_after_the_end_takes_a_report_along(site: Site, ann: Visit) -> None:
    admin = site.visit("ada", "admin").open("Review", interview=ann.interview.public_id)
    assert "Tea Making" in admin.title
    still_open = site.visit("bob").begin(questions=2).send("So.").graded()
    still_open.open("Review", interview=still_open.interview.public_id)
    for visit in (admin, still_open):
        assert "Make a link" not in visit.buttons()
        assert not visit.tab.get("download_button")


def test_three_kinds_of_file_are_offered(ann: Visit) -> None:
    labels = [node.proto.label for node in ann.tab.get("download_button")]
    assert [label.partition(",")[0] for label in labels] == ["PDF", "Markdown", "JSON"]
