"""Delivery: what is counted in an answer, what is measured of its sound, and what is kept back."""

import numpy as np
import pytest

from core.speech.audio import prepare
from core.speech.delivery import Sound, filler_rate, measure, notes, pace, pace_band
from core.speech.sound import LONG_PAUSE, listen
from tests.unit.test_audio import tone, wav

MINUTE = Sound(seconds=66.0, speech=60.0, pauses=9, long_pauses=1, noisy=False)


def names(found: dict[str, object]) -> list[str]:
    return [note.name for note in notes(found)]


def test_pace_is_words_by_the_time_of_speech() -> None:
    found = measure("word " * 70, [MINUTE, MINUTE])
    assert pace(found) == 35
    assert notes(found)[0].value == "35 words a minute"


@pytest.mark.parametrize(
    ("words", "band"), [(109, "poor"), (110, "fair"), (130, "good"), (160, "good"), (180, "fair"), (181, "poor")]
)
def test_bands_of_pace(words: int, band: str) -> None:
    assert pace_band(words) == band


def test_fillers_are_counted_at_least() -> None:
    found = measure("Um, it is, uh, you know, a queue. The umbrella is erratic.", [MINUTE])
    assert (found["fillers"], filler_rate(found)) == (3, 3.0)
    assert next(note for note in notes(found) if note.name == "Fillers").value == "at least 3"


def test_hedges_repetition_and_long_sentences_are_counted() -> None:
    found = measure("I think it it is, sort of, fine. That is very very good. " + "word " * 31)
    assert (found["hedges"], found["repeated"], found["long_sentences"]) == (2, 31, 1)


def test_a_typed_answer_has_only_what_its_text_tells() -> None:
    found = measure("Maybe a queue, um, would do.")
    assert names(found) == ["Hedges"]
    assert not {"speech", "fillers", "pauses"} & found.keys()


def test_a_noisy_recording_hides_what_it_would_tell() -> None:
    noisy = Sound(seconds=66.0, speech=60.0, pauses=9, long_pauses=1, noisy=True)
    assert names(measure("Maybe a queue would do.", [MINUTE, noisy])) == ["Hedges"]


def test_a_few_seconds_have_no_pace() -> None:
    assert pace(measure("Yes, a queue.", [Sound(2.0, 2.0, 0, 0, False)])) is None


def test_nothing_is_said_of_an_answer_with_nothing_to_say_of() -> None:
    assert notes(measure("A queue keeps the order.")) == []


def quiet(seconds: float) -> np.ndarray:
    return np.random.default_rng(1).normal(0, 1e-4, int(seconds * 16_000))


def test_pauses_are_counted_between_the_words_only() -> None:
    parts = [quiet(1), tone(2), quiet(0.5), tone(2), quiet(LONG_PAUSE + 0.5), tone(2), quiet(1)]
    found = listen(prepare(wav(np.concatenate(parts)), "a.wav"))
    assert found is not None
    assert (found.pauses, found.long_pauses, found.noisy) == (2, 1, False)
    assert found.speech == pytest.approx(6.5, abs=0.2)


def test_speech_in_noise_is_told_to_be_noisy() -> None:
    noise = np.random.default_rng(1).normal(0, 0.05, 16_000 * 6)
    noise[16_000 * 2 : 16_000 * 4] += tone(2)
    found = listen(prepare(wav(noise), "a.wav"))
    assert found is not None
    assert found.noisy


def test_silence_tells_nothing() -> None:
    assert listen(prepare(wav(quiet(2)), "a.wav")) is None
