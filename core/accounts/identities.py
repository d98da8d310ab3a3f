"""People who sign in with an organisation's account: known by issuer and subject, never by their address alone."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.accounts.names import clean_email, clean_name
from core.accounts.people import enrol, has_real_account, insert_person, note
from core.accounts.permissions import Role
from core.accounts.sign_in_rules import rule_for
from core.storage.database import Database
from core.storage.sign_in_tables import OneTimeLink
from core.storage.tables import Person

LONGEST = 255
"""Characters in an issuer or a subject; OpenID Connect allows a subject no more."""

ASK = "ask your programme manager for an invitation."
NO_EMAIL = f"That account has no e-mail address by which Viva could know you; {ASK}"
UNVERIFIED = f"That account's provider doesn't say that the e-mail address is really yours; {ASK}"
CLOSED = "Your account in Viva is closed; ask your programme manager."
OTHERS = "That e-mail address belongs to somebody else's account in Viva; ask your programme manager."
FIRST = "Viva has no administrator yet; whoever runs it finds a set-up link where it was started."


@dataclass(frozen=True, slots=True)
class Identity:
    """What a provider vouches for: `subject` is its own lasting key for the person, `email` may be anything."""

    issuer: str
    subject: str
    email: str | None = None
    verified: bool = False
    name: str | None = None


class Identities:
    """The way from an identity to a person; every refusal is a ValueError with one sentence for them."""

    def __init__(self, database: Database, now: Callable[[], dt.datetime]) -> None:
        self._database, self._now = database, now

    def admit(self, identity: Identity) -> int:
        """The id of the person who comes with it.

        Who came before is known by issuer and subject. Who comes first is known by a verified address: somebody on a
        roster or with a password, or, by a rule for the address's domain, a new learner.
        """
        for key in (identity.issuer, identity.subject):
            if not 1 <= len(key) <= LONGEST or key != key.strip():  # MariaDB holds "a" and "a " to be equal
                raise ValueError("That account's provider names it in a way that Viva can't read.")
        try:
            return self._database.run(lambda session: self._find(session, identity))
        except IntegrityError as error:  # the same person in another tab at this moment
            raise ValueError("Somebody is signing in with that account at this moment; please try again.") from error

    def _find(self, session: Session, identity: Identity) -> int:
        query = select(Person).filter_by(issuer=identity.issuer, subject=identity.subject)
        person = session.scalar(query.with_for_update())
        if person is None:
            person = self._first_time(session, identity)
        else:
            self._follow_address(session, person, identity)
        if person.disabled:
            raise ValueError(CLOSED)
        return person.id

    def _first_time(self, session: Session, identity: Identity) -> Person:
        email = _address(identity)
        if email is None:
            raise ValueError(NO_EMAIL)
        if not identity.verified:
            raise ValueError(UNVERIFIED)
        if not has_real_account(session):
            raise ValueError(FIRST)
        person = session.scalar(select(Person).filter_by(email=email).with_for_update())
        if person is None:
            person = self._by_rule(session, identity, email)
        elif person.is_sample or person.issuer is not None:  # an address that went from one member of staff to the next
            raise ValueError(OTHERS)
        person.issuer, person.subject = identity.issuer, identity.subject
        session.execute(delete(OneTimeLink).where(OneTimeLink.person_id == person.id))
        note(session, self._now(), person.id, person.id, "person.linked", issuer=identity.issuer)
        return person

    def _by_rule(self, session: Session, identity: Identity, email: str) -> Person:
        rule = rule_for(session, email)
        if rule is None:
            raise ValueError(f"{email} has no account in Viva; {ASK}")
        person = insert_person(session, self._now(), email, _name(identity, email), Role.LEARNER)
        enrol(session, self._now(), person.id, rule.cohort_id)
        note(session, self._now(), None, person.id, "person.added_by_rule", domain=rule.email_domain)
        return person

    def _follow_address(self, session: Session, person: Person, identity: Identity) -> None:
        """Takes over a new verified address; one that is missing, unverified or somebody else's changes nothing."""
        email = _address(identity)
        if email is None or email == person.email or not identity.verified:
            return
        if session.scalar(select(Person.id).filter_by(email=email)) is None:
            person.email = email
            note(session, self._now(), person.id, person.id, "person.email")


def _address(identity: Identity) -> str | None:
    try:
        return clean_email(identity.email or "")
    except ValueError:
        return None


def _name(identity: Identity, email: str) -> str:
    try:
        return clean_name(identity.name, email)
    except ValueError:  # too long, or with letters that can't be seen
        return clean_name(None, email)
