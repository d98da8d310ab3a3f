"""Every page and address of a real server, tried as everybody, by raw websocket and plain requests."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from tests.browser.conftest import AppServer, running_app
from tests.browser.raw_socket import raw_socket
from tests.matrix.table import PAGES, ROUTES, SIGHTS, STREAMLITS, Sight
from tests.matrix.world import NAME, SIGNED_IN, WORDS, Asker, World, furnish

FOR_OTHERS = "This page is for "
SIGNED_OUT = "You are signed out."


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = furnish(tmp_path_factory.mktemp("world"))
    yield made
    made.services.stop()


@pytest.fixture(scope="module")
def server(world: World) -> Iterator[AppServer]:
    settings = world.services.settings
    with running_app(settings.data_dir, VIVA_PROMPTS_DIR=str(settings.prompts_dir)) as running:
        yield running


@pytest.fixture(scope="module")
def cookies(world: World) -> dict[Asker, str | None]:
    return {asker: None if asker is Asker.NOBODY else world.cookie(asker) for asker in Asker}


class Unredirected(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def status(server: AppServer, path: str, cookie: str | None, **headers: str) -> int:
    """The status of a plain request with that cookie; redirections are not followed."""
    if cookie is not None:
        headers["Cookie"] = f"viva={cookie}"
    request = urllib.request.Request(server.base + path, headers=headers)
    try:
        with urllib.request.build_opener(Unredirected).open(request, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        refused.close()
        return refused.code


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("asker", SIGNED_IN)
def test_a_page_is_for_those_in_the_table(
    server: AppServer, cookies: dict[Asker, str | None], asker: Asker, page: str
) -> None:
    with raw_socket(server.base, cookies[asker]) as socket:
        drawn = socket.run(page)
    assert not drawn.shows(SIGNED_OUT)
    assert drawn.shows(FOR_OTHERS) is (asker not in PAGES[page])


@pytest.mark.parametrize("sight", SIGHTS, ids=str)
@pytest.mark.parametrize("asker", SIGNED_IN)
def test_words_about_a_learner_are_read_by_those_in_the_table(
    server: AppServer, world: World, cookies: dict[Asker, str | None], asker: Asker, sight: Sight
) -> None:
    world.services.people.share_transcripts(world.ann, sight.shared)
    with raw_socket(server.base, cookies[asker]) as socket:
        drawn = socket.run(sight.page, **sight.query(world))
    assert drawn.shows(sight.words) is (asker in sight.readers)


@pytest.mark.parametrize("page", PAGES)
def test_without_a_sign_in_there_is_no_socket_and_no_page(server: AppServer, page: str) -> None:
    for cookie in (None, "forged", "f" * 43):
        assert status(server, f"/{page}", cookie) == 303
        with pytest.raises(InvalidStatus), raw_socket(server.base, cookie):
            pass


@pytest.mark.parametrize("page", PAGES)
def test_the_cookie_of_an_ended_sign_in_opens_nothing(server: AppServer, world: World, page: str) -> None:
    cookie = world.cookie(Asker.ADMIN)
    world.services.sessions.close(cookie)
    assert status(server, f"/{page}", cookie) == 303
    with raw_socket(server.base, cookie) as socket:  # open, so that the page can say so
        drawn = socket.run(page)
    assert drawn.shows(SIGNED_OUT)
    assert not drawn.shows(NAME)


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize("asker", Asker)
def test_an_address_of_ours_is_for_those_in_the_table(
    server: AppServer, cookies: dict[Asker, str | None], asker: Asker, path: str
) -> None:
    if path == "/auth/logout":
        return  # it would end the sign-in that the other tests use; its own test is in tests/browser
    got = status(server, path, cookies[asker])
    let_in = got not in (401, 403) and not (got == 303 and path.startswith(("/export/", "/recording")))
    assert let_in is (asker in ROUTES[path]), got


@pytest.mark.parametrize("path", STREAMLITS)
@pytest.mark.parametrize("asker", Asker)
def test_an_address_of_streamlit_s_is_for_those_in_the_table(
    server: AppServer, cookies: dict[Asker, str | None], asker: Asker, path: str
) -> None:
    got = status(server, path, cookies[asker])
    if asker not in STREAMLITS[path]:
        assert got in (401, 404)
    elif path.startswith("/_stcore/"):
        assert got == 200
    else:
        assert got == 404  # let through, and nothing is there


def test_what_is_downloaded_about_oneself_is_one_s_own(server: AppServer, cookies: dict[Asker, str | None]) -> None:
    for asker in SIGNED_IN:
        request = urllib.request.Request(
            f"{server.base}/export/my-data.json", headers={"Cookie": f"viva={cookies[asker]}"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert (WORDS in answer.read().decode()) is (asker is Asker.ANN)


def test_a_header_that_claims_an_identity_is_thrown_away(server: AppServer, world: World) -> None:
    sid = world.services.sessions.by_token(world.cookie(Asker.ADMIN))
    assert sid is not None
    with pytest.raises(InvalidStatus), raw_socket(server.base, None, **{"X-Viva-Sid": sid.public_id}):
        pass
    with raw_socket(server.base, world.cookie(Asker.LEARNER), **{"X-Viva-Sid": sid.public_id}) as socket:
        assert socket.run("People").shows(FOR_OTHERS)
    assert status(server, "/export/training.jsonl", None, **{"X-Viva-Sid": sid.public_id}) == 303


@pytest.mark.parametrize("page", ["Cohorts", "Prompts"])  # for managers, and for administrators: each takes a process
def test_a_deep_link_into_a_fresh_process_is_no_way_round_the_roles(tmp_path: Path, page: str) -> None:
    """Before Home.py has run once, Streamlit would run the file of the page by itself."""
    made = furnish(tmp_path)
    with (
        running_app(tmp_path, VIVA_PROMPTS_DIR=str(tmp_path / "prompts")) as fresh,
        raw_socket(fresh.base, made.cookie(Asker.ANN)) as socket,
    ):
        assert socket.run(page).shows(FOR_OTHERS)
    made.services.stop()


def test_a_fragment_is_drawn_again_only_for_who_may_see_it(server: AppServer, world: World) -> None:
    cookie = world.cookie(Asker.ANN)
    query = {"interview": world.open}
    with raw_socket(server.base, cookie) as socket, raw_socket(server.base, world.cookie(Asker.LEARNER)) as stranger:
        whole = socket.run("Practise", **query)
        assert whole.shows(WORDS)
        (fragment,) = whole.fragments
        again = socket.run_fragment(fragment, whole.page, **query)
        assert not again.shows(SIGNED_OUT)
        stranger.run("Practise")
        stranger.post_fragment(fragment, whole.page, **query)
        assert not stranger.run("Practise").shows(WORDS)
        world.services.sessions.close(cookie)
        ended = socket.run_fragment(fragment, whole.page, **query)
    assert ended.shows(SIGNED_OUT)
    assert len(ended.raw) < len(again.raw)


def test_another_open_tab_loses_access_at_its_next_rerun(server: AppServer, world: World) -> None:
    cookie = world.cookie(Asker.MANAGER)
    query = {"cohort": world.blue_public, "view": "Learners", "named": "true"}
    with raw_socket(server.base, cookie) as socket:
        assert socket.run("Cohorts", **query).shows(NAME)
        world.services.people.set_role(world.people[Asker.MANAGER], "learner")
        demoted = socket.run("Cohorts", **query)
        world.services.people.set_role(world.people[Asker.MANAGER], "manager")
        world.services.sessions.close(cookie)
        signed_out = socket.run("Cohorts", **query)
    assert demoted.shows(FOR_OTHERS)
    assert signed_out.shows(SIGNED_OUT)
    assert not demoted.shows(NAME)
    assert not signed_out.shows(NAME)
