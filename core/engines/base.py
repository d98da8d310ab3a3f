"""What an engine is: the Protocols that the rest of Viva talks to, and the values that go in and out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from core.interview.model import Band, Card


class Fault(StrEnum):
    """The kinds of failure that a learner or an administrator can do something different about."""

    NOT_CONFIGURED = "not_configured"
    AUTH = "auth"
    QUOTA = "quota"
    BUDGET = "budget"
    BUSY = "busy"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    INTERRUPTED = "interrupted"
    REFUSED = "refused"
    BAD_REPLY = "bad_reply"
    BAD_INPUT = "bad_input"
    SILENCE = "silence"
    NOT_FOUND = "not_found"
    UNAVAILABLE = "unavailable"


class ServiceError(Exception):
    """A failure outside our code, with one sentence that a learner can read and act on."""

    def __init__(self, kind: Fault, sentence: str, *, retryable: bool = True) -> None:
        super().__init__(sentence)
        self.kind, self.sentence, self.retryable = kind, sentence, retryable


@dataclass(frozen=True, slots=True)
class Exchange:
    """One turn of the history: what the interviewer said, and what the learner answered."""

    message: str
    answer: str


@dataclass(frozen=True, slots=True)
class Material:
    """What a step of the card may say: the bank's question, follow-up or hint, in our words."""

    text: str
    skill_name: str


@dataclass(frozen=True, slots=True)
class AskBrief:
    """Everything an interviewer needs for its next message.

    `system` is the stable prefix and `context` what the candidate gave for the interview, as data (or empty); `history` is
    the whole chat so far, `card_text` the rendered policy card; `card`, `materials`
    and `answered` (the last question as the grader sees it) are the same in structured form, for engines without a model.
    """

    interview_id: str
    number: int
    limit: int
    mode: str
    domain_name: str
    system: str
    history: Sequence[Exchange]
    card_text: str
    card: Card
    materials: Mapping[Band, Material]
    answered: "GradeTask | None" = None
    context: str = ""


class Interviewer(Protocol):
    """Speaks the interviewer's next message."""

    name: str
    model: str

    def ask(self, brief: AskBrief) -> Iterator[str]:
        """Pieces of the reply: one JSON line {"band", "move", "skill"}, a newline, then the message.

        Raises ServiceError, also in mid-stream; a reply that ended early is an error, never a short message.
        """
        ...


@dataclass(frozen=True, slots=True)
class KeyPoint:
    """Something that a good answer says; `accept` are other wordings of it, `must` means no good answer lacks it."""

    point: str
    accept: tuple[str, ...] = ()
    weight: float = 1.0
    must: bool = False


@dataclass(frozen=True, slots=True)
class Misconception:
    """A wrong belief that this question brings out, the wordings that betray it, and what is right."""

    claim: str
    accept: tuple[str, ...]
    correction: str


@dataclass(frozen=True, slots=True)
class GradeTask:
    """One response to grade, and nothing about who gave it.

    `before` holds the earlier answers to the same question when this one answers a follow-up: what they said already needs
    no repeating, so only the key points that they left out are still to be met (all of them when they left out none).
    """

    question: str
    answer: str
    kind: str = "knowledge"
    level: int = 3
    reference: str = ""
    key_points: tuple[KeyPoint, ...] = ()
    misconceptions: tuple[Misconception, ...] = ()
    anchors: Mapping[str, str] = field(default_factory=dict, hash=False)
    domain: str = ""
    hints: int = 0
    before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PointFound:
    """A key point as the grader found it: status is met, partial, missing or contradicted; quote is verbatim or empty."""

    point: str
    status: str
    quote: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """A rubric criterion with its level 0–4, why, and the learner's words that show it (verbatim, or empty)."""

    name: str
    level: int
    rationale: str
    quote: str


@dataclass(frozen=True, slots=True)
class Feedback:
    """What to tell the learner: each a sentence or two, empty where there is nothing to say.

    `comment` is what a person says in one piece.
    """

    strength: str
    gap: str
    next_step: str
    improved: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Assessment:
    """A model's raw judgement of one response, before code has checked a word of it."""

    points: tuple[PointFound, ...]
    errors: tuple[tuple[str, str], ...]
    """(quote, correction) of each wrong statement."""
    criteria: tuple[Criterion, ...]
    feedback: Feedback
    confidence: str
    """high, medium or low"""
    injection: bool = False
    """The answer tried to talk to the grader."""


class Assessor(Protocol):
    """A model that judges one response against the rubric, evidence first; raises ServiceError."""

    name: str
    model: str
    prompt_digest: str

    def assess(self, task: GradeTask) -> Assessment: ...


@dataclass(frozen=True, slots=True)
class Grade:
    """The grade of one response: a score 1–10, or the reason why there is none. Never both, never neither.

    `criteria`, `points` and `feedback` are what the report shows; `flags` tell what code changed or noticed.
    `estimate` is the score before rounding, where the engine has one.
    """

    score: int | None
    reason: str | None
    engine: str
    model: str
    prompt_digest: str
    criteria: tuple[Criterion, ...] = ()
    points: tuple[PointFound, ...] = ()
    errors: tuple[tuple[str, str], ...] = ()
    feedback: Feedback = field(default_factory=lambda: Feedback("", "", ""))
    flags: tuple[str, ...] = ()
    estimate: float | None = None

    def __post_init__(self) -> None:
        if (self.score is None) == (self.reason is None):
            raise ValueError("a grade is a score or a reason, exactly one of the two")
        if self.score is not None and self.score not in range(1, 11):
            raise ValueError(f"a score is a whole number from 1 to 10, not {self.score!r}")


class Grader(Protocol):
    """Turns one response into a Grade; a fault of the engine is a Grade with a reason, not an exception.

    `model` and `prompt_digest` (empty without a prompt) are what its next grade will be stored with.
    """

    @property
    def name(self) -> str: ...

    @property
    def model(self) -> str: ...

    @property
    def prompt_digest(self) -> str: ...

    def grade(self, task: GradeTask) -> Grade: ...


@dataclass(frozen=True, slots=True)
class SpeechHints:
    """What helps a recogniser: the question, ranked terms (best first), and the learner's language (BCP 47, or empty)."""

    topic: str = ""
    terms: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording as it is sent: `seconds` is None where only a decoder could tell."""

    name: str
    mime: str
    data: bytes
    seconds: float | None = None


class Transcriber(Protocol):
    """Speech to text; raises ServiceError, also when no word was recognised."""

    name: str
    model: str

    def transcribe(self, clip: Clip, hints: SpeechHints) -> str: ...


class Speaker(Protocol):
    """Text to speech by a server, in place of the browser's own voices; raises ServiceError."""

    name: str
    model: str

    def speak(self, text: str, language: str) -> Clip:
        """The text read aloud in that language (BCP 47), as a browser can play it."""
        ...


class Writer(Protocol):
    """Writes the closing summary from the grades; raises ServiceError."""

    name: str
    model: str

    def write(self, system: str, data: Mapping[str, Any]) -> str: ...
