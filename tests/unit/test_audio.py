"""Recordings are told apart by content, brought to one form, and refused with a reason."""

import io
import shutil
import struct
import subprocess
import wave
from pathlib import Path

import numpy as np
import pytest

from core.engines.base import Clip, Fault, ServiceError
from core.speech import audio
from core.speech.audio import Loudness, describe, loudness, parts, prepare, speech_seconds

PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE


def tone(seconds: float = 1.0, rate: int = 16_000, pitch: float = 440.0, loud: float = 0.5) -> np.ndarray:
    return loud * np.sin(2 * np.pi * pitch * np.arange(int(seconds * rate)) / rate)


def encode(samples: np.ndarray, bits: int, kind: int) -> bytes:
    if kind == FLOAT:
        return samples.astype(f"<f{bits // 8}").tobytes()
    whole = np.round(samples * (2 ** (bits - 1) - 1)).astype("<i8")
    if bits == 8:
        return (whole + 128).astype("u1").tobytes()
    return whole.view("u1").reshape(-1, 8)[:, : bits // 8].tobytes()


def wav(
    samples: np.ndarray,
    *,
    rate: int = 16_000,
    channels: int = 1,
    bits: int = 16,
    kind: int = PCM,
    extensible: bool = False,
    length: int | None = None,
    before: bytes = b"",
) -> bytes:
    body = encode(np.repeat(samples, channels), bits, kind)
    frame = channels * bits // 8
    form = struct.pack("<HHIIHH", EXTENSIBLE if extensible else kind, channels, rate, rate * frame, frame, bits)
    if extensible:
        form += struct.pack("<HHIH", 22, bits, 0, kind) + bytes(14)
    size = len(body) if length is None else length
    chunks = struct.pack("<4sI", b"fmt ", len(form)) + form + before + struct.pack("<4sI", b"data", size) + body
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WAVE" + chunks


def samples_of(clip: Clip) -> np.ndarray:
    with wave.open(io.BytesIO(clip.data)) as reader:
        assert (reader.getnchannels(), reader.getsampwidth(), reader.getframerate()) == (1, 2, 16_000)
        return np.frombuffer(reader.readframes(reader.getnframes()), "<i2") / 32768


def refusal(data: bytes, name: str = "answer.wav") -> str:
    with pytest.raises(ServiceError) as caught:
        prepare(data, name)
    assert caught.value.kind is Fault.BAD_INPUT
    return caught.value.sentence


@pytest.mark.parametrize("channels", [1, 2, 6])
@pytest.mark.parametrize(
    ("bits", "kind", "extensible"),
    [
        (8, PCM, False),
        (16, PCM, False),
        (24, PCM, False),
        (32, PCM, False),
        (32, FLOAT, False),
        (64, FLOAT, False),
        (24, PCM, True),
        (32, FLOAT, True),
    ],
)
def test_every_kind_of_wav_becomes_one(bits: int, kind: int, extensible: bool, channels: int) -> None:
    clip = prepare(wav(tone(), bits=bits, kind=kind, channels=channels, extensible=extensible), "x")
    assert (clip.name, clip.mime, clip.seconds) == ("answer.wav", "audio/wav", 1.0)
    assert np.abs(samples_of(clip) - tone()).max() < (0.02 if bits == 8 else 0.001)


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 44_100, 48_000, 96_000])
def test_every_rate_becomes_16_khz(rate: int) -> None:
    clip = prepare(wav(tone(rate=rate), rate=rate), "x")
    heard = samples_of(clip)
    spectrum = np.abs(np.fft.rfft(heard))
    assert clip.seconds == pytest.approx(1.0, abs=0.001)
    assert np.argmax(spectrum) * 16_000 / heard.size == pytest.approx(440, abs=2)
    assert heard.std() == pytest.approx(0.5 / np.sqrt(2), rel=0.02)


def test_a_pitch_that_16_khz_can_not_carry_does_not_come_back_as_another() -> None:
    heard = samples_of(prepare(wav(tone(rate=48_000, pitch=11_000), rate=48_000), "x"))
    assert heard.std() < 0.005


def test_other_chunks_are_passed_over() -> None:
    noted = struct.pack("<4sI", b"LIST", 3) + b"abc\0"
    assert prepare(wav(tone(), before=noted), "x").seconds == 1.0


@pytest.mark.parametrize("length", [0, 0xFFFFFFFF])
def test_a_streamed_wav_without_a_length_is_read_to_its_end(length: int) -> None:
    assert prepare(wav(tone(), length=length), "x").seconds == 1.0


def test_impossible_samples_are_bounded() -> None:
    odd = np.array([np.nan, np.inf, -np.inf, 1e300, 0.5])
    assert samples_of(prepare(wav(odd, kind=FLOAT, bits=64), "x")) == pytest.approx([0, 1, -1, 1, 0.5], abs=0.001)


@pytest.mark.parametrize(
    ("start", "name", "mime"),
    [
        (b"\x1a\x45\xdf\xa3", "answer.webm", "audio/webm"),
        (b"OggS", "answer.ogg", "audio/ogg"),
        (b"fLaC", "answer.flac", "audio/flac"),
        (b"ID3\x04", "answer.mp3", "audio/mpeg"),
        (b"\xff\xfb\x90\x00", "answer.mp3", "audio/mpeg"),
        (b"\x00\x00\x00\x20ftypM4A ", "answer.m4a", "audio/mp4"),
        (b"\x00\x00\x00\x20ftypisom", "answer.mp4", "audio/mp4"),
    ],
)
def test_compressed_recordings_go_as_they_are_under_their_right_name(start: bytes, name: str, mime: str) -> None:
    data = start + bytes(500)
    assert prepare(data, "lying.wav") == Clip(name, mime, data, None)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"hello there, I am a text file" * 10, "not a recording"),
        (b"\xff\xff\xff\xff" * 100, "not a recording"),
        (b"MZ\x90\x00" * 100, "not a recording"),
        (b"OggS", "damaged"),
        (wav(tone())[:-200], "damaged"),
        (wav(tone())[:30], "damaged"),
        (b"RIFF\0\0\0\0WAVE", "damaged"),
        (wav(np.zeros(0)), "is empty"),
        (wav(tone(), rate=0), "damaged"),
        (wav(tone(), kind=0x55), "doesn't know"),
        (wav(tone(), length=1 << 30), "damaged"),
    ],
)
def test_what_can_not_be_used_is_refused_with_a_reason(data: bytes, words: str) -> None:
    assert words in refusal(data)


def test_a_recording_over_25_mb_is_refused() -> None:
    assert "25 MB" in refusal(b"OggS" + bytes(audio.MAX_BYTES))


def test_a_recording_over_30_minutes_is_refused() -> None:
    assert "30 minutes" in refusal(wav(np.zeros(4_000 * 60 * 30 + 8_000), rate=4_000, bits=8))


def test_a_recording_of_ten_minutes_goes_whole() -> None:
    clip = prepare(wav(np.zeros(4_000 * 600), rate=4_000, bits=8), "x")
    assert parts(clip) == [clip]


def test_a_longer_one_is_cut_in_its_pauses_and_nothing_is_lost() -> None:
    talk = np.tile(tone(1.0, rate=4_000, pitch=200.0), 60 * 21)
    talk[4_000 * 580 : 4_000 * 581] = 0  # pauses after 9:40 and after another 9:20
    talk[4_000 * 1140 : 4_000 * 1141] = 0
    clip = prepare(wav(talk, rate=4_000, bits=8), "x")
    pieces = parts(clip)
    assert [piece.seconds for piece in pieces] == pytest.approx([580.5, 560.0, 119.5], abs=0.5)
    assert np.array_equal(np.concatenate([samples_of(piece) for piece in pieces]), samples_of(clip))


def test_a_compressed_recording_is_not_cut() -> None:
    clip = prepare(b"OggS" + bytes(500), "x")
    assert parts(clip) == [clip]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (wav(tone(2.5)), ("audio/wav", 2.5)),
        (wav(tone(), rate=0), ("audio/wav", None)),
        (b"OggS" + bytes(500), ("audio/ogg", None)),
        (b"%PDF-1.7", ("application/octet-stream", None)),
        (b"", ("application/octet-stream", None)),
    ],
)
def test_whatever_was_recorded_is_described(data: bytes, found: tuple[str, float | None]) -> None:
    assert describe(data) == found


def test_a_long_name_does_not_make_a_long_sentence() -> None:
    assert len(refusal(b"text" * 100, "x" * 5000)) < 200


def noise(seconds: float, loud: float, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=int(16_000 * seconds)) * loud


def spoken(samples: np.ndarray) -> float | None:
    return speech_seconds(prepare(wav(np.clip(samples, -1, 1)), "x"))


def test_speech_between_pauses_is_counted() -> None:
    pause = noise(1.0, 0.001)
    assert spoken(np.concatenate([pause, tone(0.6), pause, tone(0.9), pause])) == pytest.approx(1.5, abs=0.15)


@pytest.mark.parametrize("loud", [0.0, 0.0005, 0.05])
def test_silence_and_steady_noise_are_no_speech(loud: float) -> None:
    assert spoken(noise(3.0, loud)) == pytest.approx(0.0, abs=0.1)


def test_single_clicks_are_no_speech() -> None:
    samples = noise(3.0, 0.001)
    samples[::8_000] = 0.9
    assert spoken(samples) == 0.0


def test_a_moment_is_no_speech() -> None:
    assert spoken(tone(0.05)) == 0.0


def test_only_a_decoder_can_tell_for_compressed_recordings() -> None:
    assert speech_seconds(prepare(b"OggS" + bytes(500), "x")) is None


def test_a_sentence_is_heard(tmp_path: Path) -> None:
    """A synthetic voice when the machine has one: the gate must pass it."""
    program = shutil.which("espeak-ng")
    if program is None:
        pytest.skip("espeak-ng is not installed")
    path = tmp_path / "said.wav"
    subprocess.run([program, "-w", str(path), "I would look at the data first, then fit a baseline."], check=True)
    seconds = speech_seconds(prepare(path.read_bytes(), "said.wav"))
    assert seconds is not None
    assert 1.5 < seconds < 6


def sounds(samples: np.ndarray) -> Loudness:
    return loudness(prepare(wav(np.clip(samples, -1, 1)), "x"))


def said(loud: float, background: float) -> np.ndarray:
    """Two seconds, in half of which somebody speaks."""
    samples = noise(2.0, background)
    samples[8_000:24_000] += tone(1.0, loud=loud)
    return samples


@pytest.mark.parametrize(
    ("samples", "verdict"),
    [
        (said(0.3, 0.001), Loudness.GOOD),
        (said(0.008, 0.0003), Loudness.FAINT),
        (said(0.3, 0.05), Loudness.NOISY),
        (said(3.0, 0.001), Loudness.DISTORTED),
        (noise(2.0, 0.001), Loudness.NOTHING),
        (np.zeros(32_000), Loudness.NOTHING),
        (np.zeros(10), Loudness.NOTHING),
    ],
    ids=["clear", "whispered", "in a crowd", "too close", "only noise", "switched off", "a click"],
)
def test_a_check_of_the_microphone_hears_how_it_sounds(samples: np.ndarray, verdict: Loudness) -> None:
    assert sounds(samples) is verdict
