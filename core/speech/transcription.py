"""From a recording to text for the answer box."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from core.domains import DomainStore
from core.engines.base import Clip, Fault, ServiceError, SpeechHints, Transcriber
from core.speech import audio
from core.speech.correctors import NOTHING, Correctors, Learnt
from core.speech.delivery import Sound
from core.speech.doubts import is_echo, is_of_silence, without_loops
from core.speech.hints import hints_for, likely_terms
from core.speech.sound import listen
from core.speech.terms import Correction, Corrector

MIN_SPEECH = 0.4
"""Seconds of speech under which a recording is taken for silence."""
REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class Heard:
    """What the recogniser heard, the same with loops cut and technical terms put right, and what the sound tells."""

    raw: str
    done: Correction
    sound: Sound | None = None

    @property
    def text(self) -> str:
        return self.done.text


class Speech:
    """Transcribes recordings, where a speech service is set."""

    def __init__(
        self,
        transcriber: Transcriber | None,
        domains: DomainStore,
        learnt: Callable[[str], Learnt] = lambda domain: NOTHING,
    ) -> None:
        """`learnt` tells of a domain the forms that learners put right."""
        self._transcriber, self._domains = transcriber, domains
        self._correctors = Correctors(domains, learnt)
        self._understood: dict[tuple[str, str], tuple[Corrector | None, Heard]] = {}

    @property
    def available(self) -> bool:
        return self._transcriber is not None

    def prepare(self) -> None:
        """Load what correcting terms needs, so that the first recording doesn't wait for it; without a service, nothing."""
        if self.available:
            for key in self._domains.catalogue().domains:
                self.understood("ready", key)

    def hear(
        self,
        data: bytes,
        name: str,
        *,
        domain: str,
        question: str,
        question_id: str | None = None,
        skill: str = "",
        language: str = "",
        force: bool = False,
    ) -> Heard:
        """The words of a recording; raises ServiceError, and the caller keeps the recording until it has text.

        A recording with nothing said in it is refused before any call, and what is written of silence after it, unless
        `force` is set. One of more than ten minutes goes in pieces.
        """
        if self._transcriber is None:
            raise ServiceError(Fault.NOT_CONFIGURED, "No speech service is set up here, so please type your answer.")
        clip = audio.prepare(data, name)
        spoken = audio.speech_seconds(clip)
        if spoken is not None and spoken < MIN_SPEECH and not force:
            raise ServiceError(
                Fault.SILENCE, "We heard no speech in this recording; check the microphone, or send it anyway."
            )
        found = self._domains.catalogue().domains.get(domain)
        hints = SpeechHints(language=language)
        if found:
            hints = hints_for(found, question, question_id, skill, language)
        pieces = audio.parts(clip)
        if len(pieces) > 1:
            pieces = [piece for piece in pieces if (audio.speech_seconds(piece) or 0) >= MIN_SPEECH] or pieces
        raw = " ".join(self._transcribe(self._transcriber, piece, hints) for piece in pieces)
        if is_of_silence(raw) and not force:
            raise ServiceError(
                Fault.SILENCE, "We understood no word of this recording; check the microphone, or send it anyway."
            )
        return replace(self.understood(raw, domain, question, question_id), sound=listen(clip))

    def understood(self, raw: str, domain: str, question: str = "", question_id: str | None = None) -> Heard:
        """What a recogniser's text comes to, with loops cut and the domain's terms put right, the question's the soonest."""
        found, corrector = self._domains.catalogue().domains.get(domain), self._correctors.of(domain)
        known = self._understood.get((raw, question))
        if known is not None and known[0] is corrector:  # the page asks for what was written down a moment ago
            return known[1]
        text = without_loops(raw)
        done = Correction(text)
        if found is not None and corrector is not None:
            done = corrector.correct(text, likely_terms(found, question, question_id), before=corrector.talk(question))
        self._understood[raw, question] = (corrector, Heard(raw, done))
        while len(self._understood) > REMEMBERED:
            self._understood.pop(next(iter(self._understood), ("", "")), None)
        return Heard(raw, done)

    @staticmethod
    def _transcribe(transcriber: Transcriber, clip: Clip, hints: SpeechHints) -> str:
        """What is heard; when that is the glossary itself, what is heard without it."""
        text = transcriber.transcribe(clip, hints).strip()
        if is_echo(text, hints.terms):
            text = transcriber.transcribe(clip, replace(hints, topic="", terms=())).strip()
        if not text:
            raise ServiceError(
                Fault.BAD_REPLY, "The speech service found no words in this recording; try again, or type."
            )
        return text
