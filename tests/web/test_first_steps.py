"""Ways in without a password: the first administrator's link, invitations, and the doors of demo mode."""

import datetime as dt

import pytest

from core.accounts.links import LASTS, Purpose
from core.accounts.permissions import Role
from core.config import Settings
from core.sample import SAMPLE_LEARNER_EMAIL
from tests.hall import Clock
from tests.web.conftest import HERE, PASSWORD, Browser, OpenSite, Site, sentence
from ui.web.demo import refuse_unsafe_demo

SECOND = dt.timedelta(seconds=1)
ADA = {"name": "Ada", "email": "ada@example.org", "password": PASSWORD}


def open_link(browser: Browser, path: str, token: str) -> int:
    return browser.get(f"{path}?token={token}").status_code


def who(site: Site, browser: Browser) -> str | None:
    """The address of whoever is signed in in this browser."""
    ticket = site.services.sessions.by_token(browser.cookies.get("viva"))
    return ticket.viewer.email if ticket and ticket.viewer else None


def test_the_first_administrator_comes_in_by_their_link_once(open_site: OpenSite) -> None:
    site = open_site()
    token = site.services.links.issue(Purpose.SETUP)
    browser = site.browser()
    assert open_link(browser, "/setup", token) == 200
    entered = browser.post("/setup", {**ADA, "token": token})
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    assert who(site, browser) == "ada@example.org"
    ada = site.services.people.find_by_email("ada@example.org")
    assert ada is not None
    assert ada.role == Role.ADMIN
    other = site.browser()
    assert open_link(other, "/setup", token) == 410
    other.get("/login")
    assert other.post("/setup", {**ADA, "email": "eve@example.org", "token": token}).status_code == 410
    assert site.services.people.find_by_email("eve@example.org") is None


@pytest.mark.parametrize("token", ["", "forged", "f" * 43, "%00", "%E4"])
def test_a_link_that_is_none_is_told(open_site: OpenSite, token: str) -> None:
    browser = open_site().browser()
    for path in ("/setup", "/invite"):
        answer = browser.get(f"{path}?token={token}")
        assert answer.status_code == 410
        assert "has been used or has expired" in sentence(answer)


def test_setting_up_is_over_once_there_is_an_account(site: Site) -> None:
    token = site.services.links.issue(Purpose.SETUP)
    assert open_link(site.browser(), "/setup", token) == 410


def test_the_setup_link_lasts_an_hour(open_site: OpenSite, clock: Clock) -> None:
    site = open_site()
    token = site.services.links.issue(Purpose.SETUP)
    clock.now += LASTS[Purpose.SETUP] - SECOND
    assert open_link(site.browser(), "/setup", token) == 200
    clock.now += SECOND
    assert open_link(site.browser(), "/setup", token) == 410


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"email": "no address"}, "isn't an e-mail address"),
        ({"password": "short"}, "12 characters"),
        ({"name": "A" * 121}, "can't be a name"),
        ({"csrf": "forged"}, "open for too long"),
    ],
)
def test_a_slip_is_told_beside_what_was_typed_and_costs_nothing(
    open_site: OpenSite, wrong: dict[str, str], words: str
) -> None:
    site = open_site()
    token = site.services.links.issue(Purpose.SETUP)
    browser = site.browser()
    open_link(browser, "/setup", token)
    answer = browser.post("/setup", {**ADA, "token": token, **wrong})
    assert answer.status_code == 400
    assert words in sentence(answer)
    assert wrong.get("email", "ada@example.org") in answer.text
    assert PASSWORD not in answer.text
    assert browser.post("/setup", {**ADA, "token": token}).status_code == 303


def test_bytes_that_are_no_text_in_a_name_get_a_page(open_site: OpenSite) -> None:
    site = open_site()
    token = site.services.links.issue(Purpose.SETUP)
    browser = site.browser()
    open_link(browser, "/setup", token)
    body = f"csrf={browser.cookies['viva_csrf']}&token={token}&name=%E4%00&email=%ED%A0%BD&password=short"
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": HERE}
    assert browser.http.post("/setup", content=body, headers=headers).status_code == 400


@pytest.mark.parametrize("purpose", [Purpose.INVITATION, Purpose.RESET])
def test_a_link_to_a_password_signs_in_once_and_ends_other_sign_ins(site: Site, purpose: Purpose) -> None:
    before = site.browser()
    before.sign_in()
    ann = site.services.people.find_by_email("ann@example.org")
    assert ann is not None
    token = site.services.links.issue(purpose, ann.id)
    browser = site.browser()
    assert "ann@example.org" in sentence(browser.get(f"/invite?token={token}"))
    chosen = browser.post("/invite", {"token": token, "password": "another long sentence"})
    assert (chosen.status_code, who(site, browser), who(site, before)) == (303, "ann@example.org", None)
    assert open_link(site.browser(), "/invite", token) == 410
    assert site.browser().sign_in(password="another long sentence").status_code == 303


@pytest.mark.parametrize("purpose", [Purpose.INVITATION, Purpose.RESET])
def test_a_link_to_a_password_that_comes_late_changes_nothing(site: Site, clock: Clock, purpose: Purpose) -> None:
    ann = site.services.people.find_by_email("ann@example.org")
    assert ann is not None
    token = site.services.links.issue(purpose, ann.id)
    browser = site.browser()
    browser.get(f"/invite?token={token}")
    clock.now += LASTS[purpose]
    answer = browser.post("/invite", {"token": token, "password": "another long sentence"})
    assert "has been used or has expired" in sentence(answer)
    assert site.browser().sign_in().status_code == 303


def test_a_poor_password_leaves_the_invitation_alive(site: Site) -> None:
    ann = site.services.people.find_by_email("ann@example.org")
    assert ann is not None
    token = site.services.links.issue(Purpose.INVITATION, ann.id)
    browser = site.browser()
    browser.get(f"/invite?token={token}")
    assert browser.post("/invite", {"token": token, "password": "short"}).status_code == 400
    assert browser.post("/invite", {"token": token, "password": PASSWORD}).status_code == 303


def test_a_link_is_not_used_up_by_another_site_that_posts_it(site: Site) -> None:
    ann = site.services.people.find_by_email("ann@example.org")
    assert ann is not None
    token = site.services.links.issue(Purpose.INVITATION, ann.id)
    fields = {"token": token, "password": "a password of another"}
    assert site.browser().post("/invite", fields, Origin="http://evil.example").status_code == 403
    assert open_link(site.browser(), "/invite", token) == 200


def enter_demo(browser: Browser, role: str = "learner", **headers: str) -> int:
    browser.get("/login")
    return browser.post("/demo", {"role": role}, **headers).status_code


@pytest.mark.parametrize("role", list(Role))
def test_in_demo_mode_one_may_look_around_in_each_role(open_site: OpenSite, role: Role) -> None:
    site = open_site(demo=True)
    browser = site.browser()
    assert "sample" in sentence(browser.get("/login")).lower()
    assert enter_demo(browser, role) == 303
    ticket = site.services.sessions.by_token(browser.cookies["viva"])
    assert ticket is not None
    assert ticket.viewer is not None
    assert (ticket.viewer.role, ticket.viewer.is_sample) == (role, True)
    assert browser.get("/").status_code == 200


def test_without_demo_mode_there_is_no_such_door(open_site: OpenSite) -> None:
    site = open_site(demo=False)
    assert enter_demo(site.browser()) == 404
    assert site.services.people.find_by_email(SAMPLE_LEARNER_EMAIL) is None


@pytest.mark.parametrize("address", ["203.0.113.9", "192.168.1.5", "10.0.0.1", "::ffff:203.0.113.9", "2001:db8::1"])
def test_demo_doors_are_for_this_computer_alone(open_site: OpenSite, address: str) -> None:
    site = open_site(demo=True)
    browser = site.browser(address)
    assert "/demo" not in browser.get("/login").text
    assert enter_demo(browser) == 404


@pytest.mark.parametrize(
    "base", ["http://viva.example.org", "http://192.168.1.5:8501", "http://localhost.evil.example"]
)
def test_under_another_name_this_computer_is_no_excuse(open_site: OpenSite, base: str) -> None:
    assert enter_demo(open_site(demo=True).browser(base=base)) == 404


@pytest.mark.parametrize(
    "header",
    ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "Forwarded", "Via", "X-Real-IP"],
)
def test_through_a_proxy_there_are_no_demo_doors(open_site: OpenSite, header: str) -> None:
    browser = open_site(demo=True).browser()
    assert enter_demo(browser, "learner", **{header: "127.0.0.1"}) == 404


def test_a_sample_cookie_opens_nothing_from_elsewhere(open_site: OpenSite) -> None:
    site = open_site(demo=True)
    here = site.browser()
    enter_demo(here)
    elsewhere = site.browser("203.0.113.9")
    elsewhere.cookies.set("viva", here.cookies["viva"])
    assert here.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 303
    assert here.get("/", **{"X-Forwarded-For": "203.0.113.9"}).status_code == 303


def test_the_first_real_account_shuts_the_demo_doors(open_site: OpenSite) -> None:
    site = open_site(demo=True)
    browser = site.browser()
    enter_demo(browser)
    site.services.people.add("ann@example.org", "Ann", "learner", password=PASSWORD)
    assert browser.get("/").status_code == 303
    assert enter_demo(site.browser()) == 404
    assert "/demo" not in site.browser().get("/login").text


@pytest.mark.parametrize(("role", "token"), [("boss", None), ("", None), ("learner", "forged")])
def test_a_demo_form_that_is_not_ours_is_shown_again(open_site: OpenSite, role: str, token: str | None) -> None:
    browser = open_site(demo=True).browser()
    browser.get("/login")
    fields = {"role": role} | ({"csrf": token} if token else {})
    assert browser.post("/demo", fields).status_code == 403
    assert browser.post("/demo", {"role": "learner"}, Origin="http://evil.example").status_code == 403


@pytest.mark.parametrize(
    ("address", "starts"),
    [
        ("127.0.0.1", True),
        ("localhost", True),
        ("::1", True),
        ("0.0.0.0", False),  # noqa: S104 compared, not bound
        (None, False),
        ("", False),
        ("192.168.1.5", False),
        ("viva.example.org", False),
    ],
)
def test_demo_mode_starts_on_loopback_alone(address: str | None, starts: bool) -> None:
    settings = Settings(demo=True)  # type: ignore[call-arg]
    if starts:
        refuse_unsafe_demo(settings, address)
        return
    with pytest.raises(SystemExit, match="did not start"):
        refuse_unsafe_demo(settings, address)
    refuse_unsafe_demo(Settings(demo=False), address)  # type: ignore[call-arg]
