"""The one door to an OpenAI-compatible model server: deadlines, retries, refused parameters, faults in plain words."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from math import ceil
from typing import Any

import httpx2
import openai

from core.engines import metering
from core.engines.base import Fault, ServiceError
from core.engines.openai_faults import FAULTS, cut_off, refused, translate

Messages = Sequence[Mapping[str, str]]
Passing = tuple[type[openai.APIStatusError], ...]
UNSUPPORTED: Passing = (openai.BadRequestError, openai.UnprocessableEntityError)
"""How a server answers a request with a field that it doesn't know."""

CONNECT_SECONDS = 5.0
SILENT_SECONDS = 30.0
"""The longest pause within a streamed reply."""
RETRY_SECONDS = 0.5
RETRIED = (408, 409, 429)
REPLY_TOKENS = 8000
"""A bound on runaway replies, with room for the tokens that a reasoning model spends on thinking."""
MOST = 10**9
"""Tokens or seconds above which a server's word is not taken."""
OPTIONAL = ("max_completion_tokens", "prompt_cache_key", "stream_options")
"""Parameters that a server may refuse and that a call can do without."""

_deadline: ContextVar[float] = ContextVar("deadline", default=float("inf"))


class OpenAIClient:
    """One model server; may be shared by threads. Every method raises ServiceError, and nothing else, on a fault.

    `seconds` bounds a call in all, retries included; a reply that stalls half-way may take one silent pause more.
    """

    def __init__(
        self,
        *,
        api_key: str,
        base_url: str | None,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._seconds, self._clock, self._sleep = seconds, clock, sleep
        self._refused: dict[str, set[str]] = {}
        self._lock = threading.Lock()
        with translated():
            hooks = {"response": [self._bound]}
            self._sdk = openai.OpenAI(
                api_key=api_key.strip(),
                base_url=base_url or None,
                max_retries=0,  # ours know the deadline, and don't retry an exhausted quota
                http_client=openai.DefaultHttpxClient(event_hooks=hooks),
            )

    def close(self) -> None:
        self._sdk.close()

    def deadline(self) -> float:
        """The moment, on this client's clock, when a call that begins now must have ended."""
        return self._clock() + self._seconds

    def complete(self, model: str, messages: Messages, *, until: float, passing: Passing = (), **optional: Any) -> str:
        """The whole text of a reply, as the server sent it; SDK errors in `passing` come out as they are."""
        with translated(model, passing):
            reply = self._create(model, messages, until, optional)
            _tell(reply)
            choice = reply.choices[0]
            if choice.message.refusal:
                raise refused()
            _check_finish(choice.finish_reason)
            text = choice.message.content
            if not isinstance(text, str) or not text.strip():
                raise ServiceError(Fault.BAD_REPLY, "The model's reply was empty. Please try again.")
            return text

    def stream(self, model: str, messages: Messages, **optional: Any) -> Iterator[str]:
        """The text of a reply in pieces; it has come whole only when the iterator ends without an error."""
        with translated(model):
            finish, chunks, was_refused, last = None, 0, False, None
            wanted = {"stream": True, "stream_options": {"include_usage": True}, **optional}
            with self._create(model, messages, self.deadline(), wanted) as stream:
                for chunk in stream:
                    chunks += 1
                    last = chunk if getattr(chunk, "usage", None) else last
                    for choice in (chunk.choices or [])[:1]:
                        finish = choice.finish_reason or finish
                        was_refused = was_refused or bool(choice.delta and choice.delta.refusal)
                        if choice.delta and choice.delta.content:
                            yield choice.delta.content
            _tell(last)
            if was_refused:
                raise refused()
            if not chunks:
                raise ServiceError(Fault.BAD_REPLY, "The model server did not answer with a stream. Please try again.")
            _check_finish(finish)

    def transcribe(
        self, model: str, file: tuple[str, bytes, str], *, until: float, passing: Passing = (), **optional: Any
    ) -> Any:
        """What the server answers to a recording, unchecked; SDK errors in `passing` come out as they are."""
        with translated(model, passing):
            call = partial(self._sdk.audio.transcriptions.create, model=model, file=file, **optional)
            reply = self._retrying(call, until, silent=self._seconds)
            _tell(reply)
            return reply

    def _create(self, model: str, messages: Messages, until: float, optional: dict[str, Any]) -> Any:
        """Call the server, leaving out what it refuses; each refusal is remembered for this server and model."""
        wanted = {"max_completion_tokens": REPLY_TOKENS, **optional}
        silent = SILENT_SECONDS if optional.get("stream") else self._seconds
        while True:
            sent = {name: value for name, value in wanted.items() if name not in self._refused.get(model, ())}
            call: Callable[..., Any] = partial(self._sdk.chat.completions.create, model=model, **sent)
            try:
                return self._retrying(partial(call, messages=_sendable(messages)), until, silent)
            except UNSUPPORTED as error:
                unwanted = _named(error, [name for name in OPTIONAL if name in sent])
                if unwanted is None:
                    raise
                with self._lock:
                    self._refused.setdefault(model, set()).add(unwanted)

    def _retrying(self, call: Callable[..., Any], until: float, silent: float) -> Any:
        """Call, and once more after a passing fault if the server's wish to wait leaves time for it."""
        for attempt in (1, 2):
            left = until - self._clock()
            if left <= 0:
                raise ServiceError(Fault.TIMEOUT, "The model server took too long to answer. Please try again.")
            token = _deadline.set(until)
            try:
                return call(timeout=httpx2.Timeout(min(silent, left), connect=min(CONNECT_SECONDS, left)))
            except openai.APIError as error:
                wait = _wait(error)
                if attempt == 2 or wait is None or wait >= until - self._clock():
                    raise
                self._sleep(wait)
            finally:
                _deadline.reset(token)
        raise AssertionError("the loop returns or raises")

    def _bound(self, response: httpx2.Response) -> None:
        """An httpx2 hook: hold the body to the deadline too, since a read timeout never ends a slow drip."""
        response.stream = _Bounded(response.stream, _deadline.get(), self._clock)


class _Bounded(httpx2.SyncByteStream):
    """A response body that ends with a time-out at the deadline."""

    def __init__(self, stream: Any, until: float, clock: Callable[[], float]) -> None:
        self._stream, self._until, self._clock = stream, until, clock

    def __iter__(self) -> Iterator[bytes]:
        for part in self._stream:
            if self._clock() > self._until:
                raise httpx2.ReadTimeout("the reply took too long")
            yield part

    def close(self) -> None:
        self._stream.close()


@contextmanager
def translated(model: str = "", passing: Passing = ()) -> Iterator[None]:
    """Turn every fault of the SDK, the wire or a malformed reply into a ServiceError, except those in `passing`."""
    try:
        yield
    except passing:
        raise
    except FAULTS as error:
        raise translate(error, model) from error


def _sendable(messages: Messages) -> list[dict[str, str]]:
    """The messages with a lone surrogate, which UTF-8 can't carry, as a question mark."""
    return [{key: text.encode("utf-8", "replace").decode() for key, text in said.items()} for said in messages]


def _tell(reply: Any) -> None:
    """Passes on what a reply, or the last piece of one, says that it took; many servers say nothing."""
    usage = getattr(reply, "usage", None)
    known = {
        "tokens_in": _whole(usage, "prompt_tokens", "input_tokens"),
        "tokens_out": _whole(usage, "completion_tokens", "output_tokens"),
        "seconds": _whole(usage, "seconds"),
    }
    if any(known.values()):
        metering.tell(**known)


def _whole(usage: Any, *names: str) -> int:
    """The first of these fields that holds a number, rounded up; 0 where none does, for the field is the server's."""
    numbers = (getattr(usage, name, None) for name in names)
    return next((ceil(number) for number in numbers if isinstance(number, int | float) and 0 < number < MOST), 0)


def _check_finish(reason: str | None) -> None:
    if reason == "content_filter":
        raise refused()
    if reason != "stop":
        raise cut_off()


def _wait(error: openai.APIError) -> float | None:
    """Seconds to wait before the one retry, or None when a retry is no use."""
    if isinstance(error, openai.APITimeoutError) or error.code == "insufficient_quota":
        return None
    if isinstance(error, openai.APIConnectionError):
        return RETRY_SECONDS
    if not isinstance(error, openai.APIStatusError) or (error.status_code < 500 and error.status_code not in RETRIED):
        return None
    try:
        return max(0.0, float(error.response.headers.get("retry-after", RETRY_SECONDS)))
    except ValueError:
        return RETRY_SECONDS


def _named(error: openai.APIStatusError, names: Sequence[str]) -> str | None:
    """The parameter that the server's complaint is about, by its `param` field or its words."""
    complaint = f"{error.param or ''} {error.message}"
    return next((name for name in names if name in complaint), None)
