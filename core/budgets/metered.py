"""Engines that book each call before they make it: the same Protocols, around any engine that costs something."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from typing import Any

from core.budgets.accounts import HOUSE, charged
from core.budgets.ledger import TRANSCRIBE, Budgets
from core.engines import metering
from core.engines.base import (
    AskBrief,
    Assessment,
    Assessor,
    Clip,
    Fault,
    GradeTask,
    Interviewer,
    ServiceError,
    SpeechHints,
    Transcriber,
    Writer,
)
from core.engines.metering import Usage

CHARACTERS = 4
"""Of text in a token, about, where the server doesn't tell."""
INSTRUCTIONS = 2000
"""Tokens of a grader's own instructions, about: prompt, rubric and form."""
BYTES_A_SECOND = 4000
"""Of a recording whose length only a decoder could tell, about: speech at 32 kbit/s."""
FREE = frozenset(
    {Fault.NOT_CONFIGURED, Fault.AUTH, Fault.QUOTA, Fault.BUSY, Fault.UNREACHABLE, Fault.BAD_INPUT, Fault.UNAVAILABLE}
)
"""Faults of calls that no model has worked on."""


@dataclass(slots=True)
class Reply:
    """What has come back so far, in characters."""

    length: int = 0


@contextmanager
def booked(budgets: Budgets, kind: str, guess: Usage) -> Iterator[Reply]:
    """Books a call, and settles it whatever comes of it: by what the server told, else by the length of the reply."""
    booking, reply, free = budgets.book(kind, guess), Reply(), False
    with metering.listening() as told:
        try:
            yield reply
        except ServiceError as error:
            free = error.kind in FREE
            raise
        finally:
            if told.calls:
                used = Usage(told.calls, told.tokens_in, told.tokens_out, told.seconds or guess.seconds)
            elif free:
                used = Usage()
            else:
                used = Usage(1, guess.tokens_in, _tokens(reply.length), guess.seconds)
            budgets.settle(booking, used, estimated=not told.calls and kind != TRANSCRIBE)


class MeteredInterviewer:
    """An Interviewer within budgets."""

    def __init__(self, inner: Interviewer, budgets: Budgets) -> None:
        self.name, self.model = inner.name, inner.model
        self._inner, self._budgets = inner, budgets

    def ask(self, brief: AskBrief) -> Iterator[str]:
        said = "".join(exchange.message + exchange.answer for exchange in brief.history)
        length = len(brief.system) + len(brief.context) + len(said) + len(brief.card_text)
        with booked(self._budgets, "ask", Usage(tokens_in=_tokens(length))) as reply:
            for piece in self._inner.ask(brief):
                reply.length += len(piece)
                yield piece


class MeteredAssessor:
    """An Assessor within budgets; what it judges for no learner is the rubric bench's, or a trial."""

    def __init__(self, inner: Assessor, budgets: Budgets) -> None:
        self.name, self.model, self.prompt_digest = inner.name, inner.model, inner.prompt_digest
        self._inner, self._budgets = inner, budgets

    def assess(self, task: GradeTask) -> Assessment:
        points = "".join(point.point for point in task.key_points)
        length = len(task.question) + len(task.answer) + len(task.reference) + len(points) + sum(map(len, task.before))
        kind = "bench" if charged() == HOUSE else "grade"
        with booked(self._budgets, kind, Usage(tokens_in=INSTRUCTIONS + _tokens(length))) as reply:
            assessment = self._inner.assess(task)
            reply.length = len(repr(assessment))
            return assessment


class MeteredTranscriber:
    """A Transcriber within budgets."""

    def __init__(self, inner: Transcriber, budgets: Budgets) -> None:
        self.name, self.model = inner.name, inner.model
        self._inner, self._budgets = inner, budgets

    def transcribe(self, clip: Clip, hints: SpeechHints) -> str:
        seconds = clip.seconds if clip.seconds is not None else len(clip.data) / BYTES_A_SECOND
        with booked(self._budgets, TRANSCRIBE, Usage(seconds=ceil(seconds))):
            return self._inner.transcribe(clip, hints)


class MeteredWriter:
    """A Writer within budgets."""

    def __init__(self, inner: Writer, budgets: Budgets) -> None:
        self.name, self.model = inner.name, inner.model
        self._inner, self._budgets = inner, budgets

    def write(self, system: str, data: Mapping[str, Any]) -> str:
        with booked(self._budgets, "summary", Usage(tokens_in=_tokens(len(system) + len(str(data))))) as reply:
            words = self._inner.write(system, data)
            reply.length = len(words)
            return words


def _tokens(characters: int) -> int:
    return ceil(characters / CHARACTERS)
