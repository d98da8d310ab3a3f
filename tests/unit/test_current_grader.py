"""The grader follows its prompt: a new one at once, the last good one while the file is broken."""

import shutil
from pathlib import Path

import pytest

from core.config import ROOT
from core.engines.base import GradeTask
from core.grading.current import CurrentGrader
from core.prompts import Prompt, PromptError, PromptStore
from tests.hall import ScriptedGrader


class Prompted(ScriptedGrader):
    """A grader that was made with a prompt."""

    def __init__(self, prompt: Prompt) -> None:
        super().__init__([5, 5, 5])
        self.prompt_digest = prompt.digest


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return Path(shutil.copy(ROOT / "prompts" / "grader.md", tmp_path))


@pytest.fixture
def grader(path: Path) -> CurrentGrader:
    return CurrentGrader(PromptStore(path.parent), Prompted)


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_a_grade_has_the_digest_of_the_prompt_of_its_moment(path: Path, grader: CurrentGrader) -> None:
    first = grader.grade(GradeTask("q", "a")).prompt_digest
    change(path, "experienced", "strict")
    second = grader.grade(GradeTask("q", "a")).prompt_digest
    assert first != second == PromptStore(path.parent).get("grader").digest == grader.prompt_digest


def test_while_the_prompt_stays_so_does_what_was_learnt_of_the_server(grader: CurrentGrader) -> None:
    assert grader.now() is grader.now()


def test_while_the_file_is_broken_the_last_good_prompt_stays(path: Path, grader: CurrentGrader) -> None:
    before = grader.now()
    change(path, "$canary", "$canard")
    assert grader.now() is before


def test_without_a_prompt_that_can_be_used_there_is_no_grader(path: Path, grader: CurrentGrader) -> None:
    change(path, "$canary", "$canard")
    with pytest.raises(PromptError):
        grader.now()
