"""The summary writer over a real socket."""

import datetime as dt
import json

import pytest

from core.engines.base import Fault, ServiceError
from core.engines.openai_client import OpenAIClient
from core.engines.openai_writer import OpenAIWriter
from tests.engines.wire import Wire, message


def test_the_data_goes_out_as_json_beside_the_instructions(wire: Wire, client: OpenAIClient) -> None:
    wire.plays = [message("<think>hm</think> Well done. ")]
    data = {"mean": 6.5, "on": dt.date(2026, 1, 5)}
    assert OpenAIWriter(client, "m").write("Be kind.", data) == "Well done."
    system, user = wire.seen[0].json["messages"]
    assert system == {"role": "system", "content": "Be kind."}
    assert json.loads(user["content"]) == {"mean": 6.5, "on": "2026-01-05"}


def test_nothing_but_thoughts_is_an_error(wire: Wire, client: OpenAIClient) -> None:
    wire.plays = [message("<think>hm</think>")]
    with pytest.raises(ServiceError) as caught:
        OpenAIWriter(client, "m").write("s", {})
    assert caught.value.kind is Fault.BAD_REPLY
