"""Work that is done again and again beside everything else."""

import logging
import threading
from collections.abc import Callable

from core.engines.base import ServiceError

log = logging.getLogger(__name__)


class Rounds:
    """A thread that does its work at the start and then every `pause` seconds; a round that can't be made is logged."""

    def __init__(self, name: str, pause: float, work: Callable[[], object]) -> None:
        self._name, self._pause, self._work = name, pause, work
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def stopping(self) -> bool:
        """Whether a long round should end early."""
        return self._stopping.is_set()

    def start(self) -> None:
        """Begin; a second call does nothing."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._keep_on, name=f"viva-{self._name}", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=10)

    def _keep_on(self) -> None:
        while True:
            try:
                self._work()
            except ServiceError as error:
                log.warning("no round of %s could be made: %s", self._name, error.sentence)
            if self._stopping.wait(self._pause):
                return
