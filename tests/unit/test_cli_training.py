"""python -m core.cli data training: the file that it writes, and the status that it leaves with."""

import json
from pathlib import Path

import pytest

from core.cli import main
from core.storage.database import Database
from core.storage.migrate import migrate
from tests.storage.test_second_grades import Course


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The database that the command line finds."""
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    url = f"sqlite:///{tmp_path / 'viva.db'}"
    monkeypatch.setenv("VIVA_DATABASE_URL", url)
    return url


def test_examples_are_written_and_counted(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = Database(url)
    migrate(database)
    course = Course(database, [4])
    course.hall.workers.stop()
    out = tmp_path / "training.jsonl"
    assert main(["data", "training", "--out", str(out)]) == 0
    assert [json.loads(line)["score"] for line in out.read_text("utf-8").splitlines()] == [4]
    assert capsys.readouterr().out == f"Wrote 1 example to {out}.\n"
    database.close()


@pytest.mark.usefixtures("url")
def test_a_place_where_nothing_can_be_written_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "nowhere" / "training.jsonl"
    assert main(["data", "training", "--out", str(out)]) == 2
    assert capsys.readouterr().err == f"{out} can't be written: No such file or directory.\n"
