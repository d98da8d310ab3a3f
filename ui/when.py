"""Times in words."""

import datetime as dt


def ago(then: dt.datetime, now: dt.datetime) -> str:
    """How long ago, coarsely: "3 hours ago"."""
    seconds = max(0, int((now - then).total_seconds()))
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if n := seconds // size:
            return f"{n} {name}{'s' if n > 1 else ''} ago"
    return "just now"
