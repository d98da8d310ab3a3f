"""The grader's model behind an OpenAI-compatible server: one response in, a checked judgement out, never a score."""

import json
import secrets
from collections.abc import Callable
from typing import Any

import openai

from core.engines import judgement
from core.engines.base import Assessment, Fault, GradeTask, ServiceError
from core.engines.openai_client import UNSUPPORTED, Messages, OpenAIClient, Passing
from core.engines.thinking import without_thoughts
from core.prompts import Prompt

INVALID_CHARACTERS = 1500
"""How much of a complaint, and of the reply that it is about, the model is shown again."""


def new_canary() -> str:
    """A word that nobody writes by chance."""
    return secrets.token_hex(8)


def formats(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """Ways to ask for JSON, the strictest first; the last is the prompt alone, which always carries the schema."""
    return [
        {
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "judgement", "schema": schema, "strict": True},
            }
        },
        {"response_format": {"type": "json_object", "schema": schema}},
        {"response_format": {"type": "json_object"}},
        {},
    ]


class OpenAIAssessor:
    """Judges one response in a context of its own; an `Assessor`.

    `canary` makes a secret word for each call: a reply that contains it has leaked the instructions and is withheld.
    """

    name = "openai"

    def __init__(
        self, client: OpenAIClient, model: str, prompt: Prompt, *, canary: Callable[[], str] = new_canary
    ) -> None:
        self.model, self.prompt_digest = model, prompt.digest
        self._client, self._prompt, self._canary = client, prompt, canary
        self._rung = 0  # of `formats`: the first that this server and model are known to take

    def assess(self, task: GradeTask) -> Assessment:
        """The model's judgement; raises ServiceError when it is refused, cut off, leaked, or malformed twice."""
        until, canary = self._client.deadline(), self._canary()
        schema = judgement.form_for(task).model_json_schema()
        messages = [
            {"role": "system", "content": self._prompt.render(schema=json.dumps(schema), canary=canary).text},
            {"role": "user", "content": judgement.item(task)},
        ]
        reply = self._reply(messages, schema, canary, until)
        try:
            return judgement.read(reply, task)
        except ValueError as error:
            complaint = f"Invalid: {str(error)[:INVALID_CHARACTERS]}"
        messages += [{"role": "assistant", "content": reply}, {"role": "user", "content": complaint}]
        try:
            return judgement.read(self._reply(messages, schema, canary, until), task)
        except ValueError as error:
            raise ServiceError(
                Fault.BAD_REPLY, "The grader's reply could not be read, twice over. Please try again."
            ) from error

    def _reply(self, messages: Messages, schema: dict[str, Any], canary: str, until: float) -> str:
        """What the model replies, by the strictest format that the server takes."""
        rungs = formats(schema)
        for rung in range(self._rung, len(rungs)):
            passing: Passing = (*UNSUPPORTED, openai.InternalServerError) if rung + 1 < len(rungs) else ()
            try:
                reply = self._client.complete(self.model, messages, until=until, passing=passing, **rungs[rung])
            except passing:
                continue
            self._rung = rung
            text = without_thoughts(reply)
            if canary in text:
                raise ServiceError(
                    Fault.BAD_REPLY, "The grader's reply was withheld: it gave its instructions away.", retryable=False
                )
            return text
        raise AssertionError("the last rung returns or raises")
