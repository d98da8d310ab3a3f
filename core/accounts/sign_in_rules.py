"""Rules by which an identity provider's people become learners without an invitation: an address's domain, a cohort."""

import re
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.accounts.names import clean_email, shown
from core.accounts.people import People, note
from core.accounts.permissions import Role, Viewer
from core.storage.sign_in_tables import SignInRule
from core.storage.tables import Cohort, Programme

OPEN_TO_ALL = frozenset(
    "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com icloud.com me.com aol.com proton.me "
    "protonmail.com gmx.com gmx.de gmx.net web.de mail.com mail.ru yandex.com yandex.ru qq.com 163.com zoho.com".split()
)
"""Domains where anybody in the world gets an address."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as the list of rules shows it."""

    domain: str
    cohort_id: int
    cohort: str


def rules(people: People, viewer: Viewer) -> list[Rule]:
    """All rules, by domain; an administrator's to see."""
    _expect_admin(viewer)
    query = (
        select(SignInRule, Cohort.name, Programme.name)
        .join(Cohort, Cohort.id == SignInRule.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .order_by(SignInRule.email_domain)
    )
    with people.database.read() as session:
        return [
            Rule(r.email_domain, r.cohort_id, f"{programme} ▸ {name}") for r, name, programme in session.execute(query)
        ]


def set_rule(people: People, viewer: Viewer, domain: str, cohort_id: int | None) -> str:
    """From now on, newcomers with an address at this domain join this cohort; returns the domain as it is kept."""
    _expect_admin(viewer)
    cleaned = _clean_domain(domain)
    if cohort_id is None:
        raise ValueError("Choose the cohort that they join.")

    def work(session: Session) -> None:
        cohort = session.get(Cohort, cohort_id)
        if cohort is None:
            raise ValueError("That cohort could not be found.")
        if cohort.is_sample:
            raise ValueError("Real people and sample people don't mix in a cohort.")
        session.merge(SignInRule(email_domain=cleaned, cohort_id=cohort_id))
        note(session, people.now(), viewer.id, None, "rule.set", domain=cleaned, cohort=cohort_id)

    people.database.run(work)
    return cleaned


def remove_rule(people: People, viewer: Viewer, domain: str) -> None:
    """Newcomers from this domain need an invitation again; who has come stays."""
    _expect_admin(viewer)

    def work(session: Session) -> None:
        session.execute(delete(SignInRule).where(SignInRule.email_domain == domain))
        note(session, people.now(), viewer.id, None, "rule.removed", domain=domain)

    people.database.run(work)


def rule_for(session: Session, email: str) -> SignInRule | None:
    """The rule for exactly the domain of this cleaned address: a subdomain may be in other hands."""
    return session.get(SignInRule, email.rpartition("@")[2])


def _clean_domain(domain: str) -> str:
    bare = re.sub(r"^.*@", "", domain.strip()).lower()
    try:
        cleaned = clean_email(f"somebody@{bare}").partition("@")[2]
    except ValueError:
        raise ValueError(f"“{shown(domain)}” isn't the domain of an e-mail address, such as example.org.") from None
    if cleaned in OPEN_TO_ALL:
        raise ValueError(
            f"Anybody can get an address at {cleaned}, so everybody would be let in; invite people instead."
        )
    return cleaned


def _expect_admin(viewer: Viewer) -> None:
    if viewer.role is not Role.ADMIN:
        raise ValueError("Only an administrator sets rules of sign-in.")
