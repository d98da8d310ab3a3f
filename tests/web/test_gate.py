"""The gate before Streamlit: who gets through, what Streamlit is told, and the headers of every answer."""

import pytest
from starlette.websockets import WebSocketDisconnect

from tests.web.conftest import HERE, PASSWORD, Browser, OpenSite, Site

STREAM = "ws://localhost:8501/_stcore/stream"
ROOT_PATHS = ["/", "/Practise", "/Cohorts", "/People?x=1", "/nonsense", "/index.html"]


def socket_headers(browser: Browser, **headers: str) -> dict[str, str] | None:
    """What Streamlit is told when this browser opens a websocket; None when it may not."""
    try:
        with browser.http.websocket_connect(STREAM, headers=headers) as socket:
            told: dict[str, str] = socket.receive_json()
    except WebSocketDisconnect:
        return None
    return told


def admin(site: Site) -> Browser:
    site.services.people.add("ada@example.org", "Ada", "admin", password=PASSWORD)
    browser = site.browser()
    browser.sign_in("ada@example.org")
    return browser


@pytest.mark.parametrize("path", ROOT_PATHS)
def test_a_page_asks_for_a_sign_in_and_remembers_where_one_was_going(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 303
    assert answer.headers["cache-control"] == "no-store"
    browser.get(answer.headers["location"])
    field = browser.get(answer.headers["location"]).text.partition('name="next" value="')[2].partition('"')[0]
    assert field == path


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("path", ["/", "/_stcore/upload_file/x/y"])
def test_nothing_is_sent_in_without_a_sign_in(browser: Browser, method: str, path: str) -> None:
    assert browser.http.request(method, path).status_code == 401


@pytest.mark.parametrize("path", ["/media/abc.wav", "/_stcore/stream", "/_stcore/upload_file/x/y", "/app/static/x"])
def test_files_and_streamlits_own_ways_say_that_one_must_sign_in(browser: Browser, path: str) -> None:
    assert browser.get(path).status_code == 401


@pytest.mark.parametrize("path", ["/static/js/main.js", "/favicon.png", "/_stcore/health", "/_stcore/host-config"])
def test_streamlits_own_files_are_for_everybody(browser: Browser, path: str) -> None:
    assert browser.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/static/../media/abc.wav", "/static/%2e%2e/media/abc.wav", "//media/abc.wav"])
def test_no_detour_leads_to_a_file(browser: Browser, path: str) -> None:
    assert browser.get(path).status_code in (303, 401)


def test_metrics_are_for_administrators(site: Site) -> None:
    learner = site.browser()
    learner.sign_in()
    assert site.browser().get("/_stcore/metrics").status_code == 404
    assert learner.get("/_stcore/metrics").status_code == 404
    assert admin(site).get("/_stcore/metrics").status_code == 200


@pytest.mark.parametrize("path", ["/_stcore/agent", "/_stcore/agent/x", "/_stcore/script-health-check"])
def test_ways_that_viva_does_not_use_are_shut_to_all(site: Site, path: str) -> None:
    assert admin(site).get(path).status_code == 404


@pytest.mark.parametrize("name", ["X-Viva-Sid", "x-viva-sid", "X-VIVA-SID", "X-Viva-Anything"])
def test_a_header_that_claims_an_identity_is_thrown_away(site: Site, name: str) -> None:
    browser = site.browser()
    assert browser.get("/", **{name: "forged"}).status_code == 303
    browser.sign_in()
    told = browser.seen_by_streamlit(**{name: "forged"})
    assert "forged" not in told.values()
    told_socket = socket_headers(browser, Origin=HERE, **{name: "forged"})
    assert told_socket is not None
    assert "forged" not in told_socket.values()


def test_streamlit_is_told_the_sign_in_and_never_its_token(site: Site) -> None:
    browser = site.browser()
    browser.sign_in()
    sid = browser.seen_by_streamlit()["x-viva-sid"]
    assert sid != browser.cookies["viva"]
    viewer = site.services.sessions.viewer_of(sid)
    assert viewer is not None
    assert viewer.email == "ann@example.org"


def test_a_socket_needs_an_origin_of_ours_and_a_sign_in(browser: Browser) -> None:
    assert socket_headers(browser, Origin=HERE) is None
    browser.sign_in()
    told = socket_headers(browser, Origin=HERE)
    assert told is not None
    assert told["x-viva-sid"] == browser.seen_by_streamlit()["x-viva-sid"]


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "",
        "null",
        "http://evil.example",
        "http://localhost:9999",
        "http://127.0.0.1:8501",
        "http://localhost:8501.evil.example",
    ],
)
def test_a_socket_from_elsewhere_is_closed_before_streamlit_sees_it(browser: Browser, origin: str | None) -> None:
    browser.sign_in()
    assert socket_headers(browser, **({} if origin is None else {"Origin": origin})) is None


def test_a_socket_of_an_ended_sign_in_opens_so_that_the_page_can_say_so(browser: Browser) -> None:
    browser.sign_in()
    cookie = browser.cookies["viva"]
    browser.get("/auth/logout")
    assert socket_headers(browser, Origin=HERE, Cookie=f"viva={cookie}") is not None
    assert socket_headers(browser, Origin=HERE, Cookie="viva=forged") is None


@pytest.mark.parametrize(
    "path", ["/login", "/", "/media/x", "/_stcore/health", "/readyz", "/setup?token=x", "/nonsense"]
)
@pytest.mark.parametrize("signed_in", [False, True])
def test_every_answer_carries_the_security_headers(browser: Browser, path: str, signed_in: bool) -> None:
    if signed_in:
        browser.sign_in()
    headers = browser.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "microphone=(self)" in headers["permissions-policy"]
    policy = dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] in ("'self'", "'none'")
    assert policy["frame-ancestors"] == "'none'"
    assert "http" not in headers["content-security-policy"]
    assert "'unsafe-eval'" not in headers["content-security-policy"].replace("'wasm-unsafe-eval'", "")
    assert len(headers.get_list("content-security-policy")) == 1


def test_what_is_private_is_kept_in_no_cache(browser: Browser) -> None:
    assert "no-store" in browser.get("/login").headers["cache-control"]
    browser.sign_in()
    assert "no-store" in browser.get("/media/abc.wav").headers["cache-control"]


def test_the_pages_before_the_app_run_no_script(browser: Browser) -> None:
    answer = browser.get("/login")
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "<script" not in answer.text


def test_ready_says_so(browser: Browser) -> None:
    answer = browser.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


def test_behind_tls_every_cookie_is_secure(open_site: OpenSite) -> None:
    site = open_site(secure_cookies=True)
    browser = site.browser(base="https://viva.example.org")
    for value in browser.get("/login").headers.get_list("set-cookie"):
        assert "; secure" in value.lower()
