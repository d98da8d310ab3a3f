"""Waiting for what another thread does."""

import time
from collections.abc import Callable


def until(ready: Callable[[], bool]) -> None:
    """Returns when it is so; fails the test when it does not come."""
    deadline = time.monotonic() + 20
    while not ready():
        assert time.monotonic() < deadline, "still waiting"
        time.sleep(0.01)
