"""Which skill comes next, and what a streak forgives."""

import datetime as dt

import pytest

from core.interview.next_practice import Practised, standings
from core.interview.streaks import streak

NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)


def on(skill: str, days_ago: float, mean: int, n: int = 3, source: str = "openai") -> Practised:
    return Practised("law", source, skill, NOW - dt.timedelta(days=days_ago), n, mean * n)


def test_the_weaker_of_two_skills_practised_together_comes_first() -> None:
    ranked = standings([on("torts", 1, 8), on("trusts", 1, 4)], NOW)
    assert [one.skill for one in ranked] == ["trusts", "torts"]


def test_a_good_skill_left_for_long_comes_before_a_middling_one_of_yesterday() -> None:
    first, second = standings([on("trusts", 1, 6), on("torts", 60, 8)], NOW)
    assert (first.skill, first.fading) == ("torts", True)
    assert not second.fading


def test_what_is_left_halves_in_a_week_and_in_twice_as_long_after_each_good_interview_in_a_row() -> None:
    def left(*means: int) -> float:
        rows = [on("torts", 14 + place, mean) for place, mean in enumerate(means)]
        return standings(rows, NOW)[0].left

    assert left(3) == pytest.approx(0.25)
    assert left(8) == pytest.approx(0.5)
    assert left(8, 8) == pytest.approx(0.5**0.5)
    assert left(8, 3, 8) == pytest.approx(0.5)


def test_too_few_answers_say_nothing_of_a_skill() -> None:
    assert standings([on("torts", 1, 1, n=2)], NOW) == []


def test_scores_of_another_engine_do_not_count() -> None:
    (only,) = standings(
        [on("torts", 1, 8), on("torts", 2, 2, source="offline"), on("trusts", 2, 2, source="offline")], NOW
    )
    assert (only.skill, only.mean) == ("torts", 8)


def test_without_a_score_nothing_is_ranked() -> None:
    assert standings([], NOW) == []


MONDAY = dt.date(2026, 6, 1)


def weeks_ago(*weeks: int) -> list[dt.date]:
    return [MONDAY - dt.timedelta(weeks=week) + dt.timedelta(days=2) for week in weeks]


@pytest.mark.parametrize(
    ("practised", "weeks", "at_stake"),
    [
        ((), 0, False),
        ((0,), 1, False),
        ((1, 2, 3), 3, False),
        ((0, 1, 3, 4), 4, False),
        ((2, 3), 2, True),
        ((0, 3, 4), 1, False),
        ((3, 4), 0, False),
        ((0, 2, 4, 7), 3, False),
    ],
)
def test_one_missed_week_is_forgiven_and_two_in_a_row_are_not(
    practised: tuple[int, ...], weeks: int, at_stake: bool
) -> None:
    found = streak(weeks_ago(*practised), MONDAY + dt.timedelta(days=6))
    assert (found.weeks, found.at_stake) == (weeks, at_stake)


def test_two_interviews_of_a_week_are_one_week() -> None:
    assert streak([MONDAY, MONDAY + dt.timedelta(days=6)], MONDAY).weeks == 1
