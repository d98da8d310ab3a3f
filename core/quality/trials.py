"""Trying a question out: one answer graded away from the page's script, kept nowhere."""

from concurrent.futures import Future, ThreadPoolExecutor

from core.accounts.permissions import Viewer
from core.engines.base import Grade, Grader, GradeTask
from core.quality.benches import only_admins


class Trials:
    """Grades what administrators type, in threads of its own."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(2, "viva-trial")

    def start(self, viewer: Viewer, grader: Grader, task: GradeTask) -> "Future[Grade]":
        """The grade to come."""
        only_admins(viewer)
        return self._pool.submit(grader.grade, task)

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
