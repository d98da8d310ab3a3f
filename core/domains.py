"""Load, check and list the domains: one YAML file under prompts/domains/, or an edit in its place, is one domain."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from core.edits import Edit, Edits, no_edits
from core.engines.base import GradeTask, KeyPoint, Misconception
from core.interview.model import QuestionRef
from core.strict_yaml import Document, FileError, parse, read

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
QuestionId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{2,63}$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
SkillName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=60)]
Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class KeyPointEntry(Strict):
    """Something a good answer says; `accept` are 2–4 other wordings of it."""

    point: Line
    accept: list[Line] = Field(min_length=2, max_length=4)
    weight: int = Field(default=1, ge=1, le=3)
    must: bool = False


class MisconceptionEntry(Strict):
    """A wrong belief that the question brings out; `accept` are wordings that betray it."""

    claim: Line
    accept: list[Line] = Field(min_length=2, max_length=6)
    correction: Line


class Hints(Strict):
    """The three rungs; none of them is the solution."""

    direction: Line
    approach: Line
    outline: Line


class FollowUps(Strict):
    """What to ask next on the same question after a partly right and after a strong answer.

    `strong_points` are the key points of the answer to `strong`; without them only a model can grade it.
    """

    partial: Line
    strong: Line
    strong_points: list[KeyPointEntry] = Field(default=[], max_length=4)


class Answers(Strict):
    """Three authored answers, as a learner would say them: they anchor the grader and test it."""

    weak: Paragraph
    mid: Paragraph
    strong: Paragraph


class Question(Strict):
    id: QuestionId
    skill: Key
    level: int = Field(ge=1, le=5)
    kind: Literal["knowledge", "behavioural"] = "knowledge"
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=600)]
    key_points: list[KeyPointEntry] = Field(min_length=3, max_length=6)
    misconceptions: list[MisconceptionEntry] = Field(default=[], max_length=4)
    hints: Hints
    follow_ups: FollowUps
    model_answer: Paragraph
    answers: Answers | None = None


class Term(Strict):
    """A technical term for speech recognition.

    `cues` are words beside which a spoken form that is also ordinary English counts as the term.
    """

    term: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    spoken: list[Line] = Field(default=[], max_length=12)
    cues: list[Line] = Field(default=[], max_length=20)
    weight: int = Field(default=1, ge=1, le=3)
    skill: Key | None = None


class Domain(Strict):
    """A field of work to be interviewed in; `key` is the file's name without its ending."""

    key: Key
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=60)]
    description: Line
    roles: list[Line] = Field(min_length=1, max_length=12)
    persona: Paragraph
    jurisdiction: Line | None = None
    skills: dict[Key, SkillName] = Field(min_length=1, max_length=40)
    questions: list[Question] = Field(min_length=1, max_length=2000)
    glossary: list[Term] = Field(default=[], max_length=1000)

    @cached_property
    def _by_id(self) -> dict[str, Question]:
        return {question.id: question for question in self.questions}

    def find(self, question_id: str) -> Question | None:
        """The question, or None when the bank no longer has it."""
        return self._by_id.get(question_id)

    def refs(self) -> tuple[QuestionRef, ...]:
        """The bank as the policy sees it."""
        return tuple(QuestionRef(question.id, question.skill, question.level) for question in self.questions)

    def grade_task(
        self,
        question: Question | None,
        *,
        asked: str,
        answer: str,
        level: int,
        deeper: bool = False,
        before: tuple[str, ...] = (),
        hints: int = 0,
    ) -> GradeTask:
        """One response with all that the bank holds for judging it.

        `asked` are the interviewer's words; `question` is None when they are not from the bank. `deeper` says that they
        are the follow-up to a strong answer, which has key points of its own, and no authored answers.
        """
        if question is None:
            return GradeTask(asked, answer, level=level, domain=self.name, before=before, hints=hints)
        return GradeTask(
            question=asked if question.text in asked else f"{question.text}\n\n{asked}",
            answer=answer,
            kind=question.kind,
            level=level,
            reference="" if deeper else question.model_answer,
            key_points=key_points(question.follow_ups.strong_points if deeper else question.key_points),
            misconceptions=tuple(
                Misconception(entry.claim, tuple(entry.accept), entry.correction) for entry in question.misconceptions
            ),
            anchors={} if deeper or question.answers is None else question.answers.model_dump(),
            domain=self.name,
            hints=hints,
            before=before,
        )


def key_points(entries: list[KeyPointEntry]) -> tuple[KeyPoint, ...]:
    """The key points as a grader takes them."""
    return tuple(KeyPoint(entry.point, tuple(entry.accept), entry.weight, entry.must) for entry in entries)


def load_domain(path: Path) -> Domain:
    """The domain in this file; raises FileError with everything that is wrong with it."""
    return _domain_in(read(path), path.stem)


def parse_domain(key: str, text: str, source: str = "") -> Domain:
    """The domain of this key in an edited text, checked like a file; faults name `source`, by default the file's name."""
    return _domain_in(parse(source or f"{key}.yaml", text), key)


def _domain_in(document: Document, key: str) -> Domain:
    if "key" in document.data:
        raise FileError(document.fault(["key"], "“key” is not a field here; the file's name is the domain's key"))
    try:
        domain = Domain.model_validate({**document.data, "key": key})
    except ValidationError as error:
        raise FileError(*_in_words(document, error)) from error
    if faults := list(_loose_ends(document, domain)):
        raise FileError(*faults)
    return domain


def _in_words(document: Document, error: ValidationError) -> Iterator[str]:
    for entry in error.errors(include_url=False):
        place = [step for step in entry["loc"] if step != "[key]"]
        field = place[-1] if place else ""
        if place == ["key"]:
            what = "the file's name must be small letters, digits and “_”, such as data_science.yaml"
        elif entry["type"] == "missing":
            what = f"“{field}” is missing"
        elif entry["type"] == "extra_forbidden":
            what = f"“{field}” is not a field here"
        else:
            quotes = " (put it in quotes)" if entry["type"] == "string_type" else ""
            what = f"{'.'.join(map(str, place))}: {entry['msg'][0].lower()}{entry['msg'][1:]}{quotes}"
        yield document.fault(place, what)


def _loose_ends(document: Document, domain: Domain) -> Iterator[str]:
    """What each part may say by itself, but not beside the others."""
    ids: set[str] = set()
    for number, question in enumerate(domain.questions):
        if question.id in ids:
            yield document.fault(["questions", number, "id"], f"the id “{question.id}” is given twice")
        ids.add(question.id)
        if question.skill not in domain.skills:
            yield document.fault(["questions", number, "skill"], f"“{question.skill}” is not one of the skills")
    for number, term in enumerate(domain.glossary):
        if term.skill is not None and term.skill not in domain.skills:
            yield document.fault(["glossary", number, "skill"], f"“{term.skill}” is not one of the skills")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The domains that can be used, by key and sorted by name, and what is wrong with the files that can't."""

    domains: dict[str, Domain]
    faults: list[str]

    def name_of(self, key: str) -> str:
        """The domain's name; of one whose file is gone, its key in words."""
        return self.domains[key].name if key in self.domains else key.replace("_", " ").title()


def load_all(directory: Path) -> Catalogue:
    """Every domain in the folder; a file that can't be used is a fault and doesn't hide the others."""
    return DomainStore(directory).catalogue()


@dataclass(slots=True)
class _Entry:
    """What was read, and what tells whether it has to be read again."""

    stamp: tuple[int, ...]
    domain: Domain | None
    faults: tuple[str, ...]


class DomainStore:
    """The domains in a folder and the edits in their place, kept in memory and read again after a change; safe among threads.

    When a file that was in use breaks, its last good version stays until it is mended or moved, or the app restarts. An edit
    that can't be used never takes the file's place.
    """

    def __init__(self, directory: Path, edits: Edits = no_edits) -> None:
        self._directory, self._find_edits = directory, edits
        self._entries: dict[Path, _Entry] = {}
        self._edited: dict[str, _Entry] = {}
        self._lock = threading.Lock()

    def catalogue(self) -> Catalogue:
        """The domains as the files and the edits are now."""
        edits = self._find_edits()
        with self._lock:
            try:
                paths = sorted(path for path in self._directory.iterdir() if not path.name.startswith("."))
            except OSError:
                return Catalogue({}, [f"{self._directory.name}: there is no folder of this name that can be read"])
            wanted = [path for path in paths if path.suffix == ".yaml"]
            self._entries = {path: self._entry(path) for path in wanted}
            self._edited = {name: self._edited_entry(name, edit) for name, edit in edits.items()}
            entries = [*self._entries.values(), *self._edited.values()]
            found = {entry.domain.key: entry.domain for entry in entries if entry.domain is not None}
            faults = [fault for entry in entries for fault in entry.faults]
            faults += [f"{path.name}:1: the name must end in .yaml" for path in paths if path.suffix == ".yml"]
            return Catalogue(
                {domain.key: domain for domain in sorted(found.values(), key=lambda domain: domain.name.casefold())},
                faults,
            )

    def _entry(self, path: Path) -> _Entry:
        known = self._entries.get(path)
        stamp = _stamp(path)
        if known is not None and known.stamp == stamp:
            return known
        try:
            return _Entry(stamp, load_domain(path), ())
        except FileError as error:
            return _Entry(stamp, known.domain if known else None, error.faults)

    def _edited_entry(self, name: str, edit: Edit) -> _Entry:
        known = self._edited.get(name)
        stamp = (edit.number, hash(edit.text))
        if known is not None and known.stamp == stamp:
            return known
        try:
            return _Entry(stamp, parse_domain(name, edit.text, f"{name}.yaml (version {edit.number})"), ())
        except FileError as error:
            return _Entry(stamp, None, error.faults)


def _stamp(path: Path) -> tuple[int, int, int]:
    try:
        found = path.stat()
    except OSError:  # a link to nowhere, or gone since the folder was listed: load_domain says so
        return (0, 0, 0)
    return (found.st_mtime_ns, found.st_size, found.st_ino)
