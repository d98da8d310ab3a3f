"""People, programmes and cohorts; every refusal is a ValueError with one sentence for whoever asked."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.accounts.names import clean_email, clean_name, clean_role, clean_title, shown
from core.accounts.passwords import hash_password, password_matches
from core.accounts.permissions import Role, Viewer
from core.accounts.sessions import revoke_all
from core.storage.database import Database
from core.storage.ids import new_public_id
from core.storage.tables import Audit, Cohort, Enrolment, Person, Programme

FIRST_PROGRAMME = "My programme"
"""Where a cohort goes that is named without a programme, while there is none."""


@dataclass(frozen=True, slots=True)
class CohortEntry:
    """A cohort as lists and menus show it."""

    id: int
    public_id: str
    name: str
    programme: str
    starts_on: dt.date
    is_sample: bool

    @property
    def title(self) -> str:
        """The name with the programme's before it."""
        return f"{self.programme} ▸ {self.name}"


class People:
    """Everyone who has an account; `actor_id` is who asked for a change, None at the terminal."""

    def __init__(self, database: Database, now: Callable[[], dt.datetime]) -> None:
        self.database, self.now = database, now

    def add(
        self,
        email: str,
        name: str | None,
        role: str,
        *,
        password: str | None = None,
        cohort: str | None = None,
        programme: str | None = None,
        is_sample: bool = False,
        actor_id: int | None = None,
    ) -> Person:
        """A new person, in the cohort of that name, which is made if need be; without a password they need a link."""
        email, wanted = clean_email(email), clean_role(role)
        name = clean_name(name, email)
        password_hash = None if password is None else hash_password(password)

        def work(session: Session) -> Person:
            person = insert_person(session, self.now(), email, name, wanted, is_sample=is_sample)
            person.password_hash = password_hash
            if cohort is not None:
                place = find_or_add_cohort(session, self.now(), programme, cohort, is_sample=is_sample)
                enrol(session, self.now(), person.id, place.id)
            note(session, self.now(), actor_id, person.id, "person.added", role=wanted.value)
            return person

        try:
            return self.database.run(work)
        except IntegrityError as error:  # somebody else added the same person, programme or cohort at this moment
            raise ValueError(f"{email} could not be added: somebody is adding the same; please look again.") from error

    def find_by_email(self, email: str) -> Person | None:
        """The person with this address, however it is written."""
        try:
            cleaned = clean_email(email)
        except ValueError:
            return None
        with self.database.read() as session:
            return session.scalar(select(Person).filter_by(email=cleaned))

    def authenticate(self, email: str, password: str) -> Person | None:
        """The person who signs in with these; it takes as long for an address that nobody has."""
        person = self.find_by_email(email)
        matches = password_matches(person.password_hash if person else None, password)
        return person if person and matches and not person.disabled else None

    def has_password(self, person_id: int) -> bool:
        """Whether this person can sign in with a password; the others come with an organisation's account."""
        with self.database.read() as session:
            return session.get_one(Person, person_id).password_hash is not None

    def set_password(self, person_id: int, password: str, *, keep: str | None = None) -> None:
        """A new password; all sign-ins end but the one with the public id `keep`."""
        password_hash = hash_password(password)

        def work(session: Session) -> None:
            person = session.get_one(Person, person_id)
            person.password_hash = password_hash
            revoke_all(session, self.now(), person_id, keep=keep)
            note(session, self.now(), person_id, person_id, "password.set")

        self.database.run(work)

    def change_password(self, viewer: Viewer, current: str, new: str, *, keep: str | None = None) -> None:
        """The viewer's own new password, given the current one."""
        if self.authenticate(viewer.email, current) is None:
            raise ValueError("The current password isn't right.")
        self.set_password(viewer.id, new, keep=keep)

    def rename(self, viewer: Viewer, name: str) -> None:
        """The viewer's own name; raises ValueError with a sentence where it can't be one."""
        if not name.strip():
            raise ValueError("A name can't be empty; yours stays as it was.")
        cleaned = clean_name(name, viewer.email)

        def work(session: Session) -> None:
            session.get_one(Person, viewer.id).name = cleaned

        self.database.run(work)

    def save_settings(self, person_id: int, **changes: Any) -> None:
        """The person's settings with these changed; the others stay."""

        def work(session: Session) -> None:
            person = session.get_one(Person, person_id, with_for_update=True)
            person.settings = {**person.settings, **changes}

        self.database.run(work)

    def shares_transcripts(self, person_id: int) -> bool:
        """Whether this learner lets the managers of their cohorts read what they said."""
        with self.database.read() as session:
            return session.get_one(Person, person_id).share_transcripts

    def share_transcripts(self, person_id: int, share: bool) -> None:
        """The learner's own choice to let the managers of their cohorts read what they said."""

        def work(session: Session) -> None:
            session.get_one(Person, person_id).share_transcripts = share
            note(session, self.now(), person_id, person_id, "transcripts.shared" if share else "transcripts.kept")

        self.database.run(work)

    def disable(self, person_id: int, disabled: bool = True, *, actor_id: int | None = None) -> None:
        """Shut a person out, at once everywhere, or let them in again."""

        def work(session: Session) -> None:
            person = session.get_one(Person, person_id)
            if disabled:
                refuse_last_admin(session, person)
                revoke_all(session, self.now(), person_id)
            person.disabled = disabled
            note(session, self.now(), actor_id, person_id, "person.disabled" if disabled else "person.enabled")

        self.database.run(work)

    def set_role(self, person_id: int, role: str, *, actor_id: int | None = None) -> None:
        """A new role, which counts from their next rerun on."""
        wanted = clean_role(role)

        def work(session: Session) -> None:
            person = session.get_one(Person, person_id)
            if wanted is not Role.ADMIN:
                refuse_last_admin(session, person)
            person.role = wanted.value
            note(session, self.now(), actor_id, person_id, "person.role", role=wanted.value)

        self.database.run(work)

    def any_real_account(self) -> bool:
        """Whether anybody but sample people has an account."""
        with self.database.read() as session:
            return has_real_account(session)

    def ensure_cohort(self, programme: str | None, name: str, *, is_sample: bool = False) -> CohortEntry:
        """The cohort of that name, made if need be."""

        def work(session: Session) -> int:
            return find_or_add_cohort(session, self.now(), programme, name, is_sample=is_sample).id

        cohort_id = self.database.run(work)
        with self.database.read() as session:
            return _entry(*session.execute(_cohorts().where(Cohort.id == cohort_id)).one())

    def cohorts_of(self, viewer: Viewer) -> list[CohortEntry]:
        """The viewer's cohorts, by programme and name: all of them for an administrator."""
        query = _cohorts()
        if viewer.role is not Role.ADMIN:
            query = query.join(Enrolment, Enrolment.cohort_id == Cohort.id).where(Enrolment.person_id == viewer.id)
        with self.database.read() as session:
            return [_entry(*row) for row in session.execute(query)]

    def learners_of(self, cohort_id: int) -> dict[int, str]:
        """The learners in this cohort, by name: id -> name."""
        query = select(Person.id, Person.name).join(Enrolment, Enrolment.person_id == Person.id)
        query = query.where(Enrolment.cohort_id == cohort_id, Person.role == Role.LEARNER.value)
        with self.database.read() as session:
            return {row.id: row.name for row in session.execute(query.order_by(Person.name, Person.id))}


def insert_person(
    session: Session, now: dt.datetime, email: str, name: str, role: Role, *, is_sample: bool = False
) -> Person:
    """A new row for what is already cleaned; ValueError when the address is taken."""
    if session.scalar(select(Person.id).filter_by(email=email)) is not None:
        raise ValueError(f"{email} has an account already.")
    person = Person(
        public_id=new_public_id(), email=email, name=name, role=role.value, created_at=now, is_sample=is_sample
    )
    person.settings = {}
    session.add(person)
    session.flush()
    return person


def enrol(session: Session, now: dt.datetime, person_id: int, cohort_id: int) -> bool:
    """Puts the person into the cohort; False when they were in it."""
    if session.get(Enrolment, (person_id, cohort_id)) is not None:
        return False
    session.add(Enrolment(person_id=person_id, cohort_id=cohort_id, since=now))
    session.flush()
    return True


def find_or_add_cohort(
    session: Session, now: dt.datetime, programme: str | None, name: str, *, is_sample: bool = False
) -> Cohort:
    """The cohort of that name in that programme; without one, the only cohort so called, or a new one."""
    name = clean_title(name, "cohort")
    query = select(Cohort).where(Cohort.name == name, Cohort.is_sample == is_sample)
    if programme is not None:
        title = clean_title(programme, "programme")
        query = query.join(Programme, Programme.id == Cohort.programme_id).where(Programme.name == title)
    found = session.scalars(query.limit(2)).all()
    if len(found) > 1:
        raise ValueError(f"More than one programme has a cohort “{shown(name)}”: name the programme too.")
    if found:
        return found[0]
    place = _programme(session, programme, is_sample)
    cohort = Cohort(
        public_id=new_public_id(), programme_id=place.id, name=name, starts_on=now.date(), is_sample=is_sample
    )
    session.add(cohort)
    session.flush()
    return cohort


def _programme(session: Session, name: str | None, is_sample: bool) -> Programme:
    if name is None:
        real = session.scalars(select(Programme).filter_by(is_sample=is_sample).limit(2)).all()
        if len(real) > 1:
            raise ValueError("There is more than one programme: name the one that the cohort belongs to.")
        if real:
            return real[0]
    title = clean_title(name or FIRST_PROGRAMME, "programme")
    found = session.scalar(select(Programme).filter_by(name=title))
    if found is None:
        found = Programme(name=title, is_sample=is_sample)
        session.add(found)
        session.flush()
    if found.is_sample != is_sample:
        raise ValueError(f"“{shown(title)}” is the sample programme; real people and sample people don't mix.")
    return found


def has_real_account(session: Session) -> bool:
    """Whether anybody but sample people has an account."""
    return bool(session.scalar(select(exists().where(Person.is_sample.is_(False)))))


def refuse_last_admin(session: Session, person: Person) -> None:
    """ValueError when nobody else could administer."""
    if person.role != Role.ADMIN.value or person.disabled:
        return
    others = select(Person.id).where(
        Person.role == Role.ADMIN.value,
        Person.disabled.is_(False),
        Person.is_sample == person.is_sample,
        Person.id != person.id,
    )
    if session.scalar(others.limit(1)) is None:
        raise ValueError(f"{person.email} is the only administrator; make somebody else one first.")


def note(
    session: Session, now: dt.datetime, actor_id: int | None, subject_id: int | None, action: str, **detail: Any
) -> None:
    """Writes down who did what to whom."""
    session.add(Audit(at=now, actor_id=actor_id, subject_id=subject_id, action=action, detail=detail))


def _cohorts() -> Any:
    query = select(Cohort, Programme.name).join(Programme, Programme.id == Cohort.programme_id)
    return query.order_by(Programme.name, Cohort.name)


def _entry(cohort: Cohort, programme: str) -> CohortEntry:
    return CohortEntry(cohort.id, cohort.public_id, cohort.name, programme, cohort.starts_on, cohort.is_sample)
