"""Letters to managers: which learners of their cohorts may need a call, by the thresholds that each of them has set."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts.contacts import last_contacts
from core.accounts.people import CohortEntry, People
from core.accounts.permissions import Role
from core.accounts.sessions import viewer_from
from core.analytics.attention import Thresholds, Watch
from core.storage.tables import Person

CALLED = dt.timedelta(days=7)
"""Who was called in the last days is left out: somebody has just dealt with it."""
MOST = 20
"""Learners of a cohort in one letter."""
SUBJECT = "Learners who may need a call"


@dataclass(frozen=True, slots=True)
class Digest:
    """One manager's letter, about so many learners."""

    email: str
    learners: int
    text: str


def digests(
    people: People, names: Mapping[str, str], address: str, now: dt.datetime, *, email: str | None = None
) -> Iterator[Digest]:
    """The letters of all managers, or of the one with this address, who have somebody to call.

    `names` gives domains their names; `address` is where Viva's pages are, empty where it isn't known. Sample people get no letters.
    """
    query = select(Person).where(
        Person.role == Role.MANAGER.value, Person.disabled.is_(False), Person.is_sample.is_(False)
    )
    query = query.order_by(Person.email)
    with people.database.read() as session:
        managers = session.scalars(query if email is None else query.where(Person.email == email)).all()
    for manager in managers:
        cohorts = people.cohorts_of(viewer_from(manager))
        thresholds = Thresholds.of(manager.settings)
        with people.database.read() as session:
            parts = [_about(session, cohort, thresholds, names, address, now) for cohort in cohorts]
        learners = sum(number for number, _ in parts)
        if learners:
            letter = "\n\n".join(text for _, text in parts if text)
            yield Digest(manager.email, learners, f"Hello {manager.name},\n\n{_opening(learners)}\n\n{letter}\n")


def _opening(learners: int) -> str:
    who = "one learner" if learners == 1 else f"{learners} learners"
    return (
        f"{who} may need a call, by the rules that you set on the Cohorts page. They are worth a look; none of this is a "
        f"verdict. Whoever was called in the last {CALLED.days} days is left out."
    )


def _about(
    session: Session,
    cohort: CohortEntry,
    thresholds: Thresholds,
    names: Mapping[str, str],
    address: str,
    now: dt.datetime,
) -> tuple[int, str]:
    """How many learners of the cohort may need a call, and the part of the letter about them; empty without any."""
    watch = Watch((cohort.id,), thresholds, now)
    found = watch.at_risk(session)
    contacts = last_contacts(session, found)
    due = [id_ for id_ in found if (contact := contacts.get(id_)) is None or contact.at < now - CALLED]
    if not due:
        return 0, ""
    risky = watch.reasons(session, due[:MOST], names)
    lines = [cohort.title, *(f"- {learner.name}: {' '.join(learner.reasons)}" for learner in risky)]
    if len(due) > MOST:
        lines.append(f"- and {len(due) - MOST} more")
    query = urlencode({"cohort": cohort.public_id, "view": "Who needs a call"})
    if address:
        lines.append(f"{address}/Cohorts?{query}")
    return len(due), "\n".join(lines)
