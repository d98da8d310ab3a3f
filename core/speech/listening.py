"""Writes recordings down outside the page, which may be left, refreshed or clicked away at any moment."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

from core.engines.base import Fault, ServiceError
from core.speech.recordings import Recordings
from core.speech.transcription import Heard

log = logging.getLogger(__name__)

THREADS = 4
STORING_AGAIN = (1, 2, 4, 8, 15)
"""Seconds between attempts to store a transcript that is paid for, while the database can't be had."""
OUR_FAULT = "Something went wrong on our side. Please try again, or type."


class Listener:
    """Threads that write recordings down and store what they hear, or why they heard nothing."""

    def __init__(self, recordings: Recordings, pause: Callable[[float], object] = time.sleep) -> None:
        self._recordings, self._pause = recordings, pause
        self._pool = ThreadPoolExecutor(THREADS, "viva-listen")
        self._in_hand: dict[int, tuple[Future[None], float]] = {}
        self._lock = threading.Lock()

    def begin(self, recording_id: int, hear: Callable[[], Heard]) -> None:
        """Write this recording down by `hear`, unless that is being done already."""
        with self._lock:
            if recording_id not in self._in_hand:
                future = self._pool.submit(self._write_down, recording_id, hear)
                self._in_hand[recording_id] = (future, time.monotonic())

    def in_hand(self) -> dict[int, float]:
        """For how many seconds each recording has been in hand; what isn't there any more is stored."""
        now = time.monotonic()
        with self._lock:
            return {recording_id: now - began for recording_id, (_, began) in self._in_hand.items()}

    def done(self, recording_id: int, within: float) -> bool:
        """Whether this recording is out of hand, now or within so many seconds."""
        with self._lock:
            found = self._in_hand.get(recording_id)
        return found is None or bool(wait([found[0]], within).done)

    def stop(self) -> None:
        """Take nothing more and wait for what is in hand."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _write_down(self, recording_id: int, hear: Callable[[], Heard]) -> None:
        try:
            self._store(recording_id, self._outcome(recording_id, hear))
        except ServiceError as error:
            log.warning("recording %s: what became of it could not be stored: %s", recording_id, error.sentence)
        finally:
            with self._lock:
                self._in_hand.pop(recording_id, None)

    def _outcome(self, recording_id: int, hear: Callable[[], Heard]) -> Heard | ServiceError:
        try:
            return hear()
        except ServiceError as error:
            return error
        except Exception:  # the thread's outermost frame: a fault of ours must reach the learner as a sentence
            log.exception("recording %s could not be written down", recording_id)
            return ServiceError(Fault.UNAVAILABLE, OUR_FAULT)

    def _store(self, recording_id: int, outcome: Heard | ServiceError) -> None:
        for seconds in (*STORING_AGAIN, None):
            try:
                if isinstance(outcome, ServiceError):
                    self._recordings.failed(recording_id, outcome)
                else:
                    self._recordings.written_down(recording_id, outcome.raw, outcome.text, outcome.sound)
                return
            except ServiceError:
                if seconds is None:
                    raise
                self._pause(seconds)
