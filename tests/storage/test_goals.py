"""A goal is stored, refused with a sentence, and measured, on both databases."""

import datetime as dt

import pytest

from core.accounts.personal_data import erase_person, export_person
from core.bootstrap import Services
from core.engines.base import ServiceError
from core.interview.goals import Goal, distance_to, drop_goal, goal_of, set_goal
from core.rehearsal import Reply, rehearse

TODAY = dt.date(2026, 3, 2)
GOAL = Goal("tiny", 4, dt.date(2026, 6, 1))


@pytest.fixture
def ann(services: Services) -> int:
    return services.people.add("ann@example.org", "Ann", "learner").id


def kept(services: Services, learner: int) -> Goal | None:
    with services.database.read() as session:
        return goal_of(session, learner)


def test_a_second_goal_takes_the_place_of_the_first(services: Services, ann: int) -> None:
    assert kept(services, ann) is None
    for level in (4, 5):
        set_goal(services.database, ann, Goal("tiny", level, GOAL.due), ["tiny"], TODAY)
    assert kept(services, ann) == Goal("tiny", 5, GOAL.due)
    drop_goal(services.database, ann)
    assert kept(services, ann) is None


@pytest.mark.parametrize(
    ("goal", "sentence"),
    [
        (Goal("alchemy", 4, GOAL.due), "There is no domain called “alchemy”."),
        (Goal("tiny", 6, GOAL.due), "Levels run from 1 to 5."),
        (Goal("tiny", 4, TODAY), "Choose a day after today, and within three years."),
        (Goal("tiny", 4, dt.date(2036, 1, 1)), "Choose a day after today, and within three years."),
    ],
)
def test_what_cannot_be_a_goal_is_refused_and_the_old_one_stays(
    services: Services, ann: int, goal: Goal, sentence: str
) -> None:
    set_goal(services.database, ann, GOAL, ["tiny"], TODAY)
    with pytest.raises(ServiceError, match=sentence):
        set_goal(services.database, ann, goal, ["tiny"], TODAY)
    assert kept(services, ann) == GOAL


def test_the_distance_needs_a_graded_interview_and_shrinks_with_the_level(services: Services, ann: int) -> None:
    with services.database.read() as session:
        assert distance_to(session, ann, GOAL) is None
    list(
        rehearse(
            services, ann, "tiny", [Reply("I don't know."), Reply("No idea.")], level=3, questions=None, mode="practice"
        )
    )
    with services.database.read() as session:
        far, near = distance_to(session, ann, GOAL), distance_to(session, ann, Goal("tiny", 1, GOAL.due))
    assert far
    assert near
    assert far.expected < near.expected
    assert far.level == near.level
    assert not far.ready


def test_a_goal_is_exported_and_erased_with_its_learner(services: Services, ann: int) -> None:
    set_goal(services.database, ann, GOAL, ["tiny"], TODAY)
    assert export_person(services.database, "ann@example.org")["goal"] == {
        "domain": "tiny",
        "level": 4,
        "due": "2026-06-01",
    }
    erase_person(services.database, "ann@example.org", services.now())
    assert kept(services, ann) is None
