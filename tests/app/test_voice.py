"""Recordings: their words land in the box, and a recording that fails is kept and can be tried again."""

import io
import json
import math
import struct
import time
import wave
from collections.abc import Iterator
from dataclasses import replace

import pytest

from core.engines.base import Clip, Fault, ServiceError
from core.engines.scripted import ScriptedInterviewer, ScriptedTranscriber
from tests.app.conftest import OpenSite, Site, scripted
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
    site = open_site(scripted(ScriptedInterviewer(replies), transcriber=transcriber))
    return site.visit().begin(questions=2).press("I agree, let me speak")


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
    assert ann.problems == [f"{BUSY.sentence} Your recording of 0:01 is still here."]
    assert len(transcriber.calls) == 1
    assert ann.again().problems == [f"{BUSY.sentence} Your recording of 0:01 is still here."]
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


def test_before_the_first_recording_a_notice_says_where_it_goes_and_is_agreed_to_once(
    open_site: OpenSite, transcriber: ScriptedTranscriber
) -> None:
    replies = [reply("How do you brew?", "none", "opening")] * 3
    engines = scripted(ScriptedInterviewer(replies), transcriber=transcriber)
    visit = open_site(engines, openai_base_url="https://speech.example.org/v1").visit().begin()
    assert "speech.example.org" in visit.text
    assert len(visit.tab.audio_input) == 0
    assert visit.type("Typed all the same.").interview.turns[0].draft == "Typed all the same."
    assert len(visit.press("I agree, let me speak").tab.audio_input) == 1
    assert len(visit.begin().tab.audio_input) == 1


def another_tab(ann: Visit) -> Visit:
    """The same question after a refresh, or in another tab."""
    return Site(ann.services).return_of(ann.person_id).open("Practise", interview=str(ann.interview.public_id))


def test_a_recording_that_failed_is_found_after_a_refresh_and_written_down(ann: Visit, heard: Inbox) -> None:
    heard += [BUSY, "At the second try."]
    record(ann, tone())
    fresh = another_tab(ann)
    assert fresh.problems == [f"{BUSY.sentence} Your recording of 0:01 is still here."]
    assert fresh.press("Try again").box == "At the second try."


def test_a_recording_is_found_after_the_server_died_over_it(
    ann: Visit, heard: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as dying:
        dying.setattr(ann.services.listener, "begin", lambda *_: None)
        record(ann, tone())
    fresh = another_tab(ann)
    assert "Your recording of 0:01 is still here." in fresh.text
    heard.append("As I was saying.")
    assert fresh.press("Write it down").box == "As I was saying."


def test_what_was_heard_is_stored_with_an_answer_that_is_sent_after_a_refresh(ann: Visit, heard: Inbox) -> None:
    heard += ["I warm the oo long pot.", "And I pour."]
    record(ann, tone())
    record(ann, tone(1.5))
    fresh = another_tab(ann)
    assert "oo long → oolong" in fresh.buttons()
    fresh.press("Send answer")
    turn = fresh.interview.answered[0]
    assert (turn.heard, turn.corrected, turn.input_mode) == (
        "I warm the oo long pot. And I pour.",
        "I warm the oolong pot. And I pour.",
        "voice",
    )


def test_words_that_come_late_are_offered_and_don_t_touch_what_was_typed_meanwhile(
    ann: Visit, transcriber: ScriptedTranscriber, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(*_: object) -> str:
        time.sleep(0.5)
        return "Spoken late."

    monkeypatch.setattr("ui.spoken.SHUT_FOR", -1.0)  # the box never waits
    monkeypatch.setattr(transcriber, "transcribe", slowly)
    record(ann, tone())
    assert ann.box == ""
    assert "Your recording is written down: “Spoken late.”" in ann.text
    ann.tab.text_area[0].input("Typed meanwhile.")
    assert ann.press("Put it into the box").box == "Typed meanwhile. Spoken late."


def test_a_recording_that_failed_can_be_discarded(ann: Visit, heard: Inbox) -> None:
    heard.append(BUSY)
    record(ann, tone()).press("Discard")
    assert ann.problems == []
    assert "Try again" not in ann.buttons()


def test_a_full_disk_is_told_and_neither_writing_down_nor_typing_stops(
    ann: Visit, heard: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ann.services.recordings.files, "_write", no_room)
    heard += [BUSY, "At the second try."]
    record(ann, tone())
    assert "The server could not store your recording (No space left on device)" in ann.text
    assert ann.press("Try again").box == "At the second try."
    assert ann.send("Typed.").interview.answered[0].answer == "Typed."


def test_recordings_are_kept_and_played_on_review_only_where_that_is_chosen(ann: Visit, heard: Inbox) -> None:
    heard += ["The first.", "The second."]
    record(ann, tone()).press("Send answer")
    ann.until(lambda view: view.current is not None)
    interview = str(ann.interview.public_id)
    ann.open("Account").tab.toggle(key="account-keep").set_value(True)
    ann.again().open("Practise", interview=interview)
    record(ann, tone(1.5)).press("Send answer")
    ann.open("Review", interview=interview)
    players = [node.proto.body for node in ann.tab.get("html") if "<audio" in node.proto.body]
    assert len(players) == 1
    ann.open("Account").press("Delete them")
    assert ann.services.recordings.count_kept(ann.person_id) == 0


@pytest.mark.parametrize(("volume", "verdict"), [(0.4, "We hear you well."), (0.0, "We hear nobody.")])
def test_the_microphone_is_checked_in_words_before_an_interview_and_nothing_is_sent(
    ann: Visit, transcriber: ScriptedTranscriber, volume: float, verdict: str
) -> None:
    ann.open("Practise").tab.audio_input[0].upload("check.wav", tone(2.0, volume))
    assert verdict in ann.again().text
    assert transcriber.calls == []
    assert not list(ann.services.settings.data_dir.glob("recordings/*/*"))


def read_aloud(ann: Visit) -> dict[str, object]:
    """What the browser is given to read."""
    (piece,) = (node.proto for node in ann.tab.get("bidi_component") if "read_aloud" in node.proto.component_name)
    return dict(json.loads(piece.json))


def test_a_question_is_read_by_itself_only_where_that_is_chosen(ann: Visit) -> None:
    interview = str(ann.interview.public_id)
    assert read_aloud(ann)["aloud"] is False
    ann.open("Account").tab.toggle(key="account-aloud").set_value(True)
    ann.again().open("Practise", interview=interview)
    assert read_aloud(ann)["aloud"] is True
    assert read_aloud(ann)["text"] == "How do you brew?"


class Reader:
    """A speech server that reads the first text and fails at the second."""

    name, model = "reader", "voice-1"

    def __init__(self) -> None:
        self.read: list[str] = []

    def speak(self, text: str, language: str) -> Clip:
        if self.read:
            raise BUSY
        self.read.append(text)
        return Clip("question.wav", "audio/wav", tone())


def test_a_plug_in_reads_on_the_server_once_a_question_and_its_faults_are_told(
    ann: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Reader()
    monkeypatch.setattr("ui.services._services", replace(ann.services, speaker=reader))
    ann.again().press("Hear the question").again().press("Hear the question")
    assert reader.read == ["How do you brew?"]
    assert len(ann.tab.get("audio")) == 1
    ann.press("Skip").press("Hear the question")
    assert BUSY.sentence in ann.text
