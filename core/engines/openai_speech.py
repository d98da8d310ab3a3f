"""Speech to text by an OpenAI-compatible server."""

from typing import Any

from core.engines.base import Clip, Fault, ServiceError, SpeechHints
from core.engines.openai_client import UNSUPPORTED, OpenAIClient, Passing, translated

KEYWORD_MODELS = ("gpt-transcribe",)
"""Models that take `keywords` and `languages`; all others are sent `prompt` and `language`."""
MAX_KEYWORDS = 60
PROMPT_CHARACTERS = 450
"""Recognisers keep only the last 223 tokens of a prompt, and a glossary runs 2.6 characters a token."""


class OpenAITranscriber:
    """Sends a recording with the terms that are likely in it."""

    name = "openai"

    def __init__(self, client: OpenAIClient, model: str) -> None:
        self.model = model
        self._client = client

    def transcribe(self, clip: Clip, hints: SpeechHints) -> str:
        """The words of the recording, never empty; raises ServiceError."""
        file = (clip.name, clip.data, clip.mime)
        until = self._client.deadline()
        optional = fields(self.model, hints)
        passing: Passing = UNSUPPORTED if optional else ()
        with translated(self.model):
            try:
                reply = self._client.transcribe(self.model, file, until=until, passing=passing, **optional)
            except passing:
                # One unwelcome keyword or an unknown field refuses the whole request: better unaided than unheard.
                reply = self._client.transcribe(self.model, file, until=until)
            text = reply.text  # a server that answers in plain text or HTML gives a str, which has none
            if not isinstance(text, str):
                raise TypeError("the reply carries no text")
        if not text.strip():
            raise ServiceError(Fault.SILENCE, "No words were recognised in this recording. Try again, or type.")
        return text.strip()


def fields(model: str, hints: SpeechHints) -> dict[str, Any]:
    """The optional fields of the request, by what the model is known to take."""
    language = hints.language.split("-")[0].lower()
    terms = [term for term in (_one_line(term) for term in hints.terms) if term]
    sent: dict[str, Any]
    if model.startswith(KEYWORD_MODELS):
        sent = {"keywords": terms[:MAX_KEYWORDS], "languages": [language] if language else []}
    else:
        sent = {"prompt": glossary(_one_line(hints.topic), terms), "language": language}
    return {name: value for name, value in sent.items() if value}


def glossary(topic: str, terms: list[str]) -> str:
    """A prompt of at most PROMPT_CHARACTERS with as many of the best terms as fit, the best last."""
    lead = f"Interview answer about {topic}." if topic else "Interview answer."
    if not terms:
        return lead if topic else ""
    lead = f"{lead[: PROMPT_CHARACTERS // 2]} Terms: "
    taken: list[str] = []
    for term in terms:
        if len(lead) + len(", ".join([term, *taken])) + 1 > PROMPT_CHARACTERS:
            break
        taken.insert(0, term)
    return f"{lead}{', '.join(taken)}."


def _one_line(text: str) -> str:
    """The text as servers take a keyword: one line, no angle brackets."""
    return " ".join(text.replace("<", " ").replace(">", " ").split())
