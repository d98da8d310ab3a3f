"""The interviewer behind an OpenAI-compatible server."""

from collections.abc import Iterator, Sequence

from core.engines.base import AskBrief, Exchange, Fault, ServiceError
from core.engines.header import HeaderParser
from core.engines.openai_client import OpenAIClient
from core.engines.thinking import ThoughtFilter

NAME = "openai"
HISTORY_BYTES = 300_000
"""The history that is sent at most, in bytes of UTF-8: eight times that of a full interview."""


class OpenAIInterviewer:
    """Speaks the next message, streamed, from the whole history of the interview."""

    name = NAME

    def __init__(self, client: OpenAIClient, model: str, *, history_bytes: int = HISTORY_BYTES) -> None:
        self.model = model
        self._client, self._history_bytes = client, history_bytes

    def ask(self, brief: AskBrief) -> Iterator[str]:
        """Pieces of the reply, without what the model only thought; see `Interviewer.ask`."""
        thoughts, parser = ThoughtFilter(), HeaderParser()
        messages = conversation(brief, self._history_bytes)
        for piece in self._client.stream(self.model, messages, prompt_cache_key=brief.interview_id):
            if shown := thoughts.feed(piece):
                parser.feed(shown)
                yield shown
        if rest := thoughts.close():
            parser.feed(rest)
            yield rest
        parser.close()
        if not parser.text.strip():
            raise ServiceError(Fault.BAD_REPLY, "The interviewer's reply was empty. Please try again.")


def conversation(brief: AskBrief, history_bytes: int) -> list[dict[str, str]]:
    """The messages of a request: what never changes first, then the history, and the card last."""
    messages = [{"role": "system", "content": brief.system}]
    if brief.context:
        messages.append({"role": "user", "content": brief.context})
    for exchange in newest(brief.history, history_bytes):
        messages.append({"role": "assistant", "content": exchange.message})
        messages.append({"role": "user", "content": exchange.answer})
    return [*messages, {"role": "user", "content": brief.card_text}]


def newest(history: Sequence[Exchange], history_bytes: int) -> Sequence[Exchange]:
    """As many of the last exchanges as fit the budget; the very last always does."""
    spent = 0
    for count, exchange in enumerate(reversed(history)):
        spent += len((exchange.message + exchange.answer).encode("utf-8", "replace"))
        if spent > history_bytes and count > 0:
            return history[len(history) - count :]
    return history
