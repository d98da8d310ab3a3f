"""A recording on its way through a real socket: what the server is told first, and what it may refuse."""

import re

import numpy as np
import pytest

from core.domains import DomainStore
from core.engines.openai_client import OpenAIClient
from core.engines.openai_speech import OpenAITranscriber
from core.speech.transcription import Heard, Speech
from tests.engines.wire import Wire, fault, reply
from tests.hall import DOMAINS
from tests.unit.test_audio import noise, tone, wav


def hear(client: OpenAIClient, model: str) -> Heard:
    pause = noise(0.5, 0.0005)
    recording = wav(np.concatenate([pause, tone(1.0), pause]))
    speech = Speech(OpenAITranscriber(client, model), DomainStore(DOMAINS))
    return speech.hear(
        recording, "a.wav", domain="tiny", question="What is a gaiwan?", skill="brewing", language="en-GB"
    )


def sent(wire: Wire, call: int = 0) -> list[tuple[str, str]]:
    found = re.findall(rb'name="([^"]+)"\r\n\r\n(.*?)\r\n--', wire.seen[call].body, re.DOTALL)
    return [(name.decode(), value.decode("utf-8", "replace")) for name, value in found if len(value) < 1000]


def test_keywords_go_best_first_and_the_terms_come_back_right(wire: Wire, client: OpenAIClient) -> None:
    wire.plays = [reply({"text": "A guy one holds oo long tea with a lid."})]
    heard = hear(client, "gpt-transcribe")
    assert [value for name, value in sent(wire) if name.startswith("keywords")] == [
        "gaiwan",
        "oolong",
        "Lapsang Souchong",
    ]
    assert heard.text == "A gaiwan holds oolong tea with a lid."
    assert heard.raw == "A guy one holds oo long tea with a lid."


def test_a_prompt_ends_with_the_best_term(wire: Wire, client: OpenAIClient) -> None:
    wire.plays = [reply({"text": "hello there"})]
    hear(client, "whisper-1")
    assert dict(sent(wire))["prompt"].endswith("Terms: Lapsang Souchong, oolong, gaiwan.")


@pytest.mark.parametrize("status", [400, 422])
def test_a_server_that_takes_no_terms_is_asked_without_and_its_text_is_corrected(
    wire: Wire, client: OpenAIClient, status: int
) -> None:
    wire.plays = [fault(status), reply({"text": "I like lap sang soo chong"})]
    assert hear(client, "gpt-transcribe").text == "I like Lapsang Souchong"
    assert {name for name, _ in sent(wire, 1)} == {"model"}


def test_an_echo_of_the_prompt_is_asked_again_without_one(wire: Wire, client: OpenAIClient) -> None:
    echo = "Lapsang Souchong, oolong, gaiwan. Lapsang Souchong, oolong, gaiwan."
    wire.plays = [reply({"text": echo}), reply({"text": "I warm the pot."})]
    assert hear(client, "whisper-1").text == "I warm the pot."
    assert "prompt" not in dict(sent(wire, 1))
