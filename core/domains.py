"""Load, check and list the domains: one YAML file under prompts/domains/ is one domain."""

from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
QuestionId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{2,63}$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
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
    """A technical term for speech recognition; `cues` are words beside which a spoken form that is ordinary English counts."""

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
    skills: dict[Key, Annotated[str, StringConstraints(min_length=2, max_length=60)]] = Field(min_length=1, max_length=40)
    questions: list[Question] = Field(min_length=1, max_length=2000)
    glossary: list[Term] = Field(default=[], max_length=1000)


def load_domain(path: Path) -> Domain:
    """The domain in this file."""
    return Domain.model_validate({"key": path.stem, **yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)})
