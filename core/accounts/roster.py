"""Rosters: a CSV file with the columns email, name, cohort and, if wanted, programme and role."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.accounts.manage import within_reach
from core.accounts.people import People, find_or_add_cohort
from core.accounts.permissions import Role, Viewer
from core.accounts.roster_file import Row, read_rows
from core.storage.ids import new_public_id
from core.storage.tables import Audit, Cohort, Enrolment, Person, Programme

BATCH = 1000
"""Rows that are written with one transaction, so that others who write wait no longer than a moment."""
ADDED, CHANGED, UNCHANGED = "added", "changed", "unchanged"

Place = tuple[str | None, str]
"""A programme, where the file names one, and a cohort."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a row of the file comes to: `outcome` is added, changed or unchanged."""

    line: int
    email: str
    name: str
    cohort: str
    outcome: str


@dataclass(slots=True)
class RosterReport:
    """What an import did, or would do: people added, enrolled or renamed (`changed`), a sentence for each row left out."""

    entries: list[Entry] = field(default_factory=list)
    new_cohorts: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def added(self) -> int:
        return self._count(ADDED)

    @property
    def changed(self) -> int:
        return self._count(CHANGED)

    @property
    def unchanged(self) -> int:
        return self._count(UNCHANGED)

    @property
    def summary(self) -> str:
        """The whole in a sentence or two."""
        left_out = f", {len(self.faults):,} left out" if self.faults else ""
        counts = f"{self.added:,} added, {self.changed:,} changed, {self.unchanged:,} as they were{left_out}."
        return " ".join([counts, *self.notes])

    def _count(self, outcome: str) -> int:
        return sum(entry.outcome == outcome for entry in self.entries)


@dataclass(slots=True)
class _Known:
    """A person as they are, or will be when the rows so far have gone in; without a number while they are new."""

    id: int | None
    name: str
    role: str
    name_is_free: bool
    is_sample: bool
    reachable: bool
    cohorts: set[int]
    joins: list[int] = field(default_factory=list)
    was: str | None = None
    outcome: str = UNCHANGED


def import_roster(people: People, content: bytes | str, viewer: Viewer | None = None) -> RosterReport:
    """Adds the people of the file and puts them into their cohorts; again, it changes nothing.

    Rows that can't be used are left out, each with a sentence in `faults`; a file that can't be used is a ValueError. A
    manager brings learners into their own cohorts; None is whoever is at the terminal.
    """
    return _Import(people, viewer, keeps=True).run(content)


def preview_roster(people: People, content: bytes | str, viewer: Viewer | None = None) -> RosterReport:
    """What import_roster would report for this file; nothing is changed."""
    return _Import(people, viewer, keeps=False).run(content)


class _Import:
    """One run through a file; `keeps` is False for a preview."""

    def __init__(self, people: People, viewer: Viewer | None, *, keeps: bool) -> None:
        if viewer is not None and viewer.role not in (Role.MANAGER, Role.ADMIN):
            raise ValueError("Only managers and administrators import rosters.")
        self._people, self._viewer, self._keeps = people, viewer, keeps
        self._all = viewer is None or viewer.role is Role.ADMIN
        self._sample = viewer is not None and viewer.is_sample
        self._places: dict[Place, int | str] = {}

    def run(self, content: bytes | str) -> RosterReport:
        report = RosterReport()
        rows = read_rows(content, report.faults, report.notes)
        self._find_places(rows, report)
        for batch in _batches(rows):
            if self._keeps:
                entries, faults = self._put(batch)
            else:
                with self._people.database.read() as session:
                    entries, faults = self._plan(batch, self._known(session, batch))
            report.entries += entries
            report.faults += faults
        report.entries.sort(key=lambda entry: entry.line)
        report.faults.sort(key=lambda fault: int(fault.removeprefix("Line ").partition(":")[0]))
        return report

    def _find_places(self, rows: Sequence[Row], report: RosterReport) -> None:
        """The number of each cohort in the file, or why it can't be used; those that are not there are made."""
        wanted = dict.fromkeys((row.programme, row.cohort) for row in rows if row.cohort is not None)

        def work(session: Session) -> tuple[dict[Place, int | str], list[str]]:
            before = set(session.scalars(select(Cohort.id)))
            places = {place: self._place(session, place) for place in wanted}
            new = {number for number in places.values() if isinstance(number, int)} - before
            titles = select(Programme.name, Cohort.name).join(Cohort, Cohort.programme_id == Programme.id)
            made = session.execute(titles.where(Cohort.id.in_(new)).order_by(Cohort.id))
            names = [f"{programme} ▸ {name}" for programme, name in made]
            if not self._keeps:
                session.rollback()
            return places, names

        self._places, report.new_cohorts = self._people.database.run(work) if wanted else ({}, [])

    def _place(self, session: Session, place: Place) -> int | str:
        try:
            if self._all:
                return find_or_add_cohort(session, self._people.now(), *place, is_sample=self._sample).id
            return self._own_cohort(session, place)
        except ValueError as error:
            return str(error)

    def _own_cohort(self, session: Session, place: Place) -> int:
        programme, name = place
        query = select(Cohort.id).join(Programme, Programme.id == Cohort.programme_id)
        query = query.join(Enrolment, Enrolment.cohort_id == Cohort.id).where(Cohort.name == name)
        query = query.where(Enrolment.person_id == (self._viewer.id if self._viewer else None))
        found = session.scalars(query.where(Programme.name == programme) if programme else query).all()
        if len(found) != 1:
            raise ValueError("this is not one of your cohorts; an administrator can make it and give it to you.")
        return found[0]

    def _put(self, batch: Sequence[Row]) -> tuple[list[Entry], list[str]]:
        try:
            return self._people.database.run(partial(self._write, batch))
        except IntegrityError as error:
            raise ValueError(
                "Somebody is adding the same people at this moment; please import the file again."
            ) from error

    def _known(self, session: Session, batch: Sequence[Row]) -> dict[str, _Known]:
        """The people of these rows who are here already, by address."""
        reach = within_reach(self._viewer) if self._viewer else Person.id.is_not(None)
        facts = (
            Person.email,
            Person.id,
            Person.name,
            Person.role,
            Person.password_hash.is_(None),
            Person.is_sample,
            reach,
        )
        query = select(*facts).where(Person.email.in_({row.email for row in batch}))
        known = {
            email: _Known(number, name, role, bool(free), is_sample, bool(reachable), set())
            for email, number, name, role, free, is_sample, reachable in session.execute(query)
        }
        by_id = {person.id: person for person in known.values()}
        places = [number for number in self._places.values() if isinstance(number, int)]
        joined = select(Enrolment.person_id, Enrolment.cohort_id).where(
            Enrolment.person_id.in_(by_id), Enrolment.cohort_id.in_(places)
        )
        for person_id, cohort_id in session.execute(joined):
            by_id[person_id].cohorts.add(cohort_id)
        return known

    def _plan(self, batch: Sequence[Row], known: dict[str, _Known]) -> tuple[list[Entry], list[str]]:
        """What each row comes to, or why it can't be used; `known` is brought up to date by every one."""
        entries, faults = [], []
        for row in batch:
            try:
                outcome = self._settle(row, known)
            except ValueError as error:
                faults.append(f"Line {row.line}: {error}")
            else:
                entries.append(Entry(row.line, row.email, known[row.email].name, row.cohort or "", outcome))
        return entries, faults

    def _settle(self, row: Row, known: dict[str, _Known]) -> str:
        person = known.get(row.email)
        self._refuse(row, person)
        place = self._places[row.programme, row.cohort] if row.cohort is not None else None
        if isinstance(place, str):
            raise ValueError(place)
        outcome = UNCHANGED
        if person is None:
            role = (row.role or Role.LEARNER).value
            person = known[row.email] = _Known(None, row.name, role, True, self._sample, True, set(), outcome=ADDED)
            outcome = ADDED
        elif row.named and person.name != row.name and person.name_is_free:
            person.was, person.name, outcome = person.was or person.name, row.name, CHANGED
        if place is not None and place not in person.cohorts:
            person.cohorts.add(place)
            person.joins.append(place)
            outcome = CHANGED if outcome == UNCHANGED else outcome
        if person.outcome == UNCHANGED:
            person.outcome = outcome
        return outcome

    def _refuse(self, row: Row, person: _Known | None) -> None:
        if not self._all and (row.cohort is None or row.role not in (None, Role.LEARNER)):
            raise ValueError("a manager's roster has learners only, each with one of your cohorts.")
        if person is None:
            return
        if person.is_sample != self._sample:
            what = "a sample person" if person.is_sample else "a real person"
            raise ValueError(f"{row.email} is {what}; real people and sample people don't mix.")
        if not person.reachable:
            raise ValueError(f"{row.email} has an account already; an administrator can put them into your cohort.")
        if row.role is not None and person.role != row.role.value:
            raise ValueError(f"{row.email} is a {person.role} already; a roster doesn't change roles.")

    def _write(self, batch: Sequence[Row], session: Session) -> tuple[list[Entry], list[str]]:
        known = self._known(session, batch)
        result = self._plan(batch, known)
        now, actor = self._people.now(), self._viewer.id if self._viewer else None
        new = {email: person for email, person in known.items() if person.id is None}
        if new:
            session.execute(
                insert(Person),
                [
                    {"public_id": new_public_id(), "email": email, "name": person.name, "role": person.role,
                     "settings": {}, "created_at": now, "is_sample": self._sample}
                    for email, person in new.items()
                ],
            )  # fmt: skip
            numbers = select(Person.email, Person.id).where(Person.email.in_(new))
            for email, number in session.execute(numbers):
                new[email].id = number
        touched = [person for person in known.values() if person.outcome != UNCHANGED]
        for person in touched:
            if person.was is not None:
                session.get_one(Person, person.id).name = person.name
        joins = [{"person_id": p.id, "cohort_id": place, "since": now} for p in touched for place in p.joins]
        if joins:
            session.execute(insert(Enrolment), joins)
        if touched:
            session.execute(
                insert(Audit),
                [
                    {"at": now, "actor_id": actor, "subject_id": p.id, "action": f"roster.{p.outcome}", "detail": {}}
                    for p in touched
                ],
            )
        return result


def _batches(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """The rows in batches, those of one address together and in their order."""
    batch: list[Row] = []
    for _, same in groupby(sorted(rows, key=lambda row: (row.email, row.line)), key=lambda row: row.email):
        batch += same
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
