"""Downloads through the gate: for those whose role allows it, streamed, and written down."""

import json

import pytest
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from core.storage.tables import Audit
from tests.app.conftest import Site
from ui.services import services
from ui.web import exports
from ui.web.forms import cookie_name
from ui.web.middleware import Gate


def client_of(site: Site, name: str, role: str, cohort: str | None = None) -> TestClient:
    """A browser in which somebody new is signed in."""
    person = site.services.people.add(f"{name}@example.org", name.title(), role, cohort=cohort)
    app = Starlette(routes=exports.routes(), middleware=[Middleware(Gate, services=services)])
    cookies = {cookie_name(site.services.settings): site.services.sessions.open(person.id)}
    return TestClient(app, base_url="http://127.0.0.1:8501", cookies=cookies, follow_redirects=False)


def audits(site: Site) -> list[int | None]:
    with site.services.database.read() as session:
        return list(session.scalars(select(Audit.actor_id).filter_by(action="training.exported")))


def test_an_administrator_downloads_what_learners_share(site: Site) -> None:
    ann = site.visit("ann")
    site.services.people.share_transcripts(ann.person_id, True)
    ann.begin(questions=1).send("I don't know.").graded()
    answer = client_of(site, "ada", "admin").get(exports.TRAINING)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="training.jsonl"'
    assert answer.headers["cache-control"] == "private, no-store"
    (example,) = [json.loads(line) for line in answer.text.splitlines()]
    assert (example["answer"], example["score"]) == ("I don't know.", 1)
    assert len(audits(site)) == 1


@pytest.mark.parametrize("role", ["learner", "manager"])
def test_others_are_refused(site: Site, role: str) -> None:
    answer = client_of(site, "max", role).get(exports.TRAINING)
    assert answer.status_code == 403
    assert "Only administrators" in answer.text
    assert audits(site) == []


def test_who_is_not_signed_in_is_sent_to_sign_in(site: Site) -> None:
    client = client_of(site, "ada", "admin")
    client.cookies.clear()
    answer = client.get(exports.TRAINING)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/export/training.jsonl")


def test_another_site_can_start_no_download(site: Site) -> None:
    answer = client_of(site, "ada", "admin").get(exports.TRAINING, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert audits(site) == []


def test_everybody_downloads_what_is_stored_about_them_and_about_nobody_else(site: Site) -> None:
    site.visit("ann").begin(questions=1).send("I don't know.")
    data = client_of(site, "ben", "learner").get(exports.MINE)
    assert data.headers["content-disposition"] == 'attachment; filename="viva-data.json"'
    assert data.json()["person"]["email"] == "ben@example.org"
    assert "ann@example.org" not in data.text


def test_another_site_can_start_no_download_of_ones_own_data(site: Site) -> None:
    answer = client_of(site, "ben", "learner").get(exports.MINE, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


def test_a_manager_downloads_all_scores_of_a_cohort_with_names_if_they_want(site: Site) -> None:
    site.visit("ann", cohort="Spring").begin(questions=1).send("In my own words.").graded()
    spring = site.services.people.ensure_cohort(None, "Spring").public_id
    theo = client_of(site, "theo", "manager", "Spring")
    answer = theo.get(exports.SCORES_CSV, params={"cohort": spring})
    assert answer.headers["content-disposition"].startswith('attachment; filename="scores-')
    heading, row = answer.text.lstrip("\ufeff").splitlines()
    assert heading.startswith("Learner,Name,Interview,")
    assert "Ann" not in row
    assert "In my own words" not in row
    named = theo.get(exports.SCORES_CSV, params={"cohort": spring, "named": "true"})
    assert ",Ann," in named.text
    assert theo.get(exports.SCORES_EXCEL, params={"cohort": spring}).content.startswith(b"PK")


def test_a_cohort_that_somebody_else_looks_after_can_not_be_found(site: Site) -> None:
    autumn = site.services.people.ensure_cohort(None, "Autumn").public_id
    answer = client_of(site, "theo", "manager", "Spring").get(exports.SCORES_CSV, params={"cohort": autumn})
    assert answer.status_code == 404
    assert "could not be found" in answer.text


def test_an_excel_file_too_long_is_refused_in_one_sentence(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.analytics.exports.EXCEL_ROWS", 0)
    site.visit("ann", cohort="Spring").begin(questions=1).send("In my own words.").graded()
    spring = site.services.people.ensure_cohort(None, "Spring").public_id
    answer = client_of(site, "theo", "manager", "Spring").get(exports.SCORES_EXCEL, params={"cohort": spring})
    assert answer.status_code == 400
    assert "choose CSV" in answer.text
