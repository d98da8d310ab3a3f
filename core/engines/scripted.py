"""Engines that follow a script, for tests: every entry is given back once, in order; a ServiceError is raised."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar

from core.engines.base import AskBrief, Assessment, Clip, GradeTask, ServiceError, SpeechHints

T = TypeVar("T")


class Script(Generic[T]):
    """What is left to say; running out is the test's fault, so an AssertionError."""

    def __init__(self, entries: Iterable[T | ServiceError]) -> None:
        self._entries = iter(entries)

    def next(self) -> T:
        for entry in self._entries:
            if isinstance(entry, ServiceError):
                raise entry
            return entry
        raise AssertionError("the script has run out")


class ScriptedInterviewer:
    """Each entry is a reply, or its pieces, of which one may be the ServiceError that breaks it off."""

    name, model = "scripted", "script-1"

    def __init__(self, script: Iterable[str | Sequence[str | ServiceError] | ServiceError]) -> None:
        self._script = Script(script)
        self.briefs: list[AskBrief] = []

    def ask(self, brief: AskBrief) -> Iterator[str]:
        self.briefs.append(brief)
        entry = self._script.next()
        for piece in [entry] if isinstance(entry, str) else entry:
            if isinstance(piece, ServiceError):
                raise piece
            yield piece


class ScriptedAssessor:
    """Each entry is an Assessment."""

    name, model, prompt_digest = "scripted", "script-1", "0" * 64

    def __init__(self, script: Iterable[Assessment | ServiceError]) -> None:
        self._script = Script(script)
        self.tasks: list[GradeTask] = []

    def assess(self, task: GradeTask) -> Assessment:
        self.tasks.append(task)
        return self._script.next()


class ScriptedTranscriber:
    """Each entry is what was heard."""

    name, model = "scripted", "script-1"

    def __init__(self, script: Iterable[str | ServiceError]) -> None:
        self._script = Script(script)
        self.calls: list[tuple[Clip, SpeechHints]] = []

    def transcribe(self, clip: Clip, hints: SpeechHints) -> str:
        self.calls.append((clip, hints))
        return self._script.next()


class ScriptedWriter:
    """Each entry is a text."""

    name, model = "scripted", "script-1"

    def __init__(self, script: Iterable[str | ServiceError]) -> None:
        self._script = Script(script)
        self.calls: list[tuple[str, Mapping[str, Any]]] = []

    def write(self, system: str, data: Mapping[str, Any]) -> str:
        self.calls.append((system, data))
        return self._script.next()
