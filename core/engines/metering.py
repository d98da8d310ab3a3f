"""What calls to a model cost, told by whoever makes them to whoever asked for them."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class Usage:
    """Replies of a server, the tokens read and written for them, and the seconds of audio heard."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: int = 0

    def add(self, *, tokens_in: int = 0, tokens_out: int = 0, seconds: int = 0) -> None:
        """One more reply, with what the server says that it took."""
        self.calls += 1
        self.tokens_in += tokens_in
        self.tokens_out += tokens_out
        self.seconds += seconds


_listener: ContextVar[Usage | None] = ContextVar("listener", default=None)


@contextmanager
def listening() -> Iterator[Usage]:
    """Collects what servers tell in this thread meanwhile; it stays empty where they tell nothing."""
    before, told = _listener.get(), Usage()
    _listener.set(told)
    try:
        yield told
    finally:
        _listener.set(before)  # no token is used: a generator may be closed in another context than it began in


def tell(*, tokens_in: int = 0, tokens_out: int = 0, seconds: int = 0) -> None:
    """Says what a reply took, to whoever listens."""
    if (told := _listener.get()) is not None:
        told.add(tokens_in=tokens_in, tokens_out=tokens_out, seconds=seconds)
