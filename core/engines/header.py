"""Tell the first line of an interviewer's reply, which is for us, from the message, which is for the learner."""

import json
import re
from dataclasses import dataclass

MAX_HEADER = 2000
"""Characters; an object that is not closed by then is part of the message."""

START = re.compile(r"\s*(?P<fence>`{3}[a-z]*\s*)?\{")
MAYBE_START = re.compile(r"\s*(`{0,3}|`{3}[a-z]*\s*)")


@dataclass(frozen=True, slots=True)
class Header:
    """What the model says about its own reply, lower case and unchecked against the card."""

    band: str
    move: str
    skill: str


class HeaderParser:
    """Takes a reply in pieces and gives back the pieces of the message.

    The header is one JSON object at the start: on a line, over several, or in a code fence. `header` stays None when
    there is none or it lacks a field; a reply without one is all message. `text` is the message so far.
    """

    def __init__(self) -> None:
        self.header: Header | None = None
        self.text = ""
        self._held: str | None = ""  # None as soon as the message has begun
        self._past_header, self._fence_open = False, False

    def feed(self, piece: str) -> str:
        """The part of the message that this piece adds, often empty while the header comes in."""
        if self._held is None:
            return self._show(piece)
        self._held += piece
        return self._decide(last=False)

    def close(self) -> str:
        """The reply is complete: what was still held back is message."""
        return "" if self._held is None else self._decide(last=True)

    def _decide(self, *, last: bool) -> str:
        held = (self._held or "").removeprefix("\ufeff")
        if self._past_header:
            return self._after(held, last=last)
        start = START.match(held)
        if start is None:
            waiting = not last and MAYBE_START.fullmatch(held) is not None and len(held) <= MAX_HEADER
            return "" if waiting else self._begin(held)
        end = _end_of_object(held[:MAX_HEADER], start.end() - 1)
        if end is None:
            waiting = not last and len(held) < MAX_HEADER
            return "" if waiting else self._begin(held)
        if not _is_header(held[start.end() - 1 : end]):
            return self._begin(held)
        self.header = _read(held[start.end() - 1 : end])
        self._past_header, self._fence_open = True, start["fence"] is not None
        return self._after(held[end:], last=last)

    def _after(self, held: str, *, last: bool) -> str:
        """Skip the white space and the closing fence between the header and the message."""
        rest = held.lstrip()
        if self._fence_open and rest.startswith("```"):
            self._fence_open, rest = False, rest[3:].lstrip()
        if not last and (not rest or (self._fence_open and "```".startswith(rest))):
            self._held = rest
            return ""
        return self._begin(rest)

    def _begin(self, message: str) -> str:
        self._held = None
        return self._show(message)

    def _show(self, piece: str) -> str:
        self.text += piece
        return piece


def _end_of_object(text: str, start: int) -> int | None:
    """The index after the brace that closes the one at `start`, braces within strings left out."""
    depth, in_string, escaped = 0, False, False
    for index in range(start, len(text)):
        char = text[index]
        if in_string:
            in_string = escaped or char != '"'
            escaped = char == "\\" and not escaped
        elif char == '"':
            in_string, escaped = True, False
        elif char in "{}":
            depth += 1 if char == "{" else -1
            if depth == 0:
                return index + 1
    return None


def _is_header(text: str) -> bool:
    """Whether an object at the start of a reply is meant for us, well-formed or not."""
    return re.search(r"\b(band|move)\b", text) is not None


def _read(text: str) -> Header | None:
    try:
        fields = json.loads(text, strict=False)
    except ValueError:
        return None
    values = [fields.get(name) for name in ("band", "move", "skill")]
    if not all(isinstance(value, str) for value in values):
        return None
    return Header(*(value.strip().lower().replace("-", "_").replace(" ", "_") for value in values))
