"""Trying a question out: for administrators alone, away from the page."""

import threading

import pytest

from core.accounts.permissions import Role, Viewer
from core.engines.base import Grade, GradeTask, ServiceError
from core.quality.trials import Trials
from tests.hall import ScriptedGrader


def test_the_grade_comes_from_another_thread() -> None:
    trials, where = Trials(), []

    class Watched(ScriptedGrader):
        def grade(self, task: GradeTask) -> Grade:
            where.append(threading.current_thread().name)
            return super().grade(task)

    future = trials.start(Viewer(1, "", "", "", Role.ADMIN), Watched([7]), GradeTask("q", "a"))
    assert future.result(20).score == 7
    assert where[0].startswith("viva-trial")
    trials.close()


def test_others_try_nothing() -> None:
    trials = Trials()
    with pytest.raises(ServiceError, match="Only administrators"):
        trials.start(Viewer(1, "", "", "", Role.MANAGER), ScriptedGrader([]), GradeTask("q", "a"))
    trials.close()
