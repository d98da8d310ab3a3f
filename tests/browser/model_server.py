"""A model server that can hold a whole interview: it asks, grades, sums up and writes down what it hears."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.engines import wire as wires
from tests.engines.wire import Play, Seen, Wire

SAID = "I would ask about milk first and pour in rounds"


@dataclass
class ModelServer:
    """The server; `pause` is the time between the pieces of a reply, `heard` what every recording says.

    Where `heard` is None, recordings are answered with a page of HTML.
    """

    wire: Wire
    pause: float = 0.02
    heard: str | None = SAID

    @property
    def settings(self) -> dict[str, str]:
        """The environment of an app that uses it."""
        return {"VIVA_ENGINE": "openai", "OPENAI_BASE_URL": self.wire.url, "OPENAI_API_KEY": "sk-test"}

    @property
    def asks(self) -> list[list[dict[str, str]]]:
        """The messages of every request for a question, in order."""
        return [seen.json["messages"] for seen in self.wire.seen if _is_ask(seen)]

    def play(self, seen: Seen) -> Play:
        if seen.path.endswith("/audio/transcriptions"):
            if self.heard is None:
                return wires.raw(b"<html>Bad gateway</html>", "text/html")
            return wires.reply({"text": self.heard})
        if _is_ask(seen):
            number = sum(message["role"] == "assistant" for message in seen.json["messages"]) + 1
            band = "none" if number == 1 else "strong"
            header = json.dumps({"band": band, "move": "new_topic", "skill": "serving"}) + "\n"
            words = f"This is question {number}: how do you serve tea to a table of four?".split(" ")
            return wires.spoken(header, *(f"{word} " for word in words), pause=self.pause)
        if "response_format" in seen.json:
            return wires.message(json.dumps(_judgement(seen.json)))
        return wires.message("You spoke clearly.")


@contextmanager
def running(**settings: Any) -> Iterator[ModelServer]:
    """The server, on a free port of this machine."""
    with wires.running() as wire:
        server = ModelServer(wire, **settings)
        wire.answers = server.play
        yield server


def _is_ask(seen: Seen) -> bool:
    return seen.path.endswith("/chat/completions") and bool(seen.json.get("stream"))


def _judgement(request: dict[str, Any]) -> dict[str, Any]:
    """Every point met and every criterion at level 3 of 4, with the answer itself as evidence."""
    item = json.loads(request["messages"][1]["content"])
    quote = item["answer"]
    schema = request["response_format"]["json_schema"]["schema"]
    names = next(part for name, part in schema["$defs"].items() if name.endswith("Criteria"))["properties"]
    return {
        "key_points": [{"number": p["number"], "quote": quote, "status": "met"} for p in item["key_points"]],
        "errors": [],
        "criteria": {name: {"quote": quote, "rationale": "It is said.", "level": 3} for name in names},
        "feedback": {"strength": "Clear.", "gap": "", "next_step": "Go on.", "improved": ""},
        "injection_attempt": False,
        "confidence": "high",
    }
