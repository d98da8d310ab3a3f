"""A model server that plays a script, and the client that talks to it."""

from collections.abc import Callable, Iterator

import pytest

from core.engines.openai_client import OpenAIClient
from tests.engines import wire as wires

Connect = Callable[..., OpenAIClient]


@pytest.fixture
def wire() -> Iterator[wires.Wire]:
    with wires.running() as wire:
        yield wire


@pytest.fixture
def connect(wire: wires.Wire) -> Iterator[Connect]:
    """Makes clients of the server, and closes them."""
    made: list[OpenAIClient] = []

    def make(**settings: object) -> OpenAIClient:
        client = OpenAIClient(
            **{"api_key": "sk-secret", "base_url": wire.url, "seconds": 10.0, "sleep": lambda _: None, **settings}
        )
        made.append(client)
        return client

    yield make
    for client in made:
        client.close()


@pytest.fixture
def client(connect: Connect) -> OpenAIClient:
    return connect()
