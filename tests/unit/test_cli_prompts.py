"""python -m core.cli prompts: what it prints, and the status that it leaves with."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from core.cli import main
from core.config import ROOT
from tests.conftest import DOMAINS

Command = Callable[..., int]


@pytest.fixture
def prompts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of prompts with the tiny domain, which the command line finds; no model server is set."""
    folder = tmp_path / "prompts"
    shutil.copytree(ROOT / "prompts", folder, ignore=shutil.ignore_patterns("domains"))
    shutil.copytree(DOMAINS, folder / "domains")
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "VIVA_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VIVA_ENGINE", "offline")
    monkeypatch.setenv("VIVA_PROMPTS_DIR", str(folder))
    monkeypatch.setenv("VIVA_DATA_DIR", str(tmp_path / "var"))
    return folder


def bench(*arguments: str) -> int:
    return main(["prompts", "bench", *arguments])


def make_weak_answers_strong(prompts: Path) -> None:
    """Edits the tiny domain so that its first weak answer says all that its strong one says."""
    path = prompts / "domains" / "tiny.yaml"
    weak = "weak: Green tea is bitter by nature, so there is nothing to be done."
    strong = "weak: Boiling water pulls out the tannins from the leaf. I would use water at 80 degrees and take the leaves out sooner."
    text = path.read_text("utf-8")
    assert weak in text
    path.write_text(text.replace(weak, strong), "utf-8")


@pytest.mark.usefixtures("prompts")
def test_a_bench_within_its_bounds_leaves_with_zero(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench("--domain", "tiny", "--accept") == 0
    assert "no run of this domain by this engine has been accepted yet" in capsys.readouterr().out
    assert bench("--domain", "tiny") == 0
    printed = capsys.readouterr().out
    assert printed.startswith("Tea Making: 54 answers by offline, lexical-1\n")
    assert printed.count("+0.00") == 3


def test_a_missed_bound_leaves_with_one_and_names_the_question(
    prompts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_weak_answers_strong(prompts)
    assert bench() == 1
    out, err = capsys.readouterr()
    assert "Tea Making: 1 weak answer not at 4 or less: tea-brew-heat." in out
    assert err == "2 bounds were missed.\n"


@pytest.mark.usefixtures("prompts")
@pytest.mark.parametrize("arguments", [("--domain", "sailing"), ("--limit", "0")])
def test_bad_input_leaves_with_two_and_one_sentence(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench(*arguments) == 2
    assert capsys.readouterr().err.count("\n") == 1
