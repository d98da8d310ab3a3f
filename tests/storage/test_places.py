"""Programmes and cohorts are made, renamed and merged, and people moved between them; on both databases."""

import pytest
from sqlalchemy import select

from core.accounts import manage, places
from core.accounts.people import CohortEntry, People
from core.accounts.permissions import Role, Viewer
from core.accounts.sessions import viewer_from
from core.bootstrap import Services
from core.interview.service import Plan
from core.storage import counts
from core.storage.tables import Cohort, Enrolment, Interview, Programme


@pytest.fixture
def people(services: Services) -> People:
    return services.people


@pytest.fixture
def boss(people: People) -> Viewer:
    return viewer_from(people.add("boss@example.org", "Boss", "admin"))


@pytest.fixture
def spring(people: People, boss: Viewer) -> CohortEntry:
    return places.add_cohort(people, boss, "Tea", "Spring")


@pytest.fixture
def autumn(people: People, boss: Viewer) -> CohortEntry:
    return places.add_cohort(people, boss, "Tea", "Autumn")


def learner(services: Services, name: str, cohort: CohortEntry) -> int:
    """Somebody in the cohort who has begun an interview."""
    person = services.people.add(
        f"{name}@example.org", name.title(), "learner", cohort=cohort.name, programme=cohort.programme
    )
    services.interviews.start(person.id, Plan("tiny"))
    return person.id


def titles(people: People, boss: Viewer) -> list[str]:
    return [cohort.title for cohort in people.cohorts_of(boss)]


def held_in(services: Services, person_id: int) -> set[int]:
    with services.database.read() as session:
        assert counts.recount(session) == []
        return set(session.scalars(select(Interview.cohort_id).filter_by(learner_id=person_id)))


def test_cohorts_are_made_with_their_programme_and_renamed(
    people: People, boss: Viewer, spring: CohortEntry, autumn: CohortEntry
) -> None:
    places.rename_cohort(people, boss, spring.id, "  Spring   2026 ")
    (tea,) = places.programmes(people, boss)
    places.rename_programme(people, boss, tea.id, "Tea Making")
    assert titles(people, boss) == ["Tea Making ▸ Autumn", "Tea Making ▸ Spring 2026"]
    assert tea.cohorts == 2


def test_a_name_that_is_taken_or_none_is_refused(
    people: People, boss: Viewer, spring: CohortEntry, autumn: CohortEntry
) -> None:
    coffee = places.add_cohort(people, boss, "Coffee", "Spring")
    tea = next(found for found in places.programmes(people, boss) if found.name == "Tea")
    with pytest.raises(ValueError, match="has a cohort “Spring” already"):
        places.add_cohort(people, boss, "Tea", "Spring")
    with pytest.raises(ValueError, match="merge the two instead"):
        places.rename_cohort(people, boss, autumn.id, "Spring")
    with pytest.raises(ValueError, match="There is a programme “Coffee” already"):
        places.rename_programme(people, boss, tea.id, "Coffee")
    for bad in ("", "x" * 201, "An\u202etumn"):
        with pytest.raises(ValueError, match="1 to 200 characters"):
            places.rename_cohort(people, boss, coffee.id, bad)


def test_merging_cohorts_takes_people_and_interviews_along(
    services: Services, boss: Viewer, spring: CohortEntry, autumn: CohortEntry
) -> None:
    ann = learner(services, "ann", spring)
    places.merge_cohorts(services.people, boss, spring.id, autumn.id)
    assert titles(services.people, boss) == ["Tea ▸ Autumn"]
    assert held_in(services, ann) == {autumn.id}
    with services.database.read() as session:
        assert session.scalars(select(Enrolment.cohort_id)).all() == [autumn.id]


def test_cohorts_of_two_programmes_and_one_with_itself_are_not_merged(
    people: People, boss: Viewer, spring: CohortEntry
) -> None:
    coffee = places.add_cohort(people, boss, "Coffee", "Spring")
    with pytest.raises(ValueError, match="of one programme"):
        places.merge_cohorts(people, boss, spring.id, coffee.id)
    with pytest.raises(ValueError, match="two different"):
        places.merge_cohorts(people, boss, spring.id, spring.id)


def test_merging_programmes_joins_cohorts_of_one_name(services: Services, boss: Viewer, spring: CohortEntry) -> None:
    people = services.people
    tea_autumn = places.add_cohort(people, boss, "Tea", "Autumn")
    herbal = places.add_cohort(people, boss, "Herbal", "Spring")
    ann = learner(services, "ann", herbal)
    by_name = {found.name: found.id for found in places.programmes(people, boss)}
    places.merge_programmes(people, boss, by_name["Herbal"], by_name["Tea"])
    assert titles(people, boss) == ["Tea ▸ Autumn", "Tea ▸ Spring"]
    assert held_in(services, ann) == {spring.id}
    assert tea_autumn.id in {cohort.id for cohort in people.cohorts_of(boss)}


def test_programmes_are_not_merged_when_only_one_of_them_shares_transcripts(
    people: People, boss: Viewer, spring: CohortEntry
) -> None:
    places.add_cohort(people, boss, "Herbal", "Spring")
    by_name = {found.name: found.id for found in places.programmes(people, boss)}
    places.set_sharing(people, boss, by_name["Tea"], True)
    with pytest.raises(ValueError, match="make that equal first"):
        places.merge_programmes(people, boss, by_name["Herbal"], by_name["Tea"])
    with people.database.read() as session:
        assert len(session.scalars(select(Programme)).all()) == 2


def test_a_learner_who_is_moved_takes_the_interviews_along_where_that_is_wanted(
    services: Services, boss: Viewer, spring: CohortEntry, autumn: CohortEntry
) -> None:
    ann, bea = learner(services, "ann", spring), learner(services, "bea", spring)
    assert manage.set_cohorts(services.people, boss, ann, [autumn.id], carry=True) == 1
    assert manage.set_cohorts(services.people, boss, bea, [autumn.id]) == 0
    assert held_in(services, ann) == {autumn.id}
    assert held_in(services, bea) == {spring.id}


def test_interviews_stay_where_they_were_held_when_a_learner_moves_to_another_programme(
    services: Services, boss: Viewer, spring: CohortEntry
) -> None:
    coffee = places.add_cohort(services.people, boss, "Coffee", "Blue")
    ann = learner(services, "ann", spring)
    assert manage.set_cohorts(services.people, boss, ann, [coffee.id], carry=True) == 0
    assert held_in(services, ann) == {spring.id}


def test_an_interview_begun_after_a_merge_counts_where_the_learner_is_now(
    services: Services, boss: Viewer, spring: CohortEntry, autumn: CohortEntry
) -> None:
    ann = learner(services, "ann", spring)
    places.merge_cohorts(services.people, boss, spring.id, autumn.id)
    services.interviews.start(ann, Plan("tiny"))
    assert held_in(services, ann) == {autumn.id}


def test_managers_see_their_own_programmes_and_change_none(
    people: People, boss: Viewer, spring: CohortEntry, autumn: CohortEntry
) -> None:
    places.add_cohort(people, boss, "Coffee", "Blue")
    theo = viewer_from(people.add("theo@example.org", "Theo", Role.MANAGER, cohort="Spring", programme="Tea"))
    (tea,) = places.programmes(people, theo)
    assert (tea.name, tea.cohorts) == ("Tea", 1)
    for change in (
        lambda: places.add_cohort(people, theo, "Tea", "Winter"),
        lambda: places.rename_cohort(people, theo, spring.id, "Mine"),
        lambda: places.rename_programme(people, theo, tea.id, "Mine"),
        lambda: places.set_places(people, theo, tea.id, True),
        lambda: places.set_sharing(people, theo, tea.id, True),
        lambda: places.merge_cohorts(people, theo, spring.id, autumn.id),
        lambda: places.merge_programmes(people, theo, tea.id, tea.id + 1),
    ):
        with pytest.raises(ValueError, match="Only an administrator"):
            change()
    with people.database.read() as session:
        assert len(session.scalars(select(Cohort)).all()) == 3
