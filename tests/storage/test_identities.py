"""People who come with an organisation's account: who they are, and who isn't let in."""

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import select

from core.accounts.identities import CLOSED, FIRST, NO_EMAIL, OTHERS, UNVERIFIED, Identities, Identity
from core.accounts.links import Links, Purpose
from core.accounts.manage import new_link
from core.accounts.people import People
from core.accounts.permissions import Role, Viewer
from core.accounts.sessions import viewer_from
from core.accounts.sign_in_rules import remove_rule, rules, set_rule
from core.storage.database import Database
from core.storage.tables import Enrolment, Person

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
ANA = Identity("https://id.example", "ana-1", "Ana@Example.org", verified=True, name="Ana")


@pytest.fixture
def people(database: Database) -> People:
    return People(database, lambda: NOW)


@pytest.fixture
def identities(database: Database) -> Identities:
    return Identities(database, lambda: NOW)


@pytest.fixture
def links(database: Database) -> Links:
    return Links(database, lambda: NOW)


@pytest.fixture
def boss(people: People) -> Viewer:
    return viewer_from(people.add("boss@example.net", "Boss", "admin"))


def person_of(database: Database, person_id: int) -> Person:
    with database.read() as session:
        return session.get_one(Person, person_id)


def test_somebody_on_the_roster_is_found_by_a_verified_address(people: People, identities: Identities) -> None:
    invited = people.add("ana@example.org", "Ana of the roster", "manager", cohort="Blue")
    assert identities.admit(ANA) == invited.id
    person = person_of(people.database, invited.id)
    assert (person.name, person.role, person.issuer, person.subject) == (
        "Ana of the roster",
        "manager",
        ANA.issuer,
        ANA.subject,
    )


def test_from_then_on_issuer_and_subject_count_and_not_the_address(people: People, identities: Identities) -> None:
    people.add("ana@example.org", "Ana", "learner")
    first = identities.admit(ANA)
    assert identities.admit(replace(ANA, email=None, verified=False)) == first
    assert identities.admit(replace(ANA, email="nonsense", verified=True)) == first
    assert person_of(people.database, first).email == "ana@example.org"


def test_a_changed_verified_address_is_taken_over(people: People, identities: Identities) -> None:
    people.add("ana@example.org", "Ana", "learner")
    first = identities.admit(ANA)
    assert identities.admit(replace(ANA, email="ana.new@example.org")) == first
    assert person_of(people.database, first).email == "ana.new@example.org"


@pytest.mark.parametrize("changed", [{"email": "ana.new@example.org", "verified": False}, {"email": "ben@example.org"}])
def test_a_changed_address_that_is_unverified_or_somebody_else_s_changes_nothing(
    people: People, identities: Identities, changed: dict[str, object]
) -> None:
    people.add("ana@example.org", "Ana", "learner")
    people.add("ben@example.org", "Ben", "admin")
    first = identities.admit(ANA)
    assert identities.admit(replace(ANA, **changed)) == first  # type: ignore[arg-type]
    assert person_of(people.database, first).email == "ana@example.org"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [({"email": None}, NO_EMAIL), ({"email": "no address"}, NO_EMAIL), ({"verified": False}, UNVERIFIED)],
)
def test_without_a_verified_address_nobody_is_found(
    people: People, identities: Identities, changed: dict[str, object], sentence: str
) -> None:
    people.add("ana@example.org", "Ana", "admin")
    with pytest.raises(ValueError, match=sentence.split(";")[0]):
        identities.admit(replace(ANA, **changed))  # type: ignore[arg-type]


def test_an_address_given_to_somebody_new_doesn_t_open_the_account_of_who_had_it(
    people: People, identities: Identities
) -> None:
    people.add("ana@example.org", "Ana", "learner")
    identities.admit(ANA)
    with pytest.raises(ValueError, match=OTHERS.split(";")[0]):
        identities.admit(replace(ANA, subject="ana-2"))


def test_the_same_subject_of_another_issuer_is_somebody_else(people: People, identities: Identities) -> None:
    people.add("ana@example.org", "Ana", "learner")
    identities.admit(ANA)
    with pytest.raises(ValueError, match="has no account in Viva"):
        identities.admit(replace(ANA, issuer="https://evil.example", email="ana.evil@example.org"))


def test_a_closed_account_stays_closed(people: People, identities: Identities) -> None:
    ana = people.add("ana@example.org", "Ana", "learner")
    people.disable(ana.id)
    with pytest.raises(ValueError, match=CLOSED.split(";")[0]):
        identities.admit(ANA)
    people.disable(ana.id, False)
    identities.admit(ANA)
    people.disable(ana.id)
    with pytest.raises(ValueError, match=CLOSED.split(";")[0]):
        identities.admit(ANA)


@pytest.mark.parametrize("key", ["", "x" * 256, "ana-1 "])
def test_a_key_that_databases_hold_to_be_another_s_is_refused(identities: Identities, boss: Viewer, key: str) -> None:
    with pytest.raises(ValueError, match="can't read"):
        identities.admit(replace(ANA, subject=key))


def test_a_stranger_is_not_let_in(identities: Identities, boss: Viewer) -> None:
    with pytest.raises(ValueError, match=r"ana@example\.org has no account in Viva"):
        identities.admit(ANA)


def test_a_rule_makes_a_stranger_a_learner_in_its_cohort(
    people: People, identities: Identities, boss: Viewer, database: Database
) -> None:
    blue = people.ensure_cohort(None, "Blue")
    assert set_rule(people, boss, "@Example.ORG", blue.id) == "example.org"
    person = person_of(database, identities.admit(ANA))
    assert (person.role, person.name, person.email) == ("learner", "Ana", "ana@example.org")
    with database.read() as session:
        assert session.scalars(select(Enrolment.cohort_id).filter_by(person_id=person.id)).all() == [blue.id]
    assert identities.admit(ANA) == person.id


@pytest.mark.parametrize("email", ["ana@sub.example.org", "ana@notexample.org", "example.org@other.org"])
def test_a_rule_counts_for_its_very_domain(people: People, identities: Identities, boss: Viewer, email: str) -> None:
    set_rule(people, boss, "example.org", people.ensure_cohort(None, "Blue").id)
    with pytest.raises(ValueError, match="has no account"):
        identities.admit(replace(ANA, email=email))


def test_a_rule_that_is_taken_away_lets_nobody_new_in(people: People, identities: Identities, boss: Viewer) -> None:
    set_rule(people, boss, "example.org", people.ensure_cohort(None, "Blue").id)
    ana = identities.admit(ANA)
    remove_rule(people, boss, "example.org")
    assert identities.admit(ANA) == ana
    with pytest.raises(ValueError, match="has no account"):
        identities.admit(replace(ANA, subject="ben-1", email="ben@example.org"))


def test_a_rule_can_be_given_another_cohort(people: People, boss: Viewer) -> None:
    set_rule(people, boss, "example.org", people.ensure_cohort("Prog", "Blue").id)
    set_rule(people, boss, "example.org", people.ensure_cohort("Prog", "Red").id)
    assert [(rule.domain, rule.cohort) for rule in rules(people, boss)] == [("example.org", "Prog ▸ Red")]


@pytest.mark.parametrize(
    ("domain", "sentence"),
    [("gmail.com", "everybody would be let in"), ("not a domain", "isn't the domain"), ("", "isn't the domain")],
)
def test_a_rule_for_no_domain_or_for_everybody_s_is_refused(
    people: People, boss: Viewer, domain: str, sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        set_rule(people, boss, domain, people.ensure_cohort(None, "Blue").id)


def test_a_rule_for_a_cohort_of_sample_people_or_for_none_is_refused(people: People, boss: Viewer) -> None:
    sample = people.ensure_cohort("Sample", "Blue", is_sample=True)
    for cohort_id, sentence in ((sample.id, "don't mix"), (999, "could not be found"), (None, "Choose the cohort")):
        with pytest.raises(ValueError, match=sentence):
            set_rule(people, boss, "example.org", cohort_id)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.LEARNER])
def test_rules_are_an_administrator_s(people: People, boss: Viewer, role: Role) -> None:
    viewer = replace(boss, role=role)
    blue = people.ensure_cohort(None, "Blue")
    for ask in (
        lambda: rules(people, viewer),
        lambda: set_rule(people, viewer, "example.org", blue.id),
        lambda: remove_rule(people, viewer, "example.org"),
    ):
        with pytest.raises(ValueError, match="Only an administrator"):
            ask()


def test_the_first_administrator_is_not_made_by_a_provider(people: People, identities: Identities) -> None:
    people.add("sample@example.org", "Sample", "admin", is_sample=True)
    with pytest.raises(ValueError, match=FIRST.split(";")[0]):
        identities.admit(ANA)


def test_a_sample_person_is_nobody_s_account(people: People, identities: Identities, boss: Viewer) -> None:
    people.add("ana@example.org", "Ana", "admin", is_sample=True)
    with pytest.raises(ValueError, match=OTHERS.split(";")[0]):
        identities.admit(ANA)


def test_an_invitation_that_lies_about_opens_no_account_that_has_been_linked(
    people: People, identities: Identities, links: Links, boss: Viewer
) -> None:
    ana = people.add("ana@example.org", "Ana", "learner", cohort="Blue")
    token = links.issue(Purpose.INVITATION, ana.id)
    identities.admit(ANA)
    assert links.find(token) is None


def test_a_manager_gets_no_link_to_the_account_of_somebody_who_signs_in_elsewhere(
    people: People, identities: Identities, links: Links
) -> None:
    ana = people.add("ana@example.org", "Ana", "learner", cohort="Blue")
    theo = viewer_from(people.add("theo@example.org", "Theo", "manager", cohort="Blue"))
    assert new_link(people, links, theo, ana.id)[0] is Purpose.INVITATION
    identities.admit(ANA)
    with pytest.raises(ValueError, match="an administrator can give them a link"):
        new_link(people, links, theo, ana.id)


@pytest.mark.parametrize(("given", "name"), [(None, "ana"), ("", "ana"), ("\u202egnp.exe", "ana"), ("A" * 200, "ana")])
def test_a_name_that_can_t_be_shown_gives_way_to_the_address(
    people: People, identities: Identities, boss: Viewer, given: str | None, name: str
) -> None:
    set_rule(people, boss, "example.org", people.ensure_cohort(None, "Blue").id)
    assert person_of(people.database, identities.admit(replace(ANA, name=given))).name == name
