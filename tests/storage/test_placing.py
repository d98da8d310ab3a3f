"""Where a learner stands in their cohort, on both databases."""

from random import Random

import pytest
from sqlalchemy import update

from core.analytics.placing import ENOUGH_OTHERS, Placing, placings
from core.storage.count_tables import LearnerTrend
from core.storage.database import Database
from core.storage.tables import Cohort, Enrolment, Programme
from tests.hall import START, add_person


class Course:
    """A cohort whose programme shows places, with learners of some ability."""

    def __init__(self, database: Database, *, shows: bool = True) -> None:
        self.database, self._people = database, 0
        with database.write() as session:
            programme = Programme(name="Tea", shows_places=shows)
            session.add(programme)
            session.flush()
            cohort = Cohort(public_id="c", programme_id=programme.id, name="Blue", starts_on=START.date())
            session.add(cohort)
            session.flush()
            self.cohort = cohort.id

    def add(self, ability: float, *, weight: float = 2.0, domain: str = "tea", source: str = "offline", role: str = "learner") -> int:  # fmt: skip
        self._people += 1
        person = add_person(self.database, f"{self._people}@example.org", role)
        with self.database.write() as session:
            session.add(Enrolment(person_id=person, cohort_id=self.cohort, since=START))
        self.estimate(person, ability, weight=weight, domain=domain, source=source)
        return person

    def estimate(self, person: int, ability: float, *, weight: float = 2.0, domain: str, source: str) -> None:
        with self.database.write() as session:
            row = LearnerTrend(learner_id=person, domain=domain, source=source, sessions=1, weight=weight)
            row.weight_y = weight * ability
            session.add(row)

    def placings(self, person: int, source: str = "offline") -> list[Placing]:
        with self.database.read() as session:
            return placings(session, person, source)


def test_the_place_is_that_of_an_independent_count(database: Database) -> None:
    rng = Random(5)
    course = Course(database)
    abilities = [rng.gauss(0, 1) for _ in range(25)]
    people = [course.add(ability, weight=rng.uniform(1, 9)) for ability in abilities]
    for person, ability in zip(people, abilities, strict=True):
        below = sum(other < ability for other in abilities)
        assert course.placings(person) == [Placing("tea", "Blue", 24, below)]


def test_among_few_others_no_place_is_told(database: Database) -> None:
    course = Course(database)
    ann = course.add(1.0)
    for _ in range(ENOUGH_OTHERS - 1):
        course.add(0.0)
    assert course.placings(ann) == []
    course.add(0.0)
    assert course.placings(ann) == [Placing("tea", "Blue", ENOUGH_OTHERS, ENOUGH_OTHERS)]


@pytest.mark.parametrize(
    "other", [{"domain": "law"}, {"source": "openai"}, {"role": "manager"}, {"weight": 0.0}], ids=str
)
def test_only_estimates_of_the_same_kind_are_compared(database: Database, other: dict[str, str]) -> None:
    course = Course(database)
    ann = course.add(1.0)
    for _ in range(ENOUGH_OTHERS):
        course.add(0.0, **other)  # type: ignore[arg-type] # one of the named arguments
    assert course.placings(ann) == []


def test_a_programme_that_shows_no_places_tells_none(database: Database) -> None:
    course = Course(database, shows=False)
    people = [course.add(0.0) for _ in range(ENOUGH_OTHERS + 1)]
    assert course.placings(people[0]) == []
    with database.write() as session:
        session.execute(update(Programme).values(shows_places=True))
    assert len(course.placings(people[0])) == 1


def test_others_without_the_cohort_are_not_counted(database: Database) -> None:
    course = Course(database)
    ann = course.add(1.0)
    for number in range(ENOUGH_OTHERS):
        course.estimate(add_person(database, f"far{number}@example.org"), 0.0, domain="tea", source="offline")
    assert course.placings(ann) == []
