"""Text as it arrives: a worker writes, any number of pages read along, come late or leave early."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

Key = tuple[int, int]
"""Interview row id and turn number."""


class Buffer:
    """The text of one message so far."""

    def __init__(self) -> None:
        self.text = ""
        self.done = False
        self._changed = threading.Condition()

    def write(self, piece: str) -> None:
        with self._changed:
            self.text += piece
            self._changed.notify_all()

    def close(self) -> None:
        with self._changed:
            self.done = True
            self._changed.notify_all()

    def follow(self, patience: float) -> Iterator[str]:
        """The whole text each time it has grown, until it is closed or nothing came for `patience` seconds."""
        seen = ""
        while True:
            with self._changed:
                if not self.done and self.text == seen and not self._changed.wait(patience):
                    return
                text, done = self.text, self.done
            if text != seen:
                seen = text
                yield text
            if done:
                return


class Live:
    """The messages being written in this process at the moment; the database has all that are finished."""

    def __init__(self) -> None:
        self._buffers: dict[Key, Buffer] = {}
        self._lock = threading.Lock()

    @contextmanager
    def writing(self, key: Key) -> Iterator[Buffer]:
        """A fresh buffer that pages can follow for as long as the block runs."""
        buffer = Buffer()
        with self._lock:
            self._buffers[key] = buffer
        try:
            yield buffer
        finally:
            buffer.close()
            with self._lock:
                if self._buffers.get(key) is buffer:
                    del self._buffers[key]

    def follow(self, key: Key, patience: float = 2.0) -> Iterator[str]:
        """What is being written under `key`, growing; ends at once when nothing is written here."""
        with self._lock:
            buffer = self._buffers.get(key)
        return buffer.follow(patience) if buffer else iter(())
