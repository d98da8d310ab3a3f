"""Assignments and notes of calls: set by those who look after the cohort, counted by what is finished, on both databases."""

import datetime as dt

import pandas as pd
import pytest

from core.accounts import assignments, contacts
from core.accounts.assignments import Wish
from core.accounts.people import People
from core.accounts.permissions import Role, Viewer
from core.domains import Domain
from core.engines.base import ServiceError
from core.interview.model import Phase
from core.storage import counts
from core.storage.database import Database
from core.storage.ids import new_public_id, week_of
from core.storage.tables import Interview

NOW = dt.datetime(2026, 3, 4, 9, 0, tzinfo=dt.UTC)
FRIDAY = dt.date(2026, 3, 6)


class Place:
    """A cohort with its manager and two learners."""

    def __init__(self, database: Database, domain: Domain) -> None:
        self.database, self.domains = database, {domain.key: domain}
        self.people = People(database, lambda: NOW)
        self.max = self._person("max", Role.MANAGER, "Spring")
        self.ann, self.ben = self._person("ann", Role.LEARNER, "Spring"), self._person("ben", Role.LEARNER, "Spring")
        self.eve = self._person("eve", Role.MANAGER, "Autumn")
        self.spring = next(c.id for c in self.people.cohorts_of(self.max))

    def _person(self, name: str, role: Role, cohort: str) -> Viewer:
        row = self.people.add(f"{name}@example.org", name.title(), role, cohort=cohort)
        return Viewer(row.id, row.public_id, row.email, row.name, role)

    def set(self, viewer: Viewer | None = None, **wish: object) -> str:
        whole = {"cohort_id": self.spring, "domain": "tiny", "interviews": 1, "due_on": FRIDAY, **wish}
        return assignments.assign(self.people, viewer or self.max, Wish(**whole), self.domains, NOW)  # type: ignore[arg-type]

    def finish(
        self, learner: Viewer, *, level: int | None = None, at: dt.datetime = NOW + dt.timedelta(hours=1)
    ) -> None:
        """An interview of the learner's, begun at that time and finished without an answer."""
        with self.database.write() as session:
            interview = Interview(
                public_id=new_public_id(), learner_id=learner.id, cohort_id=self.spring, domain="tiny", level=level,
                mode="practice", question_limit=1, phase=Phase.FINISHED, engine="offline", model="m", seed=1,
                started_at=at, week=week_of(at),
            )  # fmt: skip
            session.add(interview)
            session.flush()
            counts.started(session, interview)
            counts.finished(session, interview)

    def tasks(self, learner: Viewer) -> list[assignments.Task]:
        with self.database.read() as session:
            return assignments.open_tasks(session, learner.id, NOW.date())

    def progress(self) -> pd.DataFrame:
        with self.database.read() as session:
            return assignments.progress_of(session, assignments.set_in(session, [self.spring]))


@pytest.fixture
def place(database: Database, tiny_domain: Domain) -> Place:
    return Place(database, tiny_domain)


def test_a_cohorts_assignment_stands_with_each_learner_until_it_is_done(place: Place) -> None:
    place.set(interviews=2)
    place.finish(place.ann)
    assert [(task.done, task.interviews) for task in place.tasks(place.ann)] == [(1, 2)]
    place.finish(place.ann)
    assert place.tasks(place.ann) == []
    assert [task.done for task in place.tasks(place.ben)] == [0]


def test_one_learners_assignment_concerns_nobody_else(place: Place) -> None:
    place.set(learner_id=place.ann.id)
    assert len(place.tasks(place.ann)) == 1
    assert place.tasks(place.ben) == []


def test_what_was_held_before_or_at_a_lower_level_does_not_count(place: Place) -> None:
    place.set(level=3)
    place.finish(place.ann, level=3, at=NOW - dt.timedelta(hours=1))
    place.finish(place.ann, level=2)
    assert [task.done for task in place.tasks(place.ann)] == [0]
    place.finish(place.ann, level=3)
    assert place.tasks(place.ann) == []


def test_the_manager_sees_who_has_done_it(place: Place) -> None:
    place.set()
    place.finish(place.ben)
    row = place.progress().iloc[0]
    assert (row["people"], row["finished"]) == (2, 1)
    with place.database.read() as session:

        def missing(cohort_id: int, most: int = 9) -> list[str]:
            return assignments.missing_names(session, str(row["public_id"]), [cohort_id], most)

        assert (missing(place.spring), missing(place.spring, 0), missing(place.spring + 1)) == (["Ann"], [], [])


def test_an_assignment_can_be_taken_back_by_those_who_look_after_the_cohort_only(place: Place) -> None:
    public_id = place.set()
    assignments.withdraw(place.people, place.eve, public_id)
    assert len(place.progress()) == 1
    assignments.withdraw(place.people, place.max, public_id)
    assert place.progress().empty


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        ({"domain": "nothing"}, "domain"),
        ({"skills": ("flying",)}, "skills"),
        ({"interviews": 0}, "between 1"),
        ({"level": 6}, "level"),
        ({"due_on": dt.date(2026, 3, 1)}, "past"),
        ({"learner_id": 99_999}, "could not be found"),
    ],
)
def test_what_cannot_be_set_is_refused_with_a_reason(place: Place, wish: dict[str, object], reason: str) -> None:
    with pytest.raises(ServiceError, match=reason):
        place.set(**wish)
    assert place.progress().empty


def test_managers_of_other_cohorts_set_nothing(place: Place) -> None:
    with pytest.raises(ServiceError, match="could not be found"):
        place.set(place.eve)


def test_a_call_is_noted_by_those_who_look_after_the_learner_only(place: Place) -> None:
    contacts.note_contact(place.database, place.max, place.ann.id, " Will start on Monday. ", NOW)
    with pytest.raises(ServiceError, match="could not be found"):
        contacts.note_contact(place.database, place.eve, place.ann.id, "Hello.", NOW)
    with place.database.read() as session:
        last = contacts.last_contacts(session, [place.ann.id, place.ben.id])
    assert {id_: (found.author, found.words) for id_, found in last.items()} == {
        place.ann.id: ("Max", "Will start on Monday.")
    }


def test_a_note_that_is_too_long_is_refused(place: Place) -> None:
    with pytest.raises(ServiceError, match="2,001 characters"):
        contacts.note_contact(place.database, place.max, place.ann.id, "x" * 2001, NOW)
