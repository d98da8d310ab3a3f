"""The weekly streak, which forgives: one week missed does not end it, two in a row do."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.storage.count_tables import InterviewRollup

WEEK = dt.timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Streak:
    """Weeks with practice up to now; `this_week` says whether this one is among them, `at_stake` that it ends otherwise."""

    weeks: int
    this_week: bool
    at_stake: bool


def practice_days(session: Session, learner_id: int, zone: dt.tzinfo) -> set[dt.date]:
    """The days, on the calendar of `zone`, of interviews in which at least one question was answered."""
    rollup = InterviewRollup
    started = session.scalars(select(rollup.started_at).where(rollup.learner_id == learner_id, rollup.answered > 0))
    return {at.astimezone(zone).date() for at in started}


def streak(days: Iterable[dt.date], today: dt.date) -> Streak:
    """The streak as it stands today; a week that is still running has not been missed."""
    weeks = {_monday(day) for day in days}
    this = _monday(today)
    week, missed, found = this - WEEK, 0, int(this in weeks)
    while missed < 2:
        if week in weeks:
            found, missed = found + 1, 0
        else:
            missed += 1
        week -= WEEK
    return Streak(found, this in weeks, found > 0 and this not in weeks and this - WEEK not in weeks)


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())
