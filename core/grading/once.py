"""A grader's work done once where several ask for the same."""

import threading
from collections import OrderedDict
from concurrent.futures import Future

from core.engines.base import Grade, Grader, GradeTask

REMEMBERED = 50
"""Responses of which the grade is kept in mind: those of a few interviews that go on at the moment."""


class GradesOnce:
    """Grades with another grader, once per response: who asks meanwhile waits for that; implements base.Grader.

    The offline interviewer and the worker that grades judge the same answer a moment apart. A fault is not kept in mind.
    """

    def __init__(self, grader: Grader) -> None:
        self._grader = grader
        self.name, self.model, self.prompt_digest = grader.name, grader.model, grader.prompt_digest
        self._lock = threading.Lock()
        self._known: OrderedDict[GradeTask, Future[Grade]] = OrderedDict()

    def grade(self, task: GradeTask) -> Grade:
        with self._lock:
            found = self._known.get(task)
            promise = found or self._known.setdefault(task, Future())
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        if found is None:
            try:
                promise.set_result(self._grader.grade(task))
            except BaseException as fault:
                with self._lock:
                    self._known.pop(task, None)
                promise.set_exception(fault)
                raise
        return promise.result()
