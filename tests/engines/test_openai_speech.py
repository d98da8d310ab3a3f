"""Speech recognition over a real socket: what is uploaded for which model, and what is no transcript."""

import re

import pytest

from core.engines.base import Clip, Fault, ServiceError, SpeechHints
from core.engines.openai_client import OpenAIClient
from core.engines.openai_speech import PROMPT_CHARACTERS, OpenAITranscriber, fields, glossary
from tests.engines.wire import Seen, Wire, fault, raw, reply

CLIP = Clip("answer.wav", "audio/wav", b"RIFF....WAVE", 1.0)
HINTS = SpeechHints("SQL", ("PostgreSQL", "ACID", "B-tree"), "en-GB")


def form(seen: Seen) -> list[tuple[str, str]]:
    """The plain fields of an upload."""
    found = re.findall(rb'name="([^"]+)"\r\n\r\n(.*?)\r\n--', seen.body, re.DOTALL)
    return [(name.decode(), value.decode()) for name, value in found]


def heard(client: OpenAIClient, model: str = "gpt-transcribe", hints: SpeechHints = HINTS) -> str:
    return OpenAITranscriber(client, model).transcribe(CLIP, hints)


def test_the_words_come_back_trimmed(wire: Wire, client: OpenAIClient) -> None:
    wire.plays = [reply({"text": " I would use an index.\n"})]
    assert heard(client) == "I would use an index."


def test_the_recording_goes_out_with_its_name_and_type(wire: Wire, client: OpenAIClient) -> None:
    wire.plays = [reply({"text": "hi"})]
    heard(client)
    assert wire.seen[0].path == "/v1/audio/transcriptions"
    assert b'filename="answer.wav"\r\nContent-Type: audio/wav\r\n\r\nRIFF....WAVE\r\n' in wire.seen[0].body


def test_a_keyword_model_is_sent_keywords_and_languages(wire: Wire, client: OpenAIClient) -> None:
    wire.plays = [reply({"text": "hi"})]
    heard(client)
    sent = form(wire.seen[0])
    assert [value for name, value in sent if name.startswith("keywords")] == ["PostgreSQL", "ACID", "B-tree"]
    assert [value for name, value in sent if name.startswith("languages")] == ["en"]
    assert not {"prompt", "language"} & dict(sent).keys()


@pytest.mark.parametrize("model", ["whisper-1", "some-local-model"])
def test_any_other_model_is_sent_a_prompt_with_the_best_term_last(wire: Wire, client: OpenAIClient, model: str) -> None:
    wire.plays = [reply({"text": "hi"})]
    heard(client, model)
    sent = dict(form(wire.seen[0]))
    assert sent["prompt"] == "Interview answer about SQL. Terms: B-tree, ACID, PostgreSQL."
    assert sent["language"] == "en"
    assert sent.keys() == {"model", "prompt", "language"}


@pytest.mark.parametrize("status", [400, 422])
def test_a_refused_field_costs_the_aid_and_not_the_transcript(wire: Wire, client: OpenAIClient, status: int) -> None:
    wire.plays = [fault(status), reply({"text": "hi"})]
    assert heard(client) == "hi"
    assert dict(form(wire.seen[1])).keys() == {"model"}


def test_a_recording_refused_for_itself_is_told(wire: Wire, client: OpenAIClient) -> None:
    wire.plays = [fault(400), fault(400)]
    with pytest.raises(ServiceError) as caught:
        heard(client)
    assert (caught.value.kind, len(wire.seen)) == (Fault.NOT_CONFIGURED, 2)


@pytest.mark.parametrize(
    ("play", "kind"),
    [
        (raw(b"hello", "text/plain"), Fault.BAD_REPLY),
        (raw(b"<html>hello</html>", "text/html"), Fault.BAD_REPLY),
        (raw(b'"hello"', "application/json"), Fault.BAD_REPLY),
        (raw(b'{"text":', "application/json"), Fault.BAD_REPLY),
        (reply({}), Fault.BAD_REPLY),
        (reply({"text": None}), Fault.BAD_REPLY),
        (reply({"text": " "}), Fault.SILENCE),
        (fault(401), Fault.AUTH),
        (fault(413), Fault.BAD_INPUT),
        (fault(429, code="insufficient_quota"), Fault.QUOTA),
    ],
)
def test_what_is_no_transcript_is_an_error(wire: Wire, client: OpenAIClient, play: object, kind: Fault) -> None:
    wire.plays = [play]
    with pytest.raises(ServiceError) as caught:
        heard(client)
    assert (caught.value.kind, len(wire.seen)) == (kind, 1)


def test_keywords_are_made_harmless() -> None:
    assert fields("gpt-transcribe", SpeechHints(terms=("a\nb", "<br>", "< >")))["keywords"] == ["a b", "br"]


def test_without_hints_no_optional_field_is_sent() -> None:
    assert fields("gpt-transcribe", SpeechHints()) == fields("whisper-1", SpeechHints()) == {}


def test_a_long_glossary_keeps_its_best_terms() -> None:
    terms = [f"term-{n}" for n in range(200)]
    prompt = glossary("SQL", terms)
    assert prompt.endswith("term-1, term-0.")
    assert PROMPT_CHARACTERS - 20 < len(prompt) <= PROMPT_CHARACTERS


def test_a_long_topic_leaves_room_for_terms() -> None:
    prompt = glossary("word " * 400, ["PostgreSQL"])
    assert prompt.endswith("PostgreSQL.")
    assert len(prompt) <= PROMPT_CHARACTERS
