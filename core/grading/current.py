"""The grader with the prompt that is in use at the moment."""

import logging
import threading
from collections.abc import Callable

from core.engines.base import Grade, Grader, GradeTask
from core.prompts import Prompt, PromptError, PromptStore

log = logging.getLogger(__name__)
PROMPT = "grader"


class CurrentGrader:
    """Grades with the grader prompt of a store as it is at each grade; implements base.Grader.

    While the prompt's file is broken, the last good one stays in use.
    """

    def __init__(self, prompts: PromptStore, make: Callable[[Prompt], Grader]) -> None:
        self._prompts, self._make = prompts, make
        self._lock = threading.Lock()
        self._made: Grader | None = None

    @property
    def name(self) -> str:
        return self.now().name

    @property
    def model(self) -> str:
        return self.now().model

    @property
    def prompt_digest(self) -> str:
        return self.now().prompt_digest

    def now(self) -> Grader:
        """The grader with the prompt of this moment; raises PromptError when there never was one that can be used."""
        with self._lock:
            try:
                prompt = self._prompts.get(PROMPT)
            except PromptError as error:
                if self._made is None:
                    raise
                log.warning("the last good grader prompt stays in use: %s", error)
                return self._made
            if self._made is None or self._made.prompt_digest != prompt.digest:
                self._made = self._make(prompt)
            return self._made

    def grade(self, task: GradeTask) -> Grade:
        return self.now().grade(task)
