"""What a learner's own interviews say: one direction for each domain, and skills by period."""

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from core.analytics.metrics import FEW, Z90, Trend, trend
from core.interview.policy import LOGITS_PER_LEVEL

PERIODS = 6
"""Columns of the skills' chart at most: as many as a phone has room for."""
ALL = "All"


@dataclass(frozen=True, slots=True)
class Direction:
    """Where one domain is heading, over n interviews with an ability. The slope in `trend` is in logits an interview."""

    domain: str
    n: int
    trend: Trend


def directions(interviews: pd.DataFrame) -> list[Direction]:
    """One for each domain, in the order of the last interview in each, newest first.

    `interviews` are rows of `learner_interviews`, oldest first, graded by one engine: each domain is judged by itself, for
    with several judged as one the chance that one of them seems to rise by accident adds up.
    """
    newest_first = list(dict.fromkeys(reversed(interviews["domain"].tolist())))
    found = []
    for domain in newest_first:
        part = interviews[interviews["domain"] == domain].dropna(subset=["ability", "ability_se"])
        found.append(Direction(str(domain), len(part), trend(part["ability"], part["ability_se"])))
    return found


def as_levels(interviews: pd.DataFrame) -> pd.DataFrame:
    """The interviews with an ability, which becomes the level half mastered: mean, with its 90 % band low and high."""
    known = interviews.dropna(subset=["ability", "ability_se"])
    level, half = 3 + known["ability"] / LOGITS_PER_LEVEL, Z90 * known["ability_se"] / LOGITS_PER_LEVEL
    return known.assign(mean=level, low=level - half, high=level + half)


def skills_by_period(rows: pd.DataFrame, zone: dt.tzinfo) -> pd.DataFrame:
    """Mean scores by skill and period, weeks where the rows span six at most, else months: the last six that have any.

    `rows` are those of `learner_skills`; all of them together fill the first column, ALL. Days are the calendar's in `zone`.
    Columns: skill, Period, place (the order of the periods), n, mean (1–10), few, weakness (the skill's mean of all rows).
    """
    whole = rows.groupby("skill", as_index=False)[["n", "total"]].sum()
    whole = whole.assign(mean=whole["total"] / whole["n"])
    first = whole[["skill", "n", "mean"]].assign(Period=ALL, place=-1)
    day = rows["started_at"].dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()
    week = day - pd.to_timedelta(day.dt.day_of_week, unit="D")
    weekly = week.empty or week.max() - week.min() < pd.Timedelta(weeks=PERIODS)
    start = week if weekly else day.dt.to_period("M").dt.start_time
    summed = rows.assign(start=start).groupby(["start", "skill"], as_index=False)[["n", "total"]].sum()
    starts = sorted(summed["start"].unique())[-PERIODS:]
    last = summed[summed["start"].isin(starts)]
    name = "%-d %b" if weekly else "%b %y"
    later = pd.DataFrame(
        {
            "skill": last["skill"],
            "n": last["n"],
            "mean": last["total"] / last["n"],
            "Period": last["start"].dt.strftime(name),
            "place": [starts.index(start) for start in last["start"]],
        }
    )
    frame = pd.concat([first, later], ignore_index=True) if len(later) else first
    weakness = frame["skill"].map(dict(zip(whole["skill"], whole["mean"], strict=True)))
    return frame.assign(few=frame["n"] < FEW, weakness=weakness)
