"""Every fault that a model server is known to have, over a real socket."""

import pytest

from core.engines.base import Fault, ServiceError
from core.engines.openai_client import OpenAIClient
from tests.engines.conftest import Connect
from tests.engines.wire import (
    Wire,
    delta,
    drip,
    events,
    fault,
    hang_up,
    message,
    raw,
    reply,
    silence,
    spoken,
)

ASK = [{"role": "user", "content": "q"}]


def complete(client: OpenAIClient) -> str:
    return client.complete("m", ASK, until=client.deadline())


def failure_of(client: OpenAIClient) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        complete(client)
    return caught.value


def streamed(client: OpenAIClient) -> tuple[str, Fault | None]:
    """What came of a stream, and how it failed."""
    said = ""
    try:
        for piece in client.stream("m", ASK):
            said += piece
    except ServiceError as error:
        return said, error.kind
    return said, None


def test_a_whole_reply_comes_back(wire: Wire, client: OpenAIClient) -> None:
    wire.plays = [message("hello")]
    assert complete(client) == "hello"


def test_neither_temperature_nor_max_tokens_is_sent(wire: Wire, client: OpenAIClient) -> None:
    wire.plays = [message("hello")]
    complete(client)
    assert wire.seen[0].json.keys() == {"model", "messages", "max_completion_tokens"}


@pytest.mark.parametrize(
    ("play", "kind", "retryable"),
    [
        (fault(401), Fault.AUTH, False),
        (fault(403), Fault.AUTH, False),
        (fault(402), Fault.QUOTA, False),
        (fault(429, code="insufficient_quota"), Fault.QUOTA, False),
        (fault(404), Fault.NOT_CONFIGURED, False),
        (fault(400), Fault.NOT_CONFIGURED, False),
        (fault(400, code="context_length_exceeded"), Fault.BAD_INPUT, False),
        (fault(413), Fault.BAD_INPUT, False),
        (fault(400, code="content_filter"), Fault.REFUSED, True),
        (message(refusal="I can't"), Fault.REFUSED, True),
        (message("half", finish="content_filter"), Fault.REFUSED, True),
        (message("half", finish="length"), Fault.INTERRUPTED, True),
        (message(None), Fault.BAD_REPLY, True),
        (message("  "), Fault.BAD_REPLY, True),
        (reply({"choices": None}), Fault.BAD_REPLY, True),
        (reply({"choices": []}), Fault.BAD_REPLY, True),
        (reply({"error": {"message": "no"}}), Fault.BAD_REPLY, True),
        (reply([1, 2]), Fault.BAD_REPLY, True),
        (raw(b"<html>hello</html>", "text/html"), Fault.BAD_REPLY, True),
        (raw(b'{"choices": [', "application/json"), Fault.BAD_REPLY, True),
    ],
)
def test_a_fault_has_its_kind_and_is_not_sent_again(
    wire: Wire, client: OpenAIClient, play: object, kind: Fault, retryable: bool
) -> None:
    wire.plays = [play, message("never")]
    error = failure_of(client)
    assert (error.kind, error.retryable, len(wire.seen)) == (kind, retryable, 1)


@pytest.mark.parametrize(
    ("play", "kind"),
    [
        (fault(429, retry_after="0"), Fault.BUSY),
        (fault(500), Fault.UNAVAILABLE),
        (fault(503), Fault.UNAVAILABLE),
        (fault(504), Fault.TIMEOUT),
        (hang_up, Fault.INTERRUPTED),
    ],
)
def test_a_passing_fault_is_tried_once_more_and_then_told(
    wire: Wire, client: OpenAIClient, play: object, kind: Fault
) -> None:
    wire.plays = [play, play, message("never")]
    assert (failure_of(client).kind, len(wire.seen)) == (kind, 2)


@pytest.mark.parametrize("play", [fault(429, retry_after="0"), fault(500), fault(408), fault(409), hang_up])
def test_the_second_try_may_succeed(wire: Wire, client: OpenAIClient, play: object) -> None:
    wire.plays = [play, message("hello")]
    assert complete(client) == "hello"


def test_the_server_says_how_long_to_wait(wire: Wire, connect: Connect) -> None:
    waits: list[float] = []
    wire.plays = [fault(429, retry_after="3"), message("hello")]
    assert complete(connect(sleep=waits.append)) == "hello"
    assert waits == [3.0]


def test_a_wait_beyond_the_deadline_is_not_begun(wire: Wire, connect: Connect) -> None:
    waits: list[float] = []
    wire.plays = [fault(429, retry_after="120"), message("never")]
    assert (failure_of(connect(sleep=waits.append)).kind, waits) == (Fault.BUSY, [])


def test_silence_is_a_time_out_and_is_not_sent_again(wire: Wire, connect: Connect) -> None:
    wire.plays = [silence(1.0), message("never")]
    assert (failure_of(connect(seconds=0.2)).kind, len(wire.seen)) == (Fault.TIMEOUT, 1)


def test_a_slow_drip_ends_at_the_deadline(wire: Wire, connect: Connect) -> None:
    wire.plays = [drip(b" " * 200, 0.02)]
    assert failure_of(connect(seconds=0.3)).kind is Fault.TIMEOUT


def test_a_slow_stream_ends_at_the_deadline(wire: Wire, connect: Connect) -> None:
    wire.plays = [spoken(*["a"] * 200, pause=0.02)]
    assert streamed(connect(seconds=0.3))[1] is Fault.TIMEOUT


def test_no_call_begins_after_the_deadline(wire: Wire, client: OpenAIClient) -> None:
    with pytest.raises(ServiceError) as caught:
        client.complete("m", ASK, until=client.deadline() - 100)
    assert (caught.value.kind, wire.seen) == (Fault.TIMEOUT, [])


def test_a_server_that_is_not_there_is_unreachable(connect: Connect) -> None:
    assert failure_of(connect(base_url="http://127.0.0.1:9/v1", sleep=lambda _: None)).kind is Fault.UNREACHABLE


@pytest.mark.parametrize("url", ["http://[", "ftp://127.0.0.1/v1", "nonsense"])
def test_a_useless_address_is_a_fault_with_a_sentence(connect: Connect, url: str) -> None:
    with pytest.raises(ServiceError) as caught:
        complete(connect(base_url=url, sleep=lambda _: None))
    assert caught.value.kind in (Fault.NOT_CONFIGURED, Fault.UNREACHABLE)


def test_no_sentence_carries_the_key_or_the_servers_words(wire: Wire, client: OpenAIClient) -> None:
    wire.plays = [fault(401, message="Incorrect API key provided: sk-secret")]
    sentence = failure_of(client).sentence
    assert "secret" not in sentence
    assert "Incorrect" not in sentence


def test_a_refused_parameter_is_left_out_from_then_on(wire: Wire, client: OpenAIClient) -> None:
    wire.plays = [fault(400, param="max_completion_tokens"), message("one"), message("two")]
    assert (complete(client), complete(client)) == ("one", "two")
    assert ["max_completion_tokens" in seen.json for seen in wire.seen] == [True, False, False]


def test_a_parameter_that_only_the_words_name_is_left_out_too(wire: Wire, client: OpenAIClient) -> None:
    wire.plays = [fault(422, message="extra field: prompt_cache_key"), spoken("hi")]
    assert "".join(client.stream("m", ASK, prompt_cache_key="i")) == "hi"
    assert "prompt_cache_key" not in wire.seen[1].json


def test_a_refusal_is_remembered_for_that_model_alone(wire: Wire, client: OpenAIClient) -> None:
    wire.plays = [fault(400, param="max_completion_tokens"), message("one"), message("two")]
    complete(client)
    client.complete("other", ASK, until=client.deadline())
    assert "max_completion_tokens" in wire.seen[2].json


def test_a_stream_comes_in_its_pieces(wire: Wire, client: OpenAIClient) -> None:
    wire.plays = [spoken("Hel", "lo")]
    assert list(client.stream("m", ASK)) == ["Hel", "lo"]


@pytest.mark.parametrize(
    "odd",
    [
        {"id": "1", "choices": [], "usage": {"total_tokens": 3}},
        {"id": "1", "choices": None},
        {"id": "1"},
        {"id": "1", "choices": [{"delta": {}}]},
        {"id": "1", "choices": [{"delta": None, "index": 0}]},
        delta(content=None, reasoning_content="hm"),
        delta(role="assistant", content=""),
    ],
)
def test_odd_chunks_do_no_harm(wire: Wire, client: OpenAIClient, odd: object) -> None:
    wire.plays = [events(odd, delta(content="hi"), odd, delta("stop"), odd)]
    assert streamed(client) == ("hi", None)


@pytest.mark.parametrize(
    ("play", "said", "kind"),
    [
        (spoken("half", finish=None), "half", Fault.INTERRUPTED),
        (spoken("half", finish="length"), "half", Fault.INTERRUPTED),
        (spoken("half", finish="content_filter"), "half", Fault.REFUSED),
        (spoken("half", dies=True), "half", Fault.INTERRUPTED),
        (events(delta(content="half"), done=False), "half", Fault.INTERRUPTED),
        (events(delta(content="half"), {"error": {"message": "boom"}}), "half", Fault.INTERRUPTED),
        (events(delta(content="half"), {"error": {"message": "x", "code": "insufficient_quota"}}), "half", Fault.QUOTA),
        (events(delta(content="half"), "{broken"), "half", Fault.BAD_REPLY),
        (events(delta(refusal="I can't"), delta("stop")), "", Fault.REFUSED),
        (events(), "", Fault.BAD_REPLY),
        (message("whole"), "", Fault.BAD_REPLY),
        (raw(b"<html></html>", "text/html"), "", Fault.BAD_REPLY),
        (fault(401), "", Fault.AUTH),
    ],
)
def test_a_stream_that_did_not_end_well_is_an_error(
    wire: Wire, client: OpenAIClient, play: object, said: str, kind: Fault
) -> None:
    wire.plays = [play]
    assert streamed(client) == (said, kind)


def test_a_stream_is_never_sent_again_once_it_is_open(wire: Wire, client: OpenAIClient) -> None:
    wire.plays = [spoken("half", dies=True), spoken("never")]
    streamed(client)
    assert len(wire.seen) == 1


def test_a_stream_may_be_left_early(wire: Wire, client: OpenAIClient) -> None:
    wire.plays = [spoken("one", "two"), message("next")]
    pieces = client.stream("m", ASK)
    assert next(pieces) == "one"
    pieces.close()
    assert complete(client) == "next"
