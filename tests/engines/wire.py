"""A model server on a real socket that plays a script: one entry a request, and every request is kept."""

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Seen:
    """A request as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.body)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "WireServer"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        seen = Seen(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
        self.server.wire.seen.append(seen)
        try:
            self.server.wire.next_play(seen)(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client had enough, which some tests are about

    def send(self, status: int, body: bytes, kind: str = "application/json", **headers: str) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def begin_chunks(self, kind: str) -> None:
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()

    def chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()


Play = Callable[[Handler], None]


@dataclass
class Wire:
    """What a test sees of the server."""

    url: str = ""
    plays: list[Play] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    answers: Callable[[Seen], Play] | None = None
    """What to play for a request that no entry of the script is left for."""

    def next_play(self, seen: Seen) -> Play:
        if self.answers is None or self.plays:
            return self.plays.pop(0)
        return self.answers(seen)


class WireServer(ThreadingHTTPServer):
    daemon_threads = True
    wire: Wire

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is part of some tests; anything else is shown as usual."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def running() -> Iterator[Wire]:
    """The server on a free port of this machine."""
    server = WireServer(("127.0.0.1", 0), Handler)
    server.wire = Wire(f"http://127.0.0.1:{server.server_port}/v1")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.wire
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def reply(data: object, status: int = 200, **headers: str) -> Play:
    """Any JSON."""
    return lambda handler: handler.send(status, json.dumps(data).encode(), **headers)


def raw(body: bytes, kind: str, status: int = 200) -> Play:
    """Any bytes."""
    return lambda handler: handler.send(status, body, kind)


def fault(
    status: int, *, code: str | None = None, param: str | None = None, message: str = "no", **headers: str
) -> Play:
    """An error as the API words it."""
    return reply({"error": {"message": message, "type": "error", "code": code, "param": param}}, status, **headers)


def message(content: str | None = None, *, finish: str = "stop", refusal: str | None = None) -> Play:
    """A whole reply."""
    said = {"role": "assistant", "content": content, "refusal": refusal}
    return reply({"id": "1", "choices": [{"index": 0, "finish_reason": finish, "message": said}]})


def delta(finish: str | None = None, **fields: object) -> dict[str, object]:
    """The data of one event of a stream."""
    return {"id": "1", "choices": [{"index": 0, "delta": fields, "finish_reason": finish}]}


def events(*data: object, done: bool = True, dies: bool = False, pause: float = 0.0) -> Play:
    """A stream of these events; `dies` breaks the connection where the end should be."""

    def play(handler: Handler) -> None:
        handler.begin_chunks("text/event-stream")
        for event in data:
            handler.chunk(f"data: {event if isinstance(event, str) else json.dumps(event)}\n\n".encode())
            time.sleep(pause)
        if dies:
            handler.close_connection = True
            return
        if done:
            handler.chunk(b"data: [DONE]\n\n")
        handler.wfile.write(b"0\r\n\r\n")

    return play


def spoken(*pieces: str, finish: str | None = "stop", dies: bool = False, pause: float = 0.0) -> Play:
    """A streamed reply of these pieces."""
    end = [delta(finish)] if finish else []
    return events(*(delta(content=piece) for piece in pieces), *end, dies=dies, pause=pause)


def drip(body: bytes, pause: float) -> Play:
    """A JSON reply that comes byte by byte."""

    def play(handler: Handler) -> None:
        handler.begin_chunks("application/json")
        for byte in body:
            handler.chunk(bytes([byte]))
            time.sleep(pause)
        handler.wfile.write(b"0\r\n\r\n")

    return play


def silence(seconds: float) -> Play:
    """No answer at all, for a while."""

    def play(handler: Handler) -> None:
        time.sleep(seconds)
        handler.close_connection = True

    return play


def hang_up(handler: Handler) -> None:
    """Close the connection without a word."""
    handler.close_connection = True
