"""Whatever comes as a recording, and whatever the speech server does with it: one sentence, kept, and typing goes on."""

import io
import re
import wave
from collections.abc import Iterator

import numpy as np
import pytest

from core.engines.openai_client import OpenAIClient
from core.engines.openai_speech import OpenAITranscriber
from core.engines.scripted import ScriptedInterviewer
from tests.app.conftest import OpenSite, scripted
from tests.app.visit import Visit
from tests.engines import wire as wires
from tests.engines.wire import Play, Wire, fault, hang_up, raw, reply, silence
from tests.hall import reply as question
from tests.unit.test_audio import FLOAT, noise, tone, wav

PAUSE = noise(0.5, 0.001)
SPOKEN = np.concatenate([PAUSE, tone(1.0), PAUSE])
SECONDS = 0.6
"""The client's patience in these tests, in place of a minute."""


@pytest.fixture
def wire() -> Iterator[Wire]:
    with wires.running() as server:
        yield server


@pytest.fixture
def ann(open_site: OpenSite, wire: Wire) -> Iterator[Visit]:
    """Somebody before a question, with a speech server on a real socket."""
    client = OpenAIClient(api_key="sk-test", base_url=wire.url, seconds=SECONDS, sleep=lambda _: None)
    interviewer = ScriptedInterviewer([question("How do you brew?", "none", "opening")] * 2)
    site = open_site(scripted(interviewer, transcriber=OpenAITranscriber(client, "gpt-transcribe")))
    yield site.visit().begin(questions=2).press("I agree, let me speak")
    client.close()


def record(ann: Visit, data: bytes, name: str = "answer.wav") -> Visit:
    ann.tab.audio_input[0].upload(name, data)
    return ann.again()


def expect_kept_and_typing(ann: Visit, data: bytes, sentence: str) -> None:
    """One sentence, the recording still there, and an answer that can be typed and sent."""
    (problem,) = ann.problems
    assert sentence in problem
    assert "still here" in problem
    (row,) = ann.services.recordings.of_turn(ann.person_id, str(ann.interview.public_id), 1)
    assert ann.services.recordings.files.read(row.name or "") == data
    assert not ann.tab.text_area[0].disabled
    assert ann.send("Typed instead.").interview.answered[0].answer == "Typed instead."


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (wav(SPOKEN)[:-300], "answer.wav", "The recording is damaged."),
        (b"%PDF-1.7 " + bytes(9000), "answer.wav", "“answer.wav” is not a recording that Viva knows"),
        (b"", "answer.wav", "The recording is empty."),
        (wav(np.zeros(0)), "answer.wav", "The recording is empty."),
        (wav(np.zeros(4_000 * 60 * 60), rate=4_000, bits=8), "hour.wav", "longer than 30 minutes"),
        (wav(noise(2.0, 0.001)), "answer.wav", "We heard no speech in this recording"),
    ],
    ids=["corrupted", "a renamed PDF", "nothing", "0 seconds", "60 minutes", "silence"],
)
def test_what_is_no_use_is_told_before_any_call(ann: Visit, wire: Wire, data: bytes, name: str, sentence: str) -> None:
    record(ann, data, name)
    assert wire.seen == []
    expect_kept_and_typing(ann, data, sentence)


@pytest.mark.parametrize(
    ("plays", "sentence"),
    [
        ([raw(b"<html>Bad gateway</html>", "text/html")], "made no sense"),
        ([hang_up] * 4, "broke off"),
        ([reply({"text": ""})], "No words were recognised"),
        ([silence(2 * SECONDS)] * 2, "took too long"),
        ([reply({"text": "Thanks for watching!"})], "We understood no word"),
        ([fault(413)], "too long"),
        ([fault(500)] * 4, "a fault of its own"),
        ([fault(429, code="insufficient_quota")], "used up"),
    ],
    ids=["HTML", "nothing", "no words", "not in time", "a video's last words", "too large", "a fault", "no money"],
)
def test_whatever_the_speech_server_does_the_recording_is_kept(
    ann: Visit, wire: Wire, plays: list[Play], sentence: str
) -> None:
    wire.plays = list(plays)
    data = wav(SPOKEN)
    record(ann, data)
    assert wire.seen
    expect_kept_and_typing(ann, data, sentence)


@pytest.mark.parametrize(
    "data",
    [
        wav(SPOKEN, bits=8),
        wav(np.repeat(SPOKEN, 6), rate=96_000),
        wav(SPOKEN, channels=2),
        wav(SPOKEN, kind=FLOAT, bits=32),
        wav(SPOKEN[::2], rate=8_000),
    ],
    ids=["8 bit", "96 kHz", "stereo", "floating point", "telephone"],
)
def test_every_kind_of_wav_reaches_the_server_as_16_khz_mono(ann: Visit, wire: Wire, data: bytes) -> None:
    wire.plays = [reply({"text": "I warm the pot."})]
    assert record(ann, data).box == "I warm the pot."
    found = re.search(rb"Content-Type: audio/wav\r\n\r\n(RIFF.*)\r\n--", wire.seen[0].body, re.DOTALL)
    assert found
    with wave.open(io.BytesIO(found[1])) as sent:
        assert (sent.getframerate(), sent.getnchannels(), sent.getsampwidth()) == (16_000, 1, 2)
        assert sent.getnframes() == pytest.approx(SPOKEN.size, abs=20)


def test_what_is_longer_than_ten_minutes_goes_in_pieces_and_comes_back_whole(ann: Visit, wire: Wire) -> None:
    wire.answers = lambda seen: reply({"text": f"Piece {len(wire.seen)}."})
    long = np.tile(np.concatenate([tone(1.0, rate=4_000, pitch=200.0), np.zeros(1_000)]), 12 * 60)
    assert record(ann, wav(long, rate=4_000, bits=8)).box == "Piece 1. Piece 2."
    assert all(len(seen.body) < 25_000_000 for seen in wire.seen)
