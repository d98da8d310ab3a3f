"""The closing summary from an OpenAI-compatible server."""

import json
from collections.abc import Mapping
from typing import Any

from core.engines.base import Fault, ServiceError
from core.engines.openai_client import OpenAIClient
from core.engines.thinking import without_thoughts


class OpenAIWriter:
    """Writes prose from data; a `Writer`."""

    name = "openai"

    def __init__(self, client: OpenAIClient, model: str) -> None:
        self.model = model
        self._client = client

    def write(self, system: str, data: Mapping[str, Any]) -> str:
        """The text, never empty; raises ServiceError."""
        messages = [
            {"role": "system", "content": system},
            {"role": "user", "content": json.dumps(data, ensure_ascii=False, default=str)},
        ]
        text = without_thoughts(self._client.complete(self.model, messages, until=self._client.deadline())).strip()
        if not text:
            raise ServiceError(Fault.BAD_REPLY, "The summary that came back was empty. Please try again.")
        return text
