"""Links for mentors: one report each, for a time, until it is taken back; on both databases."""

import datetime as dt
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select, update

from core.accounts.personal_data import erase_person, export_person
from core.accounts.sessions import hash_token
from core.accounts.share_links import MOST, ShareLinks
from core.domains import DomainStore
from core.engines.base import Fault, ServiceError
from core.storage.database import Database
from core.storage.review_tables import ShareLink
from core.storage.tables import Audit, Person
from tests.hall import DOMAINS, START, Hall, add_person, open_hall, reply


@pytest.fixture
def hall(database: Database) -> Iterator[Hall]:
    made = open_hall(database, [reply("How do you brew green tea?", "none", "opening", "brewing")] * 2, [7])
    yield made
    made.workers.stop()


@pytest.fixture
def interview(hall: Hall) -> str:
    """Ann's finished interview."""
    public_id = hall.begin(questions=1)
    hall.answer(public_id, 1, "At eighty degrees.")
    return public_id


@pytest.fixture
def links(hall: Hall) -> ShareLinks:
    return ShareLinks(hall.database, DomainStore(DOMAINS), hall.clock)


def test_a_link_opens_its_interview_and_nothing_else(hall: Hall, interview: str, links: ShareLinks) -> None:
    found = links.open(links.create(hall.learner, interview, 7))
    assert found is not None
    view, learner = found
    assert (view.public_id, view.turns[0].answer, learner) == (interview, "At eighty degrees.", "ann@example.org")


@pytest.mark.parametrize("token", ["", "x" * 43, "\0", "é" * 5_000])
def test_a_made_up_token_opens_nothing(interview: str, links: ShareLinks, token: str) -> None:
    assert links.open(token) is None


def test_the_token_is_stored_as_its_hash_alone(hall: Hall, interview: str, links: ShareLinks) -> None:
    token = links.create(hall.learner, interview, 7)
    with hall.database.read() as session:
        row = session.scalars(select(ShareLink)).one()
    assert row.token_hash == hash_token(token)
    assert token not in str(export_person(hall.database, "ann@example.org"))


def test_each_opening_is_counted_and_written_down(hall: Hall, interview: str, links: ShareLinks) -> None:
    token = links.create(hall.learner, interview, 7)
    hall.clock.now += dt.timedelta(hours=2)
    links.open(token)
    links.open(token)
    (link,) = links.of(hall.learner, interview)
    assert (link.opened, link.opened_at) == (2, START + dt.timedelta(hours=2))
    with hall.database.read() as session:
        rows = session.scalars(select(Audit).filter_by(action="interview.read")).all()
    assert [(row.actor_id, row.subject_id) for row in rows] == [(None, hall.learner)] * 2
    assert rows[0].detail == {"interview": interview, "link": link.public_id}


def test_a_link_ends_at_its_time(hall: Hall, interview: str, links: ShareLinks) -> None:
    token = links.create(hall.learner, interview, 7)
    hall.clock.now += dt.timedelta(days=7) - dt.timedelta(seconds=1)
    assert links.open(token) is not None
    hall.clock.now += dt.timedelta(seconds=1)
    assert links.open(token) is None
    assert links.of(hall.learner, interview) == []


def test_a_link_that_is_taken_back_opens_nothing_the_others_still_do(
    hall: Hall, interview: str, links: ShareLinks
) -> None:
    kept = links.create(hall.learner, interview, 7)
    hall.clock.now += dt.timedelta(seconds=1)
    taken_back = links.create(hall.learner, interview, 7)
    newest = links.of(hall.learner, interview)[0].public_id
    for _ in range(2):
        links.revoke(hall.learner, interview, newest)
    assert links.open(taken_back) is None
    assert links.open(kept) is not None
    with hall.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Audit).filter_by(action="link.revoked")) == 1


def test_a_disabled_learner_s_links_open_nothing(hall: Hall, interview: str, links: ShareLinks) -> None:
    token = links.create(hall.learner, interview, 7)
    with hall.database.write() as session:
        session.execute(update(Person).filter_by(id=hall.learner).values(disabled=True))
    assert links.open(token) is None


def test_nobody_shares_sees_or_takes_back_what_is_somebody_else_s(
    hall: Hall, interview: str, links: ShareLinks
) -> None:
    token = links.create(hall.learner, interview, 7)
    eve = add_person(hall.database, "eve@example.org")
    with pytest.raises(ServiceError) as refused:
        links.create(eve, interview, 7)
    assert refused.value.kind is Fault.NOT_FOUND
    assert links.of(eve, interview) == []
    with pytest.raises(ServiceError):
        links.revoke(eve, interview, links.of(hall.learner, interview)[0].public_id)
    assert links.open(token) is not None


def test_an_interview_that_is_still_open_is_not_shared(hall: Hall, links: ShareLinks) -> None:
    with pytest.raises(ServiceError, match="when it is over"):
        links.create(hall.learner, hall.begin(), 7)


def test_only_some_lengths_and_so_many_links_are_offered(hall: Hall, interview: str, links: ShareLinks) -> None:
    with pytest.raises(ServiceError, match="7, 30 or 90 days"):
        links.create(hall.learner, interview, 4_000)
    for _ in range(MOST):
        links.create(hall.learner, interview, 90)
    with pytest.raises(ServiceError, match="revoke one first"):
        links.create(hall.learner, interview, 90)


def test_links_are_exported_and_erased_with_their_learner(hall: Hall, interview: str, links: ShareLinks) -> None:
    links.create(hall.learner, interview, 30)
    (told,) = export_person(hall.database, "ann@example.org")["interviews"][0]["links"]
    assert told["expires_at"] == (START + dt.timedelta(days=30)).isoformat()
    assert "token_hash" not in told
    erase_person(hall.database, "ann@example.org", START)
    with hall.database.read() as session:
        assert session.scalar(select(func.count()).select_from(ShareLink)) == 0
