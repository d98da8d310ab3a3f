"""The administrator's list of who is let in without an invitation."""

import pytest

from core.accounts.identities import Identity
from tests.app.conftest import OpenSite, Site
from tests.app.visit import Visit

AUTH = {
    "redirect_uri": "http://127.0.0.1:8501/oauth2callback",
    "school": {"client_id": "viva", "client_secret": "s", "server_metadata_url": "https://id.example/metadata"},
}
ANA = Identity("https://id.example", "ana", "ana@school.example", verified=True)


@pytest.fixture
def site(open_site: OpenSite) -> Site:
    return open_site(auth=AUTH)


@pytest.fixture
def boss(site: Site) -> Visit:
    site.services.people.ensure_cohort("Prog", "Blue")
    return site.visit("boss", "admin").open("People")


def let_in(boss: Visit, domain: str, *, choose: bool = True) -> Visit:
    boss.tab.text_input(key="rule-domain").input(domain)
    if choose:
        boss.tab.selectbox(key="rule-cohort").select_index(0)
    return boss.press("Let them in")


def test_a_domain_let_in_and_shut_out_again(site: Site, boss: Visit) -> None:
    let_in(boss, "School.example")
    assert "Whoever comes with an address at school.example is let in." in boss.text
    assert "school.example** → Prog ▸ Blue" in boss.text
    site.services.identities.admit(ANA)
    boss.press("Remove")
    assert "need an invitation again" in boss.text
    assert "school.example** →" not in boss.text


def test_what_is_wrong_with_a_rule_is_told(boss: Visit) -> None:
    assert "everybody would be let in" in let_in(boss, "gmail.com").problems[0]


def test_a_rule_without_a_cohort_is_refused(boss: Visit) -> None:
    assert let_in(boss, "school.example", choose=False).problems == ["Choose the cohort that they join."]


def test_managers_see_no_rules(site: Site) -> None:
    assert "Let them in" not in site.visit("max", "manager", "Blue").open("People").buttons()


def test_without_a_provider_there_are_no_rules(open_site: OpenSite) -> None:
    assert "Let them in" not in open_site().visit("boss", "admin").open("People").buttons()
