"""Recordings: told apart by what is in them, made small and plain for a recogniser, and checked for speech."""

import io
import struct
import wave
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from core.engines.base import Clip, Fault, ServiceError

MAX_BYTES = 25 * 1024 * 1024
MAX_SECONDS = 30 * 60
PART_SECONDS = 10 * 60
"""The longest piece that is sent at once: 19 MB of plain WAV, and less than any speech service takes."""
CUT_SECONDS = 60
"""How far from its end a piece may be cut, to find a pause."""
MIN_COMPRESSED_BYTES = 128
"""Less than any encoder's headers and a first sound."""
RATE = 16_000
BLOCK = 60 * RATE
FRAME_SECONDS = 0.03
FLOOR_DB = -55.0
ABOVE_NOISE_DB = 9.0

CHECKED_SPEECH = 0.2
"""Seconds of speech that a check of the microphone must hear."""
FAINT_DB = -40.0
CLEAR_DB = 15.0
"""How far speech stands above the noise where it is easy to understand."""
CLIPPED, CLIPPED_SHARE = 32_700, 0.005

PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE
SAMPLE_FORMATS = {(PCM, 8), (PCM, 16), (PCM, 24), (PCM, 32), (FLOAT, 32), (FLOAT, 64)}
UNKNOWN_LENGTH = (0, 0xFFFFFFFF)
"""What a program writes as a length when it streams and can't know it."""

Samples = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int16]


def prepare(data: bytes, name: str) -> Clip:
    """A recording as speech services take it; raises ServiceError(BAD_INPUT) with the reason why it can't be used.

    The format is judged by content, whatever `name` says. WAV of 8 to 64 bits, any rate and number of channels becomes
    16 kHz mono 16-bit; webm, ogg, mp3, mp4, m4a and flac go as they are, and only a decoder knows their length. What is
    longer than a service takes is cut by `parts`.
    """
    if not data:
        raise _unusable("The recording is empty. Please record it again.")
    if len(data) > MAX_BYTES:
        raise _unusable("The recording is larger than 25 MB. Please make a shorter one.")
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return _from_wav(data)
    kind = _compressed_kind(data)
    if kind is None:
        raise _unusable(f"“{name[:80]}” is not a recording that Viva knows: use WAV, WebM, Ogg, MP3, MP4, M4A or FLAC.")
    if len(data) < MIN_COMPRESSED_BYTES:
        raise _damaged()
    ending, mime = kind
    return Clip(f"answer.{ending}", mime, data)


def describe(data: bytes) -> tuple[str, float | None]:
    """The MIME type of a recording by its content, and its seconds where the header of a WAV tells; nothing is refused."""
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        try:
            form, body = _parse_wav(data)
        except ServiceError:
            return "audio/wav", None
        return "audio/wav", len(body) // form.frame / form.rate
    kind = _compressed_kind(data)
    return (kind[1] if kind else "application/octet-stream"), None


def parts(clip: Clip) -> list[Clip]:
    """A prepared recording in pieces of at most ten minutes, each cut where it is quietest; other formats stay whole."""
    if clip.mime != "audio/wav" or (clip.seconds or 0) <= PART_SECONDS:
        return [clip]
    samples = _samples(clip)
    pieces = []
    while samples.size > PART_SECONDS * RATE:
        cut = _quietest(samples, (PART_SECONDS - CUT_SECONDS) * RATE, PART_SECONDS * RATE)
        pieces.append(samples[:cut])
        samples = samples[cut:]
    return [_plain_clip(piece) for piece in [*pieces, samples]]


class Loudness(StrEnum):
    """How a recording sounds to whoever has to understand it."""

    NOTHING = "nothing"
    FAINT = "faint"
    NOISY = "noisy"
    DISTORTED = "distorted"
    GOOD = "good"


def loudness(clip: Clip) -> Loudness:
    """How a prepared WAV sounds: its speech against full scale (faint under -40 dB), the noise, and clipping."""
    samples = _samples(clip)
    levels = _levels(samples)
    if (speech_seconds(clip) or 0) < CHECKED_SPEECH:
        return Loudness.NOTHING
    noise = float(np.percentile(levels, 10))
    speech = float(np.mean(levels[levels > max(noise + ABOVE_NOISE_DB, FLOOR_DB)]))
    if np.mean(np.abs(samples.astype(np.int32)) >= CLIPPED) > CLIPPED_SHARE:
        return Loudness.DISTORTED
    if speech < FAINT_DB:
        return Loudness.FAINT
    return Loudness.NOISY if speech - noise < CLEAR_DB else Loudness.GOOD


def speech_seconds(clip: Clip) -> float | None:
    """Seconds of a prepared WAV in which somebody speaks; None for other formats, which only a decoder can tell.

    Frames of 30 ms count when they stand 9 dB above the background (the 10th percentile) and above -55 dB of full
    scale, and when at least four of some five in a row do.
    """
    if clip.mime != "audio/wav":
        return None
    level = _levels(_samples(clip))
    if len(level) < 5:
        return 0.0
    loud = level > max(float(np.percentile(level, 10)) + ABOVE_NOISE_DB, FLOOR_DB)
    dense = np.convolve(loud, np.ones(5), "valid") >= 4  # one entry for each window of five frames
    near = np.convolve(dense, np.ones(5)) > 0  # frames that lie in a dense window
    return float(np.count_nonzero(loud & near)) * FRAME_SECONDS


@dataclass(frozen=True, slots=True)
class _Format:
    """A WAV file's own description: `kind` is PCM or FLOAT, `frame` the bytes of one sample of all channels."""

    kind: int
    channels: int
    rate: int
    frame: int
    bits: int


PLAIN = _Format(PCM, 1, RATE, 2, 16)
"""16 kHz mono 16-bit, which is what services are sent."""


def _from_wav(data: bytes) -> Clip:
    form, body = _parse_wav(data)
    if len(body) // form.frame / form.rate > MAX_SECONDS:
        raise _unusable("The recording is longer than 30 minutes. Please make a shorter one.")
    if form == PLAIN:  # what the browser's recorder gives, as it is
        whole = np.frombuffer(body[: len(body) // 2 * 2], dtype="<i2")
    else:
        samples = _resample(_mono(body, form), form.rate)
        whole = np.round(np.clip(samples, -1, 1) * 32767).astype("<i2")
    if whole.size == 0:
        raise _unusable("The recording is empty. Please record it again.")
    return _plain_clip(whole)


def _parse_wav(data: bytes) -> tuple[_Format, bytes]:
    """The format and the samples. The standard library's reader knows neither float nor, before 3.12, extensible."""
    form, at = None, 12
    while at + 8 <= len(data):
        tag, size = struct.unpack_from("<4sI", data, at)
        at += 8
        if tag == b"fmt ":
            form = _parse_format(data[at : at + size])
        elif tag == b"data":
            left = len(data) - at
            size = left if size in UNKNOWN_LENGTH else size
            if form is None or size > left:
                raise _damaged()
            return form, data[at : at + size]
        at += size + size % 2
    raise _damaged()


def _parse_format(chunk: bytes) -> _Format:
    if len(chunk) < 16:
        raise _damaged()
    kind, channels, rate, _, frame, bits = struct.unpack_from("<HHIIHH", chunk)
    if kind == EXTENSIBLE and len(chunk) >= 26:
        (kind,) = struct.unpack_from("<H", chunk, 24)
    if (kind, bits) not in SAMPLE_FORMATS:
        raise _unusable("This WAV file is encoded in a way that Viva doesn't know. Please save it as 16-bit PCM.")
    if not (1 <= channels <= 32 and 4_000 <= rate <= 384_000 and frame == channels * bits // 8):
        raise _damaged()
    return _Format(kind, channels, rate, frame, bits)


def _mono(body: bytes, form: _Format) -> Samples:
    """The mean of the channels, from -1 to 1."""
    body = body[: len(body) // form.frame * form.frame]
    values: npt.NDArray[Any]
    if form.kind == FLOAT:
        values = np.nan_to_num(np.frombuffer(body, dtype=f"<f{form.bits // 8}"), nan=0, posinf=1, neginf=-1)
    elif form.bits == 8:
        values = (np.frombuffer(body, dtype=np.uint8).astype(np.float32) - 128) / 128
    elif form.bits == 24:
        wide = np.zeros((len(body) // 3, 4), dtype=np.uint8)
        wide[:, 1:] = np.frombuffer(body, dtype=np.uint8).reshape(-1, 3)
        values = wide.view("<i4").ravel().astype(np.float32) / 2**31
    else:
        values = np.frombuffer(body, dtype=f"<i{form.bits // 8}").astype(np.float32) / float(2 ** (form.bits - 1))
    mixed: Samples = np.clip(values, -1, 1).astype(np.float32).reshape(-1, form.channels).mean(axis=1)
    return mixed


def _resample(samples: Samples, rate: int) -> Samples:
    """To 16 kHz; what the new rate can't carry is filtered out first, or it would come back as noise."""
    if rate == RATE or samples.size == 0:
        return samples
    if rate > RATE:
        half = 16 * rate // RATE
        taps = np.arange(-half, half + 1)
        kernel = np.sinc(taps * 0.92 * RATE / rate) * np.hanning(taps.size + 2)[1:-1]
        # of "same" numpy gives the length of the longer input, which for a very short clip is the kernel
        samples = np.convolve(samples, (kernel / kernel.sum()).astype(np.float32))[half : half + samples.size]
    resampled = np.empty(int(samples.size * RATE / rate), dtype=np.float32)
    for start in range(0, resampled.size, BLOCK):  # in blocks: the positions take four times the room of the sound
        moments = np.arange(start, min(start + BLOCK, resampled.size)) * (rate / RATE)
        before = moments.astype(np.int64)
        after = np.minimum(before + 1, samples.size - 1)
        share = (moments - before).astype(np.float32)
        resampled[start : start + BLOCK] = samples[before] * (1 - share) + samples[after] * share
    return resampled


def _plain_clip(samples: Whole) -> Clip:
    out = io.BytesIO()
    with wave.open(out, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes(samples.tobytes())
    return Clip("answer.wav", "audio/wav", out.getvalue(), samples.size / RATE)


def _samples(clip: Clip) -> Whole:
    with wave.open(io.BytesIO(clip.data)) as reader:
        return np.frombuffer(reader.readframes(reader.getnframes()), dtype="<i2")


def frame_levels(clip: Clip) -> Samples:
    """The loudness of each frame of a prepared WAV, in dB of full scale."""
    return _levels(_samples(clip))


def _levels(samples: Whole) -> Samples:
    """The loudness of each frame of 30 ms, in dB of full scale."""
    size = int(RATE * FRAME_SECONDS)
    frames = samples[: samples.size // size * size].reshape(-1, size).astype(np.float32) / 32768
    levels: Samples = 10 * np.log10(np.mean(frames**2, axis=1) + 1e-12)
    return levels


def _quietest(samples: Whole, start: int, end: int) -> int:
    """The middle of the quietest third of a second between two places."""
    frame, width = int(RATE * FRAME_SECONDS), 11
    levels = np.convolve(_levels(samples[start:end]), np.ones(width), "valid")
    return start + (int(np.argmin(levels)) + width // 2) * frame


def _compressed_kind(data: bytes) -> tuple[str, str] | None:
    """File ending and MIME type by the first bytes."""
    if data.startswith(b"\x1a\x45\xdf\xa3"):
        return "webm", "audio/webm"
    if data.startswith(b"OggS"):
        return "ogg", "audio/ogg"
    if data.startswith(b"fLaC"):
        return "flac", "audio/flac"
    if data[4:8] == b"ftyp":
        return ("m4a", "audio/mp4") if data[8:11] == b"M4A" else ("mp4", "audio/mp4")
    if data.startswith(b"ID3") or _is_mpeg_frame(data):
        return "mp3", "audio/mpeg"
    return None


def _is_mpeg_frame(data: bytes) -> bool:
    """Whether an MPEG audio layer III frame header comes first, with a bit rate and a sample rate that exist."""
    return (
        len(data) >= 4
        and data[0] == 0xFF
        and data[1] & 0xE6 == 0xE2
        and data[2] >> 4 not in (0, 15)
        and data[2] >> 2 & 3 != 3
    )


def _damaged() -> ServiceError:
    return _unusable("The recording is damaged. Please record it again.")


def _unusable(sentence: str) -> ServiceError:
    return ServiceError(Fault.BAD_INPUT, sentence, retryable=False)
