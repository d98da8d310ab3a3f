"""Recordings are written down once, beside the page, and what was heard survives a database that is away for a moment."""

import threading
from typing import Any

import pytest

from core.engines.base import Fault, ServiceError
from core.speech.listening import OUR_FAULT, Listener
from core.speech.terms import Correction
from core.speech.transcription import Heard

AWAY = ServiceError(Fault.UNAVAILABLE, "The database can't be reached.")
HEARD = Heard("raw", Correction("right"))


class Rows:
    """What the listener stores, in a database that is away for its first attempts."""

    def __init__(self, away: int = 0) -> None:
        self.away, self.stored = away, list[tuple[Any, ...]]()

    def _store(self, *values: Any) -> None:
        self.away -= 1
        if self.away >= 0:
            raise AWAY
        self.stored.append(values)

    def written_down(self, recording_id: int, raw: str, corrected: str, sound: object = None) -> None:
        self._store(recording_id, raw, corrected)

    def failed(self, recording_id: int, error: ServiceError) -> None:
        self._store(recording_id, error.kind, error.sentence)


def listener(rows: Rows) -> Listener:
    return Listener(rows, pause=lambda _: None)  # type: ignore[arg-type] # a fake


def test_what_is_heard_is_stored() -> None:
    rows = Rows()
    listening = listener(rows)
    listening.begin(1, lambda: HEARD)
    assert listening.done(1, 20)
    assert rows.stored == [(1, "raw", "right")]
    assert listening.in_hand() == {}
    listening.stop()


def test_a_recording_that_is_in_hand_is_not_written_down_a_second_time() -> None:
    rows, go = Rows(), threading.Event()
    listening = listener(rows)

    def hear() -> Heard:
        assert go.wait(20)
        return HEARD

    listening.begin(1, hear)
    listening.begin(1, hear)
    assert list(listening.in_hand()) == [1]
    assert not listening.done(1, 0)
    go.set()
    assert listening.done(1, 20)
    listening.stop()
    assert len(rows.stored) == 1


def test_a_transcript_waits_for_a_database_that_is_away() -> None:
    rows = Rows(away=3)
    listening = listener(rows)
    listening.begin(1, lambda: HEARD)
    assert listening.done(1, 20)
    listening.stop()
    assert rows.stored == [(1, "raw", "right")]


def test_a_database_that_stays_away_ends_the_wait_and_the_next_recording_is_taken(
    caplog: pytest.LogCaptureFixture,
) -> None:
    rows = Rows(away=6)
    listening = listener(rows)
    listening.begin(1, lambda: HEARD)
    assert listening.done(1, 20)
    listening.begin(2, lambda: HEARD)
    assert listening.done(2, 20)
    listening.stop()
    assert rows.stored == [(2, "raw", "right")]
    assert "could not be stored" in caplog.text


def test_a_fault_is_stored_with_its_sentence() -> None:
    def hear() -> Heard:
        raise ServiceError(Fault.BUSY, "Too busy.")

    rows = Rows()
    listening = listener(rows)
    listening.begin(1, hear)
    assert listening.done(1, 20)
    listening.stop()
    assert rows.stored == [(1, Fault.BUSY, "Too busy.")]


def test_a_mistake_of_ours_becomes_a_sentence_too() -> None:
    def hear() -> Heard:
        raise KeyError("a mistake")

    rows = Rows()
    listening = listener(rows)
    listening.begin(1, hear)
    assert listening.done(1, 20)
    listening.stop()
    assert rows.stored == [(1, Fault.UNAVAILABLE, OUR_FAULT)]
