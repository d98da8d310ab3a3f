"""What is read aloud, and the plug-in that reads it on a server."""

import pytest

from core.config import Settings
from core.engines.base import Clip, Fault, ServiceError
from core.speech.speakers import load_speaker
from ui.read_aloud import spoken_text


@pytest.mark.parametrize(
    ("message", "spoken"),
    [
        ("Good. **Why** is `snake_case` used?", "Good. Why is snake_case used?"),
        ("Two things:\n\n- speed\n- cost\n\n# Now", "Two things: speed cost Now"),
        ("Look at this:\n```sql\nSELECT *\n```\nWhat is wrong?", "Look at this: (see the code on the screen) What is wrong?"),
        ("See [the page](https://example.org/a).", "See the page."),
        ("_Really_, a * b?", "Really, a b?"),
        ("```\nnever closed", "(see the code on the screen)"),
        ("", ""),
    ],
)  # fmt: skip
def test_signs_for_the_eye_are_not_read(message: str, spoken: str) -> None:
    assert spoken_text(message) == spoken


class Reader:
    name, model = "reader", "voice-1"

    def speak(self, text: str, language: str) -> Clip:
        return Clip("question.wav", "audio/wav", f"{language}: {text}".encode())


def make(settings: Settings) -> Reader:
    return Reader()


def settings(speaker: str) -> Settings:
    return Settings(engine="offline", speaker=speaker)  # type: ignore[call-arg]


def test_without_a_plug_in_the_browser_reads() -> None:
    assert load_speaker(settings("")) is None


def test_a_plug_in_is_found_by_its_name() -> None:
    speaker = load_speaker(settings(f"{__name__}:make"))
    assert speaker is not None
    assert speaker.speak("Why?", "en").data == b"en: Why?"


@pytest.mark.parametrize("name", ["nowhere.at_all:make", f"{__name__}:nothing", __name__, ":make", "..:x"])
def test_a_plug_in_that_is_not_there_is_told_in_one_sentence(name: str) -> None:
    with pytest.raises(ServiceError, match="VIVA_SPEAKER can't be used") as caught:
        load_speaker(settings(name))
    assert caught.value.kind is Fault.NOT_CONFIGURED
