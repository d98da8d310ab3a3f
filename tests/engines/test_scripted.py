"""Scripted engines give back their script, and complain when it is over."""

import pytest

from core.engines.base import Clip, Fault, ServiceError, SpeechHints
from core.engines.scripted import ScriptedInterviewer, ScriptedTranscriber, ScriptedWriter

BUSY = ServiceError(Fault.BUSY, "Busy.")
CLIP = Clip("a.wav", "audio/wav", b"")


def test_entries_come_in_order_and_calls_are_kept() -> None:
    transcriber = ScriptedTranscriber(["one", "two"])
    assert [transcriber.transcribe(CLIP, SpeechHints()) for _ in range(2)] == ["one", "two"]
    assert transcriber.calls == [(CLIP, SpeechHints())] * 2


def test_a_fault_in_the_script_is_raised() -> None:
    writer = ScriptedWriter([BUSY, "text"])
    with pytest.raises(ServiceError):
        writer.write("s", {})
    assert writer.write("s", {}) == "text"


def test_a_script_that_has_run_out_fails_the_test() -> None:
    with pytest.raises(AssertionError, match="run out"):
        ScriptedWriter([]).write("s", {})


def test_an_interviewer_may_break_off() -> None:
    pieces = ScriptedInterviewer([["Hel", BUSY]]).ask(None)
    assert next(pieces) == "Hel"
    with pytest.raises(ServiceError):
        next(pieces)
