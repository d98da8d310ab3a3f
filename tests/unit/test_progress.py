"""What a learner's interviews say: directions, levels, and skills by period, compared with counts by hand."""

import datetime as dt
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from core.analytics.progress import ALL, as_levels, directions, skills_by_period

UTC = dt.UTC


def interviews(domain: str, abilities: list[float | None]) -> pd.DataFrame:
    return pd.DataFrame({"domain": domain, "ability": abilities, "ability_se": 0.3}).astype({"ability": "float64"})


def test_a_rising_domain_says_nothing_of_another() -> None:
    both = pd.concat([interviews("law", [-1.0, -0.5, 0.0, 0.5, 1.0]), interviews("sales", [0.0, 0.1])])
    assert [(one.domain, one.n, one.trend.label) for one in directions(both)] == [
        ("sales", 2, "not enough evidence yet"),
        ("law", 5, "improving"),
    ]


def test_an_interview_without_an_ability_is_no_evidence() -> None:
    (one,) = directions(interviews("law", [None, -1.0, None, 0.0, 1.0]))
    assert (one.n, one.trend.slope) == (3, None)


def test_an_ability_of_nought_is_level_three() -> None:
    row = as_levels(interviews("law", [0.0, None])).iloc[0]
    assert row["mean"] == 3
    assert row["high"] - row["mean"] == pytest.approx(1.6449 * 0.3 / 0.9, abs=1e-4)


def answers(*given: tuple[str, str, int, int]) -> pd.DataFrame:
    rows = pd.DataFrame(given, columns=["started_at", "skill", "n", "total"])
    return rows.assign(started_at=pd.to_datetime(rows["started_at"], utc=True))


def cells(rows: pd.DataFrame, zone: dt.tzinfo = UTC) -> dict[tuple[str, str], tuple[float, int]]:
    found = skills_by_period(rows, zone)
    return {(r["Period"], r["skill"]): (r["mean"], r["n"]) for _, r in found.sort_values("place").iterrows()}


def test_a_few_weeks_are_shown_by_week_with_the_whole_before_them() -> None:
    rows = answers(
        ("2026-03-03T10:00", "torts", 2, 8), ("2026-03-08T10:00", "torts", 2, 16), ("2026-03-09T10:00", "trusts", 1, 5)
    )  # fmt: skip
    assert cells(rows) == {
        (ALL, "torts"): (6.0, 4),
        (ALL, "trusts"): (5.0, 1),
        ("2 Mar", "torts"): (6.0, 4),
        ("9 Mar", "trusts"): (5.0, 1),
    }


def test_more_weeks_are_shown_by_month_and_only_the_last_six() -> None:
    rows = answers(*[(f"2026-{month:02d}-15T10:00", "torts", 1, month) for month in range(1, 9)])
    months = [period for period, _ in cells(rows) if period != ALL]
    assert months == ["Mar 2026", "Apr 2026", "May 2026", "Jun 2026", "Jul 2026", "Aug 2026"]


def test_a_day_is_the_viewers_day() -> None:
    rows = answers(("2026-03-09T03:00", "torts", 1, 5))  # Monday morning in London, Sunday evening in California
    assert ("9 Mar", "torts") in cells(rows)
    assert ("2 Mar", "torts") in cells(rows, ZoneInfo("America/Los_Angeles"))


def test_few_answers_are_marked_and_the_weakest_skill_ranks_first() -> None:
    rows = answers(("2026-03-03T10:00", "torts", 5, 20), ("2026-03-03T10:00", "trusts", 4, 36))
    found = skills_by_period(rows, UTC).sort_values("weakness")
    assert found["skill"].tolist() == ["torts", "torts", "trusts", "trusts"]
    assert found["few"].tolist() == [False, False, True, True]


def test_without_a_row_there_is_no_cell() -> None:
    assert skills_by_period(answers(("2026-03-03T10:00", "torts", 5, 20)).iloc[:0], UTC).empty
