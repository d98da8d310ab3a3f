"""What the server says that a reply took is heard, and nothing else is taken for it."""

import pytest

from core.engines.metering import Usage, listening, tell
from core.engines.openai_client import OpenAIClient
from tests.engines.wire import Wire, delta, events, fault, message, reply, spoken

ASK = [{"role": "user", "content": "q"}]
FINISHED = {"message": {"role": "assistant", "content": "hello"}, "finish_reason": "stop", "index": 0}


def heard(client: OpenAIClient) -> Usage:
    with listening() as told:
        client.complete("m", ASK, until=client.deadline())
    return told


def streamed(client: OpenAIClient) -> Usage:
    with listening() as told:
        list(client.stream("m", ASK))
    return told


def chat(usage: object) -> dict[str, object]:
    return {"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": [FINISHED], "usage": usage}


def test_the_tokens_of_a_reply_are_heard(wire: Wire, client: OpenAIClient) -> None:
    wire.plays = [reply(chat({"prompt_tokens": 12, "completion_tokens": 3, "total_tokens": 15}))]
    assert heard(client) == Usage(1, 12, 3)


@pytest.mark.parametrize(
    "usage", [None, {}, [], "12", {"prompt_tokens": "12"}, {"prompt_tokens": -5}, {"prompt_tokens": 10**12}], ids=str
)
def test_what_is_no_number_of_tokens_is_not_taken_for_one(wire: Wire, client: OpenAIClient, usage: object) -> None:
    wire.plays = [reply(chat(usage))]
    assert heard(client) == Usage()


def test_a_stream_is_asked_for_its_tokens_and_tells_them_once(wire: Wire, client: OpenAIClient) -> None:
    so_far = {**delta(content="he"), "usage": {"prompt_tokens": 12, "completion_tokens": 1}}
    last = {**delta(), "choices": [], "usage": {"prompt_tokens": 12, "completion_tokens": 2}}
    wire.plays = [events(so_far, delta(finish="stop", content="llo"), last)]
    assert streamed(client) == Usage(1, 12, 2)
    assert wire.seen[0].json["stream_options"] == {"include_usage": True}


def test_a_server_that_does_not_know_the_question_is_asked_without_it(wire: Wire, client: OpenAIClient) -> None:
    wire.plays = [fault(400, message="Unknown parameter: stream_options"), spoken("hello"), spoken("hello")]
    assert streamed(client) == Usage()
    streamed(client)
    assert ["stream_options" in seen.json for seen in wire.seen] == [True, False, False]


def test_the_length_of_a_recording_is_heard(wire: Wire, client: OpenAIClient) -> None:
    wire.plays = [reply({"text": "hot water", "usage": {"type": "duration", "seconds": 61.2}})]
    with listening() as told:
        client.transcribe("m", ("a.wav", b"RIFF", "audio/wav"), until=client.deadline())
    assert told == Usage(1, 0, 0, 62)


def test_listening_within_listening_leaves_the_outer_one_alone() -> None:
    with listening() as outer:
        tell(tokens_in=1)
        with listening() as inner:
            tell(tokens_in=2)
        tell(tokens_in=4)
    assert (outer, inner) == (Usage(2, 5), Usage(1, 2))


def test_nobody_need_listen(wire: Wire, client: OpenAIClient) -> None:
    wire.plays = [message("hello")]
    assert client.complete("m", ASK, until=client.deadline()) == "hello"
