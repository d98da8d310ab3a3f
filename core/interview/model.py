"""The words of an interview and the rules of how it moves.

Rule 1: an interview is in one phase at a time: ASKING (the interviewer's next message is owed), ANSWERING (it is the
learner's turn) or FINISHED.

Rule 2: a turn is one question-response pair. It is numbered from 1 and there are never more than MAX_TURNS of them.

Rule 3: only an event in TRANSITIONS moves an interview. Any other raises IllegalEventError and changes nothing.

Rule 4: FINISHED is final.
"""

from dataclasses import dataclass
from enum import StrEnum

MAX_TURNS = 25
DEFAULT_TURNS = 10
LEVELS = (1, 2, 3, 4, 5)
HINT_RUNGS = ("direction", "approach", "outline")


class Mode(StrEnum):
    """PRACTICE gives hints on request and feedback after each answer; MOCK keeps both for the end."""

    PRACTICE = "practice"
    MOCK = "mock"


class Phase(StrEnum):
    ASKING = "asking"
    ANSWERING = "answering"
    FINISHED = "finished"


def keeps_scores(mode: str, *, finished: bool) -> bool:
    """Whether an interview keeps its scores and feedback for its end, which has not come: a mock interview does."""
    return mode == Mode.MOCK and not finished


class Event(StrEnum):
    ASKED = "asked"
    ANSWERED = "answered"
    ANSWERED_LAST = "answered_last"
    HINTED = "hinted"
    ENDED = "ended"


class EndReason(StrEnum):
    """Why an interview is over: every question answered, the time was up, or the learner stopped."""

    LIMIT = "limit"
    TIME = "time"
    LEARNER = "learner"
    BANK = "bank"


class Move(StrEnum):
    """What the interviewer's message does.

    FOLLOW_UP asks for what a partly right answer left out, DEEPER goes on from a strong one.
    """

    OPENING = "opening"
    NEW_TOPIC = "new_topic"
    FOLLOW_UP = "follow_up"
    DEEPER = "deeper"
    HINT = "hint"


TOPIC_MOVES = (Move.OPENING, Move.NEW_TOPIC)
"""The moves that begin a question; the others stay with it."""


class FlagKind(StrEnum):
    """What a learner objects to: a question that is wrong, unclear or off, or the score of an answer."""

    WRONG = "wrong"
    UNCLEAR = "unclear"
    OFF = "off"
    SCORE = "score"


QUESTION_FLAGS = (FlagKind.WRONG, FlagKind.UNCLEAR, FlagKind.OFF)


class Band(StrEnum):
    """How good an answer was, as coarsely as the choice of the next move needs it."""

    NONE = "none"
    WEAK = "weak"
    PARTIAL = "partial"
    STRONG = "strong"


class IllegalEventError(Exception):
    """The event does not fit the phase the interview is in."""

    def __init__(self, phase: Phase, event: Event) -> None:
        super().__init__(f"an interview that is {phase} can't take the event {event}")
        self.phase, self.event = phase, event


TRANSITIONS: dict[tuple[Phase, Event], Phase] = {
    (Phase.ASKING, Event.ASKED): Phase.ANSWERING,
    (Phase.ASKING, Event.ENDED): Phase.FINISHED,
    (Phase.ANSWERING, Event.HINTED): Phase.ANSWERING,
    (Phase.ANSWERING, Event.ANSWERED): Phase.ASKING,
    (Phase.ANSWERING, Event.ANSWERED_LAST): Phase.FINISHED,
    (Phase.ANSWERING, Event.ENDED): Phase.FINISHED,
}


def advance(phase: Phase, event: Event) -> Phase:
    """The phase after the event; raises IllegalEventError where the rules have none."""
    try:
        return TRANSITIONS[phase, event]
    except KeyError:
        raise IllegalEventError(phase, event) from None


def band_of(score: int) -> Band:
    """The band of a 1–10 score."""
    if score <= 2:
        return Band.NONE
    if score <= 4:
        return Band.WEAK
    return Band.PARTIAL if score <= 7 else Band.STRONG


@dataclass(frozen=True, slots=True)
class QuestionRef:
    """What the policy needs to know of a bank question."""

    id: str
    skill: str
    level: int


@dataclass(frozen=True, slots=True)
class Step:
    """One thing the interviewer may do next: the move, and the bank question that it belongs to.

    `rung` counts hints given on that question as moves (0 for none, 1–3 for HINT_RUNGS); `question_id` is None when the
    bank has nothing left and the interviewer must find a question of its own on the skill.
    """

    move: Move
    skill: str
    level: int
    question_id: str | None
    rung: int = 0


@dataclass(frozen=True, slots=True)
class Card:
    """The policy card: for each band of the answer just given, the step to take; the first has one step for all."""

    steps: dict[Band, Step]
    number: int

    def step(self, band: Band) -> Step:
        return self.steps[band]


@dataclass(frozen=True, slots=True)
class PastTurn:
    """A finished turn as the policy sees it; `score` is None while ungraded, `hints` counts every hint seen."""

    number: int
    step: Step
    score: int | None
    hints: int = 0
    skipped: bool = False
