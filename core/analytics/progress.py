"""What a learner's own interviews say: one direction for each domain, and skills by period."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.analytics.metrics import FEW, Z90, Trend, trend
from core.interview.policy import LOGITS_PER_LEVEL

Ints = npt.NDArray[np.int64]
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
    domains = interviews["domain"].to_numpy()
    ability, se = (interviews[name].to_numpy(dtype="float64") for name in ("ability", "ability_se"))
    known = np.isfinite(ability) & np.isfinite(se)
    found = []
    for domain in dict.fromkeys(reversed(domains.tolist())):
        part = known & (domains == domain)
        found.append(Direction(str(domain), int(part.sum()), trend(ability[part], se[part])))
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
    skill, names = pd.factorize(rows["skill"], sort=True)
    day = rows["started_at"].dt.tz_convert(zone).dt.tz_localize(None).to_numpy(dtype="datetime64[D]")
    monday = day - (day.astype("int64") + 3) % 7  # days are counted from a Thursday
    weekly = not len(day) or monday.max() - monday.min() < np.timedelta64(7 * PERIODS, "D")
    starts, period = np.unique(monday if weekly else day.astype("datetime64[M]"), return_inverse=True)
    n, total = (_whole_and_last(rows[name], period, skill, (len(starts), len(names))) for name in ("n", "total"))
    titles = [ALL, *pd.DatetimeIndex(starts[-PERIODS:]).strftime("%-d %b" if weekly else "%b %Y")]
    place, one = n.nonzero()
    return pd.DataFrame(
        {
            "skill": names[one],
            "Period": [titles[at] for at in place],
            "place": place - 1,
            "n": n[place, one],
            "mean": total[place, one] / n[place, one],
            "few": n[place, one] < FEW,
            "weakness": (total[0] / n[0])[one],
        }
    )


def _whole_and_last(values: pd.Series, period: Ints, skill: Ints, shape: tuple[int, int]) -> Ints:
    """Sums by skill: of everything in the first row, then of each of the last periods."""
    sums = np.zeros(shape, dtype="int64")
    np.add.at(sums, (period, skill), values.to_numpy())
    return np.vstack([sums.sum(axis=0), sums[-PERIODS:]])
