"""Interviews that come to count under another cohort: afterwards the counts agree with the facts; on both databases."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select

from core.storage.count_tables import ANY, ActiveWeek, CubeWeek, LearnerCount, ProgrammeCube, ScoreCube
from core.storage.database import Database
from core.storage.ids import week_of
from core.storage.moves import merge_cohorts, merge_programmes, move_learner
from core.storage.tables import Cohort, Enrolment, Interview, Programme
from tests.storage.test_counts import NOW, PROGRAMME, Sitting, add_cohorts, differences

DAY = dt.timedelta(days=1)


@pytest.fixture
def cohorts(database: Database) -> tuple[int, int]:
    return add_cohorts(database)


def practise(database: Database, rng: Random, cohort_id: int, learner_id: int | None = None) -> Sitting:
    """An interview with a few answers, skips, hints and grades."""
    at = NOW - rng.randrange(21) * DAY
    sitting = Sitting(
        database,
        engine=rng.choice(["offline", "openai"]),
        cohort_id=cohort_id,
        at=at,
        learner_id=learner_id,
    )
    for _ in range(rng.randrange(1, 4)):
        turn = sitting.answer(rng.choice(["brewing", "serving"]), rng.randint(1, 5), hints=rng.randrange(2))
        sitting.grade(turn, rng.choice([None, 3, 8]), rng.choice(["offline", "person"]))
    sitting.answer(skip=True)
    if rng.random() < 0.5:
        sitting.finish()
    return sitting


def of_cohort(database: Database, model: type[Any], column: Any) -> dict[int, int]:
    with database.read() as session:
        rows = session.execute(select(model.cohort_id, func.sum(column)).group_by(model.cohort_id)).all()
    return {cohort_id: int(number) for cohort_id, number in rows if number}


def test_a_learners_interviews_count_where_they_were_moved_to_and_nowhere_else(
    database: Database, cohorts: tuple[int, int]
) -> None:
    spring, autumn = cohorts
    rng = Random(5)
    first = practise(database, rng, spring)
    practise(database, rng, spring, first.learner_id)
    practise(database, rng, autumn, first.learner_id)
    practise(database, rng, spring)
    moved = database.run(lambda session: move_learner(session, first.learner_id, spring, autumn))
    assert moved == 2
    assert differences(database) == []
    assert of_cohort(database, LearnerCount, LearnerCount.started) == {spring: 1, autumn: 3}


def test_moved_there_and_back_everything_is_as_it_was(database: Database, cohorts: tuple[int, int]) -> None:
    spring, autumn = cohorts
    sitting = practise(database, Random(6), spring)
    before = of_cohort(database, ScoreCube, ScoreCube.total)
    for source, target in ((spring, autumn), (autumn, spring)):
        database.run(lambda session, s=source, t=target: move_learner(session, sitting.learner_id, s, t))
    assert of_cohort(database, ScoreCube, ScoreCube.total) == before
    assert differences(database) == []


def merge(database: Database, source: int, target: int) -> None:
    database.run(lambda session: merge_cohorts(session, source, target, week_of(NOW)))


@pytest.mark.parametrize("seed", range(3))
def test_a_merged_cohort_has_the_counts_of_both(database: Database, cohorts: tuple[int, int], seed: int) -> None:
    spring, autumn = cohorts
    rng = Random(seed)
    both = practise(database, rng, spring)
    practise(database, rng, autumn, both.learner_id)
    for _ in range(4):
        practise(database, rng, rng.choice(cohorts))
    with database.write() as session:
        for cohort_id in cohorts:
            session.add(Enrolment(person_id=both.learner_id, cohort_id=cohort_id, since=NOW))
    started = sum(of_cohort(database, CubeWeek, CubeWeek.started).values())
    merge(database, spring, autumn)
    assert differences(database) == []
    assert of_cohort(database, CubeWeek, CubeWeek.started) == {autumn: started}
    with database.read() as session:
        assert session.scalars(select(Cohort.id)).all() == [autumn]
        assert session.scalars(select(Enrolment.cohort_id)).all() == [autumn]


def test_who_practised_in_both_cohorts_in_a_week_is_one_active_learner(
    database: Database, cohorts: tuple[int, int]
) -> None:
    spring, autumn = cohorts
    ann = Sitting(database, cohort_id=spring)
    Sitting(database, cohort_id=autumn, learner_id=ann.learner_id)
    merge(database, spring, autumn)
    with database.read() as session:
        everything = select(ActiveWeek.learners).filter_by(cohort_id=autumn, domain="", source="", mode="")
        assert session.scalars(everything).all() == [1]


def test_grades_and_beginnings_during_a_merge_are_all_counted(database: Database, cohorts: tuple[int, int]) -> None:
    spring, autumn = cohorts
    sittings = [practise(database, Random(number), cohorts[number % 2]) for number in range(4)]

    def go_on(sitting: Sitting) -> None:
        sitting.grade(sitting.answer(), 6)
        Sitting(database, cohort_id=autumn, learner_id=sitting.learner_id)

    with ThreadPoolExecutor(5) as pool:
        work = [pool.submit(go_on, sitting) for sitting in sittings]
        work.append(pool.submit(merge, database, spring, autumn))
        for done in work:
            done.result()
    with database.read() as session:
        assert set(session.scalars(select(Interview.cohort_id))) == {autumn}
    assert differences(database) == []


@pytest.fixture
def herbal(database: Database, cohorts: tuple[int, int]) -> tuple[int, int]:
    """Two cohorts of another programme, one of which has the name of the first one's."""
    with database.write() as session:
        session.add(Programme(id=PROGRAMME + 1, name="Herbal"))
        session.flush()
        for number, name in ((3, "Spring"), (4, "Winter")):
            place = {"programme_id": PROGRAMME + 1, "name": name, "starts_on": NOW.date()}
            session.add(Cohort(id=number, public_id=f"h{name}", **place))
    return 3, 4


def test_a_merged_programme_has_the_scores_of_both(
    database: Database, cohorts: tuple[int, int], herbal: tuple[int, int]
) -> None:
    rng = Random(11)
    sittings = [practise(database, rng, cohort_id) for cohort_id in (*cohorts, *herbal, *herbal)]
    scores = sum(of_cohort(database, ScoreCube, ScoreCube.n).values())

    def go_on(sitting: Sitting) -> None:
        sitting.grade(sitting.answer("serving"), 6)

    with ThreadPoolExecutor(len(sittings) + 1) as pool:
        work = [pool.submit(go_on, sitting) for sitting in sittings[:3]]
        both = (PROGRAMME + 1, PROGRAMME)
        work.append(pool.submit(database.run, lambda session: merge_programmes(session, *both, week_of(NOW))))
        work += [pool.submit(go_on, sitting) for sitting in sittings[3:]]
        for done in work:
            done.result()
    assert differences(database) == []
    with database.read() as session:
        whole = select(ProgrammeCube.programme_id, func.sum(ProgrammeCube.n)).where(ProgrammeCube.skill == ANY)
        summed = session.execute(whole.group_by(ProgrammeCube.programme_id)).all()
    assert [(id_, int(n)) for id_, n in summed] == [(PROGRAMME, scores + len(sittings))]
