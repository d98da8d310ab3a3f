"""From a recording to text for the answer box."""

from dataclasses import dataclass

from core.domains import DomainStore
from core.engines.base import Fault, ServiceError, SpeechHints, Transcriber
from core.speech import audio

MIN_SPEECH = 0.4
"""Seconds of speech under which a recording is taken for silence."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the recogniser heard, and the same with technical terms put right."""

    raw: str
    text: str


class Speech:
    """Transcribes recordings, where a speech service is set."""

    def __init__(self, transcriber: Transcriber | None, domains: DomainStore) -> None:
        self._transcriber, self._domains = transcriber, domains

    @property
    def available(self) -> bool:
        return self._transcriber is not None

    def hear(
        self, data: bytes, name: str, *, domain: str, question: str, language: str = "", force: bool = False
    ) -> Heard:
        """The words of a recording; raises ServiceError, and the caller keeps the recording until it has text.

        A recording with nothing said in it is refused before any call unless `force` is set.
        """
        if self._transcriber is None:
            raise ServiceError(Fault.NOT_CONFIGURED, "No speech service is set up here, so please type your answer.")
        clip = audio.prepare(data, name)
        spoken = audio.speech_seconds(clip)
        if spoken is not None and spoken < MIN_SPEECH and not force:
            raise ServiceError(
                Fault.SILENCE, "We heard no speech in this recording; check the microphone, or send it anyway."
            )
        text = self._transcriber.transcribe(clip, self._hints(domain, question, language)).strip()
        if not text:
            raise ServiceError(
                Fault.BAD_REPLY, "The speech service found no words in this recording; try again, or type."
            )
        return Heard(text, text)

    def _hints(self, key: str, question: str, language: str) -> SpeechHints:
        domain = self._domains.catalogue().domains.get(key)
        if domain is None:
            return SpeechHints(language=language)
        asked = question.casefold()
        ranked = sorted(domain.glossary, key=lambda term: (term.term.casefold() not in asked, -term.weight, term.term))
        return SpeechHints(domain.name, tuple(term.term for term in ranked), language)
