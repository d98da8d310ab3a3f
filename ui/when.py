"""Times in words, and in the time zone of whoever looks."""

import datetime as dt
from zoneinfo import ZoneInfo

import streamlit as st


def ago(then: dt.datetime, now: dt.datetime) -> str:
    """How long ago, coarsely: "3 hours ago"."""
    seconds = max(0, int((now - then).total_seconds()))
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if n := seconds // size:
            return f"{n} {name}{'s' if n > 1 else ''} ago"
    return "just now"


def zone() -> dt.tzinfo:
    """The viewer's time zone as their browser names it; UTC where it names none that is known here."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ValueError, OSError, LookupError):  # the name is the client's: it may be anything
        return dt.UTC


def moment(then: dt.datetime) -> str:
    """Day and time on the viewer's clock: "2 Mar 2026, 14:30"; UTC is named, since it is nobody's clock."""
    clock = zone()
    local = then.astimezone(clock)
    return f"{local.day} {local:%b %Y, %H:%M}" + (" UTC" if clock is dt.UTC or str(clock) == "UTC" else "")


def day(then: dt.datetime) -> str:
    """The day on the viewer's calendar: "2 Mar 2026"."""
    local = then.astimezone(zone())
    return f"{local.day} {local:%b %Y}"


def start_of(date: dt.date) -> dt.datetime:
    """The moment at which that day begins on the viewer's clock."""
    return dt.datetime.combine(date, dt.time(), zone())
