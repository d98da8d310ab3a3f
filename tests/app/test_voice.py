"""Recordings: their words land in the box, and a recording that fails is kept and can be tried again."""

import io
import math
import struct
import wave
from collections.abc import Iterator

import pytest

from core.engines.base import Fault, ServiceError
from core.engines.scripted import ScriptedInterviewer, ScriptedTranscriber
from tests.app.conftest import OpenSite, scripted
from tests.app.visit import Visit
from tests.hall import reply

BUSY = ServiceError(Fault.BUSY, "The model server is too busy just now. Try again in a minute.")


def tone(seconds: float = 1.0, volume: float = 0.4) -> bytes:
    """A WAV in which something is to be heard half of the time."""
    rate, out = 16_000, io.BytesIO()
    samples = [
        volume * math.sin(2 * math.pi * 300 * n / rate) * (n * 4 // rate % 2) for n in range(int(rate * seconds))
    ]
    with wave.open(out, "wb") as writer:
        writer.setparams((1, 2, rate, 0, "NONE", ""))
        writer.writeframes(b"".join(struct.pack("<h", int(sample * 32767)) for sample in samples))
    return out.getvalue()


class Inbox(list[str | ServiceError]):
    """What the speech service will answer, in order; a test adds to it when it needs it."""

    def __iter__(self) -> Iterator[str | ServiceError]:
        while self:
            yield self.pop(0)


@pytest.fixture
def heard() -> Inbox:
    return Inbox()


@pytest.fixture
def transcriber(heard: Inbox) -> ScriptedTranscriber:
    return ScriptedTranscriber(heard)


@pytest.fixture
def ann(open_site: OpenSite, transcriber: ScriptedTranscriber) -> Visit:
    """Somebody before a question, with a speech service."""
    replies = [reply("How do you brew?", "none", "opening"), reply("And how do you serve?")]
    return open_site(scripted(ScriptedInterviewer(replies), transcriber=transcriber)).visit().begin(questions=2)


def record(ann: Visit, data: bytes, name: str = "answer.wav") -> Visit:
    ann.tab.audio_input[0].upload(name, data)
    return ann.again()


def test_the_words_of_a_recording_land_in_the_box_and_can_be_edited(ann: Visit, heard: Inbox) -> None:
    heard.append("I brew with hot water")
    assert record(ann, tone()).box == "I brew with hot water"
    ann.send("I brew with water at 80 degrees.")
    turn = ann.interview.answered[0]
    assert (turn.answer, turn.heard, turn.input_mode) == (
        "I brew with water at 80 degrees.",
        "I brew with hot water",
        "voice",
    )


def test_a_recording_is_added_to_what_stands_in_the_box(ann: Visit, heard: Inbox) -> None:
    heard.append("and I warm the pot.")
    ann.type("I boil water,")
    assert record(ann, tone()).box == "I boil water, and I warm the pot."


def test_a_recording_is_transcribed_once_however_often_the_page_is_drawn(
    ann: Visit, heard: Inbox, transcriber: ScriptedTranscriber
) -> None:
    heard.append("Once.")
    record(ann, tone()).again().type("Once, and edited.").again()
    assert len(transcriber.calls) == 1
    assert ann.box == "Once, and edited."


def test_the_words_of_a_recording_are_found_by_another_tab(ann: Visit, heard: Inbox) -> None:
    heard.append("Said aloud.")
    record(ann, tone())
    assert ann.interview.turns[0].draft == "Said aloud."


def test_a_failed_transcription_keeps_the_recording_and_is_tried_again_with_one_click(
    ann: Visit, heard: Inbox, transcriber: ScriptedTranscriber
) -> None:
    heard += [BUSY, "At the second try."]
    record(ann, tone())
    assert ann.problems == [f"{BUSY.sentence} Your recording is still here."]
    assert len(transcriber.calls) == 1
    assert ann.again().problems == [f"{BUSY.sentence} Your recording is still here."]
    assert len(transcriber.calls) == 1
    ann.press("Try again")
    assert (ann.box, ann.problems) == ("At the second try.", [])


def test_after_a_failed_transcription_the_answer_can_be_typed(ann: Visit, heard: Inbox) -> None:
    heard.append(BUSY)
    record(ann, tone()).send("Typed instead.")
    assert ann.interview.answered[0].answer == "Typed instead."


def test_a_silent_recording_costs_no_call_unless_it_is_sent_anyway(
    ann: Visit, heard: Inbox, transcriber: ScriptedTranscriber
) -> None:
    record(ann, tone(volume=0))
    assert "We heard no speech in this recording" in ann.problems[0]
    assert transcriber.calls == []
    heard.append("A whisper.")
    assert ann.press("Send it anyway").box == "A whisper."


@pytest.mark.parametrize(
    ("data", "sentence"),
    [(b"", "The recording is empty."), (b"not sound at all" * 50, "is not a recording that Viva knows")],
    ids=["empty", "text"],
)
def test_a_file_that_is_no_recording_is_refused_before_any_call(
    ann: Visit, transcriber: ScriptedTranscriber, data: bytes, sentence: str
) -> None:
    record(ann, data)
    assert sentence in ann.problems[0]
    assert transcriber.calls == []


def test_a_recording_can_be_uploaded_instead(ann: Visit, heard: Inbox) -> None:
    heard.append("From a file.")
    ann.tab.file_uploader[0].upload("memo.wav", tone())
    assert ann.again().box == "From a file."


def test_the_next_question_has_a_fresh_recorder(ann: Visit, heard: Inbox) -> None:
    heard += ["The first.", "The second."]
    record(ann, tone()).press("Send answer")
    assert ann.box == ""
    assert record(ann, tone(1.5)).box == "The second."


def test_a_term_that_was_put_right_is_shown_and_undone_by_a_click(ann: Visit, heard: Inbox) -> None:
    heard.append("I warm the oo long cup, then the oo long pot.")
    assert record(ann, tone()).box == "I warm the oolong cup, then the oolong pot."
    ann.press("oo long → oolong", 1)
    assert ann.box == "I warm the oolong cup, then the oo long pot."
    assert ann.buttons().count("oo long → oolong") == 1
    assert ann.interview.turns[0].draft == ann.box


def test_a_change_is_undone_in_what_was_edited_meanwhile(ann: Visit, heard: Inbox) -> None:
    heard.append("I warm the oo long pot.")
    record(ann, tone()).type("Well, I always warm the oolong pot!").press("oo long → oolong")
    assert ann.box == "Well, I always warm the oo long pot!"
    assert "oo long → oolong" not in ann.buttons()


def test_a_term_that_is_less_sure_is_offered_and_taken_by_a_click(ann: Visit, heard: Inbox) -> None:
    heard.append("I pour it from the gaywatson first of all.")
    assert record(ann, tone()).box == "I pour it from the gaywatson first of all."
    assert ann.press("gaywatson → gaiwan").box == "I pour it from the gaiwan first of all."


def test_what_was_heard_and_what_viva_made_of_it_are_both_stored(ann: Visit, heard: Inbox) -> None:
    heard.append("I warm the oo long pot.")
    record(ann, tone()).send("I warm the pot.").until(lambda view: bool(view.answered))
    turn = ann.interview.answered[0]
    assert (turn.heard, turn.corrected, turn.answer) == (
        "I warm the oo long pot.",
        "I warm the oolong pot.",
        "I warm the pot.",
    )
