"""Links by e-mail: what staff can send, and what somebody who forgot their password gets."""

import re
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from core.accounts.links import Purpose
from tests.app.conftest import OpenSite, Site
from tests.post_office import PostOffice, running_post_office
from ui.services import services
from ui.web.middleware import Gate
from ui.web.routes import routes

PASSWORD = "a sentence to remember"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with running_post_office() as running:
        yield running


@pytest.fixture
def site(open_site: OpenSite, office: PostOffice) -> Site:
    return open_site(
        smtp_host="127.0.0.1",
        smtp_port=office.port,
        smtp_security="none",
        smtp_from="viva@example.org",
        public_url="https://viva.example.org",
    )


@pytest.fixture
def client(site: Site) -> TestClient:
    app = Starlette(routes=routes(), middleware=[Middleware(Gate, services=services)])
    return TestClient(app, base_url="http://127.0.0.1:8501", follow_redirects=False)


def token_in(office: PostOffice) -> str:
    found = re.search(r"https://viva\.example\.org/invite\?token=(\S+)", office.letters[-1].get_content())
    assert found is not None
    return found[1]


def test_an_invitation_is_sent_and_shown(site: Site, office: PostOffice) -> None:
    boss = site.visit("boss", "admin").open("People")
    boss.tab.text_input(key="invite-email").input("new@example.org")
    boss.tab.text_input(key="invite-name").input("Newcomer")
    boss.press("Invite")
    assert "new@example.org has been sent this link" in boss.text
    assert f"https://viva.example.org/invite?token={token_in(office)}" in boss.text
    assert "Hello Newcomer" in office.letters[0].get_content()


def test_an_invitation_that_can_t_be_sent_is_there_to_copy(site: Site, office: PostOffice) -> None:
    office.refused.add("new@example.org")
    boss = site.visit("boss", "admin").open("People")
    boss.tab.text_input(key="invite-email").input("new@example.org")
    boss.press("Invite")
    assert "doesn't take mail for this address, so no e-mail was sent." in boss.text
    assert "https://viva.example.org/invite?token=" in boss.text


def test_a_manager_has_a_new_password_link_sent_and_never_sees_it(site: Site, office: PostOffice) -> None:
    ann = site.visit("ann", cohort="Blue")
    site.services.people.set_password(ann.person_id, PASSWORD)
    max_ = site.visit("max", "manager", "Blue").open("People")
    max_.tab.selectbox(key="change").set_value(ann.person_id)
    max_.again()
    assert "Link to a new password" not in max_.buttons()
    max_.press("E-mail a link to a new password")
    assert "A link to a new password is on its way to ann@example.org." in max_.text
    assert token_in(office) not in max_.text
    link = site.services.links.find(token_in(office))
    assert link is not None
    assert (link.purpose, link.email) == (Purpose.RESET, "ann@example.org")


def test_without_a_mail_server_nothing_offers_to_send(open_site: OpenSite) -> None:
    site = open_site()
    ann = site.visit("ann", cohort="Blue")
    boss = site.visit("boss", "admin").open("People")
    boss.tab.selectbox(key="change").set_value(ann.person_id)
    boss.again()
    assert not any("E-mail" in label for label in boss.buttons())
    app = Starlette(routes=routes(), middleware=[Middleware(Gate, services=services)])
    plain = TestClient(app, base_url="http://127.0.0.1:8501")
    assert plain.get("/forgotten").status_code == 404
    assert "/forgotten" not in plain.get("/login").text


def ask(client: TestClient, email: str) -> str:
    """What the page says to somebody who forgot the password of that address."""
    csrf = re.search(r'name="csrf" value="([^"]+)"', client.get("/forgotten").text)
    assert csrf is not None
    return client.post("/forgotten", data={"csrf": csrf[1], "email": email}).text


def test_whoever_forgot_their_password_gets_a_link_and_signs_in(
    site: Site, office: PostOffice, client: TestClient
) -> None:
    ann = site.visit("ann")
    site.services.people.set_password(ann.person_id, PASSWORD)
    assert "/forgotten" in client.get("/login").text
    assert "is on its way" in ask(client, " Ann@Example.org")
    token = token_in(office)
    page = client.get("/invite", params={"token": token})
    csrf = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert csrf is not None
    fields = {"csrf": csrf[1], "token": token, "password": "another sentence of mine"}
    assert client.post("/invite", data=fields).headers["location"] == "/"
    assert client.post("/invite", data=fields).status_code == 410
    assert site.services.people.authenticate("ann@example.org", "another sentence of mine") is not None


def test_an_unknown_a_closed_and_an_organisation_s_account_get_the_same_answer_and_no_letter(
    site: Site, office: PostOffice, client: TestClient
) -> None:
    closed, linked = site.visit("closed"), site.visit("linked")
    site.services.people.disable(closed.person_id)
    with site.services.database.write() as session:
        from core.storage.tables import Person

        session.get_one(Person, linked.person_id).issuer = "https://id.example"
    answers = {ask(client, f"{name}@example.org") for name in ("nobody", "closed", "linked")}
    assert len(answers) == 1
    assert office.letters == []


def test_many_requests_for_one_address_are_held_back(site: Site, office: PostOffice, client: TestClient) -> None:
    site.services.people.set_password(site.visit("ann").person_id, PASSWORD)
    said = [ask(client, "ann@example.org") for _ in range(8)]
    assert "Too many attempts" in said[-1]
    assert len(office.letters) == 5
