"""Names for rows that appear in URLs, and the week that counts are kept by."""

import datetime as dt

import uuid_utils


def new_public_id() -> str:
    """A UUIDv7 as text: unique everywhere, and newer ones sort last."""
    return str(uuid_utils.uuid7())


def week_of(at: dt.datetime) -> dt.date:
    """The Monday (UTC) of the week in which `at` lies."""
    day = at.astimezone(dt.UTC).date()
    return day - dt.timedelta(days=day.weekday())
