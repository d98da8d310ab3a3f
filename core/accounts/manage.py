"""What administrators do with everyone's accounts, and managers with those of the learners in their own cohorts.

Every refusal is a ValueError with one sentence; a person out of the viewer's reach is "not found".
"""

import datetime as dt
from collections.abc import Sequence, Set
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from core.accounts.links import Links, Purpose
from core.accounts.mail import Letters
from core.accounts.names import clean_role
from core.accounts.people import People, enrol, note
from core.accounts.permissions import Role, Viewer
from core.storage.database import Database
from core.storage.moves import move_learner
from core.storage.tables import Cohort, Enrolment, Person


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """A person as the list of people shows them; `invited` until they have chosen a password."""

    id: int
    public_id: str
    email: str
    name: str
    role: Role
    cohorts: tuple[str, ...]
    cohort_ids: tuple[int, ...]
    invited: bool
    disabled: bool
    last_active_at: dt.datetime | None
    is_sample: bool


def people_for(database: Database, viewer: Viewer, search: str = "", limit: int = 200) -> list[PersonEntry]:
    """The people whom the viewer may manage, by name; `search` is a part of a name or an address."""
    query = select(Person).where(within_reach(viewer)).order_by(func.lower(Person.name), Person.id).limit(limit)
    if text := search.strip().lower():
        part = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        like = f"%{part}%"
        query = query.where(or_(func.lower(Person.name).like(like, escape="\\"), Person.email.like(like, escape="\\")))
    with database.read() as session:
        people = session.scalars(query).all()
        places = _cohorts_of(session, [person.id for person in people])
    return [_entry(person, places.get(person.id, [])) for person in people]


def invite(
    people: People, links: Links, viewer: Viewer, email: str, name: str, role: str, cohort_id: int | None
) -> str:
    """Adds the person and returns the token of their invitation; managers invite learners into their own cohorts."""
    if viewer.role not in (Role.MANAGER, Role.ADMIN):
        raise ValueError("Only managers and administrators invite people.")
    wanted = clean_role(role)
    places = {cohort.id: cohort for cohort in people.cohorts_of(viewer)}
    if viewer.role is not Role.ADMIN and (wanted is not Role.LEARNER or cohort_id not in places):
        raise ValueError("Choose one of your cohorts; managers invite learners only.")
    if cohort_id is not None and cohort_id not in places:
        raise ValueError("That cohort could not be found.")
    place = places[cohort_id] if cohort_id is not None else None
    person = people.add(
        email,
        name,
        wanted,
        cohort=place.name if place else None,
        programme=place.programme if place else None,
        is_sample=viewer.is_sample or bool(place and place.is_sample),
        actor_id=viewer.id,
    )
    return links.issue(Purpose.INVITATION, person.id, actor_id=viewer.id)


def new_link(people: People, links: Links, viewer: Viewer, person_id: int) -> tuple[Purpose, str]:
    """A new link for someone: an invitation while they have no password, else to choose a new one.

    Whoever holds a link to a new password can read what the learner said, so those are an administrator's to give.
    """
    person = _open_account(people, viewer, person_id)
    purpose = _purpose_for(person)
    if purpose is Purpose.RESET and viewer.role is not Role.ADMIN:
        raise ValueError("This person can sign in already; an administrator can give them a link to a new password.")
    return purpose, links.issue(purpose, person_id, actor_id=viewer.id)


def mail_link(people: People, links: Links, letters: Letters, viewer: Viewer, person_id: int) -> Purpose:
    """E-mails someone such a link, which nobody else sees; raises ServiceError when the mail server doesn't take it."""
    person = _open_account(people, viewer, person_id)
    if person.is_sample:
        raise ValueError("Sample people have no e-mail.")
    purpose = _purpose_for(person)
    letters.send_link(purpose, links.issue(purpose, person_id, actor_id=viewer.id), person.email, person.name)
    return purpose


def mail_forgotten(people: People, links: Links, letters: Letters, email: str) -> None:
    """E-mails whoever has this address a link to a new password; nothing where nobody may sign in with one."""
    person = people.find_by_email(email)
    if person is None or person.disabled or person.is_sample or (person.issuer and not person.password_hash):
        return
    purpose = _purpose_for(person)
    letters.send_link(purpose, links.issue(purpose, person.id), person.email, person.name)


def _open_account(people: People, viewer: Viewer, person_id: int) -> Person:
    with people.database.read() as session:
        person = _reach(session, viewer, person_id)
    if person.disabled:
        raise ValueError("This account is closed; open it first.")
    return person


def _purpose_for(person: Person) -> Purpose:
    known = person.password_hash is not None or person.issuer is not None
    return Purpose.RESET if known else Purpose.INVITATION


def set_role(people: People, viewer: Viewer, person_id: int, role: str) -> None:
    """Another role for someone: an administrator's to give."""
    if viewer.role is not Role.ADMIN:
        raise ValueError("Only an administrator changes roles.")
    people.set_role(person_id, role, actor_id=viewer.id)


def set_disabled(people: People, viewer: Viewer, person_id: int, disabled: bool) -> None:
    """Closes an account, at once everywhere, or opens it again."""
    if person_id == viewer.id:
        raise ValueError("You can't close your own account.")
    with people.database.read() as session:
        _reach(session, viewer, person_id)
    people.disable(person_id, disabled, actor_id=viewer.id)


def set_cohorts(
    people: People, viewer: Viewer, person_id: int, cohort_ids: Sequence[int], *, carry: bool = False
) -> int:
    """Puts someone into these of the viewer's cohorts and takes them out of the viewer's other ones.

    With `carry`, when one cohort takes the place of another of the same programme, the interviews held in the one count under
    the other from now on. Returns how many did: words never come under another programme's rules this way.
    """
    own = {cohort.id for cohort in people.cohorts_of(viewer)}
    wanted = own.intersection(cohort_ids)

    def work(session: Session) -> int:
        person = _reach(session, viewer, person_id)
        samples = select(Cohort.id).where(Cohort.id.in_(wanted), Cohort.is_sample != person.is_sample)
        if wanted and session.scalar(samples.limit(1)) is not None:
            raise ValueError("Real people and sample people don't mix in a cohort.")
        before = set(session.scalars(select(Enrolment.cohort_id).filter_by(person_id=person_id)))
        dropped = before & (own - wanted)
        gone = Enrolment.cohort_id.in_(dropped)
        session.execute(delete(Enrolment).where(Enrolment.person_id == person_id, gone))
        for cohort_id in sorted(wanted):
            enrol(session, people.now(), person_id, cohort_id)
        moved = _carry(session, person_id, dropped, wanted - before) if carry else 0
        note(session, people.now(), viewer.id, person_id, "person.cohorts", cohorts=sorted(wanted), carried=moved)
        return moved

    return people.database.run(work)


def _carry(session: Session, person_id: int, dropped: Set[int], joined: Set[int]) -> int:
    if len(dropped) != 1 or len(joined) != 1:
        return 0
    (source,), (target,) = dropped, joined
    programmes = select(Cohort.programme_id).where(Cohort.id.in_((source, target)))
    if len(set(session.scalars(programmes))) != 1:
        return 0
    return move_learner(session, person_id, source, target)


def within_reach(viewer: Viewer) -> ColumnElement[bool]:
    """The people whom the viewer looks after: everybody, or the learners of a manager's own cohorts."""
    if viewer.role is Role.ADMIN:
        return Person.id.is_not(None)
    own = select(Enrolment.cohort_id).where(Enrolment.person_id == viewer.id)
    theirs = select(Enrolment.person_id).where(Enrolment.cohort_id.in_(own))
    manager = viewer.role is Role.MANAGER
    return (Person.role == Role.LEARNER.value) & Person.id.in_(theirs) if manager else Person.id.is_(None)


def _reach(session: Session, viewer: Viewer, person_id: int) -> Person:
    person = session.scalar(select(Person).where(Person.id == person_id, within_reach(viewer)))
    if person is None:
        raise ValueError("That person could not be found.")
    return person


def _cohorts_of(session: Session, person_ids: Sequence[int]) -> dict[int, list[Cohort]]:
    query = select(Enrolment.person_id, Cohort).join(Cohort, Cohort.id == Enrolment.cohort_id)
    found: dict[int, list[Cohort]] = {}
    for person_id, cohort in session.execute(query.where(Enrolment.person_id.in_(person_ids)).order_by(Cohort.name)):
        found.setdefault(person_id, []).append(cohort)
    return found


def _entry(person: Person, cohorts: Sequence[Cohort]) -> PersonEntry:
    return PersonEntry(
        id=person.id,
        public_id=person.public_id,
        email=person.email,
        name=person.name,
        role=Role(person.role),
        cohorts=tuple(cohort.name for cohort in cohorts),
        cohort_ids=tuple(cohort.id for cohort in cohorts),
        invited=person.password_hash is None and person.issuer is None,
        disabled=person.disabled,
        last_active_at=person.last_active_at,
        is_sample=person.is_sample,
    )
