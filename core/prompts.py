"""Load, check and render prompts/*.md, and the edits in their place: the words that are sent to a model."""

import hashlib
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from string import Template

from core.edits import Edits, no_edits
from core.strict_yaml import Document, FileError, parse, text_of

log = logging.getLogger(__name__)

FENCE = "---"
FIELDS = ("name", "purpose", "variables")
VARIABLE = re.compile(r"[a-z][a-z0-9_]*")

REQUIRED = {
    "interviewer": frozenset({"persona", "domain", "jurisdiction", "role", "level", "mode", "limit"}),
    "card": frozenset({"number", "limit", "steps"}),
    "context": frozenset({"given"}),
    "grader": frozenset({"schema", "canary"}),
    "summary": frozenset[str](),
}
"""The prompts that the code renders, and the values that it has for each."""


class PromptError(ValueError):
    """A prompt can't be used; the message is one sentence, with file and line where the fault is in the file."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """Text for a model, and the digest of the prompt file that it came from."""

    text: str
    digest: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt file: `variables` maps each name to its meaning, `digest` is the SHA-256 of the file's bytes."""

    name: str
    purpose: str
    variables: dict[str, str]
    body: str
    digest: str

    def render(self, **values: str) -> Rendered:
        """The text with every variable filled in; values are data, so a `$x` within one stays as it is.

        Raises PromptError when a value is missing or was not asked for.
        """
        if missing := self.variables.keys() - values.keys():
            raise PromptError(f"the prompt {self.name} needs a value for {_listed(missing)}")
        if extra := values.keys() - self.variables.keys():
            raise PromptError(f"the prompt {self.name} has no place for {_listed(extra)}")
        return Rendered(Template(self.body).substitute(values), self.digest)


class PromptStore:
    """The prompts of one folder and the edits in their place, read afresh each time, so that a change takes effect at once.

    An edit that can't be used never takes the file's place.
    """

    def __init__(self, folder: Path, edits: Edits = no_edits) -> None:
        self._folder, self._edits = folder, edits

    def get(self, name: str) -> Prompt:
        """The prompt that is in use, with the variables that the code has values for; raises PromptError."""
        if edit := self._edits().get(name):
            try:
                return parse_prompt(name, edit.text, f"{name}.md (version {edit.number})")
            except PromptError as error:
                log.warning("the file is used in place of an edit: %s", error)
        return self.default(name)

    def default(self, name: str) -> Prompt:
        """The prompt in <name>.md, whatever has been put in its place; raises PromptError."""
        return _filled_in(load_prompt(self._folder / f"{name}.md"), f"{name}.md")

    def names(self) -> list[str]:
        """The prompts that there are files or edits of, and those that there must be."""
        return sorted({path.stem for path in self._folder.glob("*.md")} | self._edits().keys() | REQUIRED.keys())

    def faults(self) -> list[str]:
        """What is wrong with the files and with the edits in use, one sentence each; empty when all can be used."""
        faults = []
        edits = self._edits()
        for name in self.names():
            try:
                self.default(name)
                if edit := edits.get(name):
                    parse_prompt(name, edit.text, f"{name}.md (version {edit.number})")
            except PromptError as error:
                faults.append(str(error))
        return faults


def load_prompt(path: Path) -> Prompt:
    """The prompt in this file, strictly checked; raises PromptError with the first fault found."""
    try:
        text, raw = text_of(path), path.read_bytes()
    except (FileError, OSError) as error:
        raise PromptError(str(error).partition("\n")[0]) from error
    return _read(path.stem, text, path.name, hashlib.sha256(raw).hexdigest())


def parse_prompt(name: str, text: str, source: str = "") -> Prompt:
    """The prompt of this name in an edited text, checked like a file; faults name `source`, by default the file's name."""
    source = source or f"{name}.md"
    return _filled_in(_read(name, text, source, hashlib.sha256(text.encode()).hexdigest()), source)


def _filled_in(prompt: Prompt, source: str) -> Prompt:
    """The prompt, if its variables are those that the code has values for."""
    wanted = REQUIRED.get(prompt.name)
    if wanted is not None and prompt.variables.keys() != wanted:
        raise PromptError(f"{source}:1: its variables must be exactly: {_listed(wanted) or 'none'}")
    return prompt


def _read(name: str, text: str, source: str, digest: str) -> Prompt:
    lines = text.splitlines(keepends=True)
    try:
        end = _end_of_front(source, lines)
        front = parse(source, "".join(lines[:end]))
    except FileError as error:
        raise PromptError(str(error).partition("\n")[0]) from error
    body = "".join(lines[end + 1 :])
    fault = next(chain(_front_faults(front, name), _body_faults(front, body, end + 1)), None)
    if fault:
        raise PromptError(fault)
    return Prompt(front.data["name"], front.data["purpose"], front.data["variables"], body.strip(), digest)


def _end_of_front(name: str, lines: list[str]) -> int:
    """The index of the line that closes the front matter."""
    marks = [number for number, line in enumerate(lines) if line.rstrip() == FENCE][:2]
    if not marks or marks[0] != 0:
        raise FileError(f"{name}:1: the file must begin with a line “{FENCE}” and its front matter")
    if len(marks) < 2:
        raise FileError(f"{name}:1: the front matter is not closed by a line “{FENCE}”")
    return marks[1]


def _front_faults(front: Document, stem: str) -> Iterator[str]:
    data = front.data
    for field in FIELDS:
        if field not in data:
            yield front.fault([], f"the front matter lacks “{field}”")
    for field in data:
        if field not in FIELDS:
            yield front.fault([field], f"“{field}” is not a field here")
    if data.get("name") != stem:
        yield front.fault(["name"], f"the name must be {stem}, like the file's")
    if not _is_line(data.get("purpose")):
        yield front.fault(["purpose"], "the purpose must be a sentence")
    if not isinstance(data.get("variables"), dict):
        yield front.fault(["variables"], "“variables” must give each name with its meaning, or be {}")
        return
    for name, meaning in data["variables"].items():
        if not isinstance(name, str) or not VARIABLE.fullmatch(name) or not _is_line(meaning):
            yield front.fault(["variables", name], f"the variable {name} needs a name in small letters and a meaning")


def _body_faults(front: Document, body: str, offset: int) -> Iterator[str]:
    """Every `$name` must be declared, every declared name used, and any other dollar written `$$`."""
    if not body.strip():
        yield f"{front.name}:{offset}: there is no text after the front matter"
    used = set()
    for match in Template.pattern.finditer(body):
        line = offset + body.count("\n", 0, match.start()) + 1
        name = match["named"] or match["braced"]
        if match["invalid"] is not None:
            yield f"{front.name}:{line}: a dollar sign that begins no variable is written $$"
        elif name is not None and name not in front.data["variables"]:
            yield f"{front.name}:{line}: the variable {name} is not declared in the front matter"
        used.add(name)
    for name in front.data["variables"]:
        if name not in used:
            yield front.fault(["variables", name], f"the variable {name} is declared but not used")


def _is_line(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _listed(names: frozenset[str] | set[str]) -> str:
    return ", ".join(sorted(names))
