"""The sign-in page and its cookie: who gets in, how often one may try, and what a forged form or cookie gets."""

import datetime as dt
from urllib.parse import quote

import pytest

from core.accounts import throttle
from core.accounts.sessions import ABSOLUTE, IDLE
from core.engines.base import Fault, ServiceError
from tests.hall import Clock
from tests.web.conftest import HERE, PASSWORD, Browser, OpenSite, Site, sentence

WRONG = "The e-mail or the password isn't right."


def test_the_right_password_opens_the_app(browser: Browser) -> None:
    assert browser.get("/").headers["location"] == "/login"
    entered = browser.sign_in()
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    assert browser.seen_by_streamlit()["x-viva-sid"]


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(browser: Browser) -> None:
    cookie = browser.sign_in().headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie
    assert f"max-age={int(ABSOLUTE.total_seconds())}" in cookie


def test_behind_tls_cookies_are_secure_and_of_this_host_alone(open_site: OpenSite) -> None:
    site = open_site(secure_cookies=True)
    site.services.people.add("ann@example.org", "Ann", "learner", password=PASSWORD)
    browser = site.browser(base="https://viva.example.org")
    cookie = browser.sign_in().headers["set-cookie"]
    assert cookie.startswith("__Host-viva=")
    assert "; secure" in cookie.lower()
    assert "domain" not in cookie.lower()
    assert browser.seen_by_streamlit()["x-viva-sid"]


@pytest.mark.parametrize(
    "email", ["ann@example.org", "nobody@example.org", "no address", "", "'; DROP TABLE person; --"]
)
def test_a_wrong_password_and_an_unknown_person_get_one_answer(browser: Browser, email: str) -> None:
    refused = browser.sign_in(email, "not the password")
    assert refused.status_code == 401
    assert WRONG in sentence(refused)
    assert "viva" not in browser.cookies


def test_what_was_typed_stands_in_the_form_again_as_text(browser: Browser) -> None:
    refused = browser.sign_in('"><script>alert(1)</script>', "secret password")
    assert "<script>" not in refused.text
    assert "&lt;script&gt;" in refused.text
    assert "secret password" not in refused.text


@pytest.mark.parametrize("field", ["email", "password", "next", "csrf"])
@pytest.mark.parametrize("typed", ["%E4", "%ED%A0%BD", "%00", "%F0%9F%98%80", "x" * 5_000])
def test_any_bytes_in_a_field_get_a_page_and_no_crash(browser: Browser, field: str, typed: str) -> None:
    browser.get("/login")
    fields = {"email": "a%40example.org", "password": "x", "csrf": browser.cookies["viva_csrf"], field: typed}
    body = "&".join(f"{name}={value}" for name, value in fields.items())
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": HERE}
    answer = browser.http.post("/login", content=body, headers=headers)
    assert answer.status_code in (401, 403)
    assert answer.headers["content-type"].startswith("text/html")


def test_five_wrong_passwords_and_this_address_waits_for_this_person(site: Site, clock: Clock) -> None:
    browser = site.browser()
    for _ in range(throttle.PER_PAIR):
        assert browser.sign_in(password="not the password").status_code == 401
    refused = browser.sign_in()
    assert refused.status_code == 429
    assert "quarter of an hour" in sentence(refused)
    assert site.browser("203.0.113.9").sign_in().status_code == 303
    clock.now += throttle.WINDOW + dt.timedelta(seconds=1)
    assert browser.sign_in().status_code == 303


def test_a_spoofed_forwarding_header_is_no_other_address(browser: Browser) -> None:
    for number in range(throttle.PER_PAIR + 1):
        browser.get("/login")
        fields = {"email": "ann@example.org", "password": "not the password"}
        refused = browser.post("/login", fields, **{"X-Forwarded-For": f"198.51.100.{number}"})
    assert refused.status_code == 429


def test_a_success_clears_the_failures_before_it(browser: Browser) -> None:
    for _ in range(2):
        for _ in range(throttle.PER_PAIR - 1):
            browser.sign_in(password="not the password")
        assert browser.sign_in().status_code == 303
        browser.get("/auth/logout")


def test_a_form_without_its_token_is_shown_again(site: Site) -> None:
    browser = site.browser()
    browser.get("/login")
    for token in ("", "forged", "f" * 43):
        refused = browser.post("/login", {"email": "ann@example.org", "password": PASSWORD, "csrf": token})
        assert refused.status_code == 403
        assert "open for too long" in sentence(refused)
    fresh = site.browser()
    assert fresh.post("/login", {"email": "ann@example.org", "password": PASSWORD, "csrf": "f" * 43}).status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": HERE}, 303),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://localhost:9999"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Origin": "http://localhost:8501.evil.example"}, 403),
        ({"Origin": "http://evil.example#localhost:8501"}, 403),
    ],
)
def test_a_form_comes_from_our_own_pages(browser: Browser, headers: dict[str, str], status: int) -> None:
    browser.get("/login")
    assert browser.post("/login", {"email": "ann@example.org", "password": PASSWORD}, **headers).status_code == status


@pytest.mark.parametrize(("site_of_origin", "status"), [("same-origin", 303), ("cross-site", 403), ("same-site", 403)])
def test_without_an_origin_the_browsers_word_counts(browser: Browser, site_of_origin: str, status: int) -> None:
    browser.get("/login")
    fields = {"email": "ann@example.org", "password": PASSWORD, "csrf": browser.cookies["viva_csrf"]}
    answer = browser.http.post("/login", data=fields, headers={"Sec-Fetch-Site": site_of_origin})
    assert answer.status_code == status


def test_an_origin_that_is_allowed_by_the_settings_may_post(open_site: OpenSite) -> None:
    site = open_site(allowed_origins=["https://viva.example.org"])
    site.services.people.add("ann@example.org", "Ann", "learner", password=PASSWORD)
    browser = site.browser()
    browser.get("/login")
    fields = {"email": "ann@example.org", "password": PASSWORD}
    assert browser.post("/login", fields, Origin="https://viva.example.org").status_code == 303


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"x" * 20_000, {"Content-Type": "application/x-www-form-urlencoded"}, 413),
        (b'{"email": "a"}', {"Content-Type": "application/json"}, 415),
        (b"email=\xff", {"Content-Type": "application/x-www-form-urlencoded"}, 400),
        (
            b"&".join(b"f%d=1" % number for number in range(30)),
            {"Content-Type": "application/x-www-form-urlencoded"},
            400,
        ),
    ],
)
def test_what_is_no_form_of_ours_is_refused(
    browser: Browser, content: bytes, headers: dict[str, str], status: int
) -> None:
    browser.get("/login")
    answer = browser.http.post("/login", content=content, headers={"Origin": HERE, **headers})
    assert answer.status_code == status
    assert "go back and try again" in sentence(answer)


@pytest.mark.parametrize(
    ("target", "arrives"),
    [
        ("/Practise?interview=abc", "/Practise?interview=abc"),
        ("/Review?words=%C3%A9", "/Review?words=%C3%A9"),
        ("", "/"),
        ("Practise", "/"),
        ("//evil.example", "/"),
        ("///evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/x\r\nSet-Cookie: a=b", "/"),
        ("/é", "/"),
        ("/login?next=/login", "/"),
        ("/auth/logout", "/"),
        ("/setup?token=x", "/"),
        ("/" + "x" * 3_000, "/"),
    ],
)
def test_after_signing_in_one_stays_on_this_server(browser: Browser, target: str, arrives: str) -> None:
    assert browser.sign_in(next=target).headers["location"] == arrives


def test_whoever_is_signed_in_is_sent_on_from_the_sign_in_page(browser: Browser) -> None:
    browser.sign_in()
    answer = browser.get(f"/login?next={quote('/Review?words=x', safe='')}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/Review?words=x")


def test_signing_in_again_ends_the_sign_in_before(site: Site) -> None:
    browser = site.browser()
    browser.sign_in()
    before = browser.cookies["viva"]
    browser.sign_in()
    replay = site.browser()
    replay.cookies.set("viva", before)
    assert browser.cookies["viva"] != before
    assert replay.get("/").status_code == 303


def test_a_cookie_from_before_signing_in_is_never_taken_over(site: Site) -> None:
    browser = site.browser()
    browser.cookies.set("viva", "planted-by-somebody-else")
    browser.get("/login")
    entered = browser.post("/login", {"email": "ann@example.org", "password": PASSWORD})
    assert "planted" not in entered.headers["set-cookie"]


def test_after_signing_out_the_cookie_is_gone_and_a_replay_gets_nothing(site: Site) -> None:
    browser = site.browser()
    browser.sign_in()
    stolen = browser.cookies["viva"]
    left = browser.get("/auth/logout")
    assert (left.status_code, left.headers["location"]) == (303, "/login?signed_out=1")
    assert "viva" not in browser.cookies
    assert "You are signed out." in sentence(browser.get("/login?signed_out=1"))
    replay = site.browser()
    replay.cookies.set("viva", stolen)
    assert replay.get("/").status_code == 303


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}])
def test_another_site_signs_nobody_out(browser: Browser, headers: dict[str, str]) -> None:
    browser.sign_in()
    assert browser.get("/auth/logout", **headers).status_code == 403
    assert browser.get("/").status_code == 200


@pytest.mark.parametrize("cookie", ["forged", "f" * 43, "x" * 5_000, "é".encode().decode("latin-1")])
def test_a_forged_cookie_opens_nothing(browser: Browser, cookie: str) -> None:
    assert browser.http.get("/", headers={"Cookie": f"viva={cookie}".encode("latin-1")}).status_code == 303


@pytest.mark.parametrize("after", [IDLE, ABSOLUTE])
def test_a_sign_in_ends_by_itself(browser: Browser, clock: Clock, after: dt.timedelta) -> None:
    browser.sign_in()
    assert browser.get("/").status_code == 200
    clock.now += after
    assert browser.get("/").status_code == 303


def test_a_closed_account_is_out_at_once(site: Site) -> None:
    browser = site.browser()
    browser.sign_in()
    ann = site.services.people.find_by_email("ann@example.org")
    assert ann is not None
    site.services.people.disable(ann.id)
    assert browser.get("/").status_code == 303
    assert browser.sign_in().status_code == 401


def test_a_database_that_is_away_is_told_in_one_sentence(
    browser: Browser, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.sign_in()

    def away(*_: object, **__: object) -> None:
        raise ServiceError(Fault.UNAVAILABLE, "The database can't be reached at the moment.")

    monkeypatch.setattr(type(site.services.sessions), "by_token", away)
    monkeypatch.setattr(type(site.services.people), "any_real_account", away)
    monkeypatch.setattr(type(site.services.database), "ready", away)
    for path in ("/", "/login", "/readyz"):
        answer = browser.get(path)
        assert answer.status_code == 503
        assert "can't be reached" in sentence(answer)
