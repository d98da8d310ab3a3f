"""python -m core.cli without a database of one's own: arguments, files, streams, and the status that it leaves with."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from core.config import ROOT
from tests.conftest import DOMAINS
from tests.terminal import Result, Terminal

ROW = {
    "id": "a1",
    "question": "What is a queue?",
    "reference_answer": "Elements leave in the order in which they came.",
    "answer": "Elements leave in the order of arrival.",
}
ONE = {"answer": "One."}


@pytest.fixture(autouse=True)
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Terminal:
    return Terminal(capsys, monkeypatch, tmp_path / "var")


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prompts with no domain but the tiny one."""
    folder = tmp_path / "prompts"
    folder.mkdir()
    for path in (ROOT / "prompts").glob("*.md"):
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "domains").symlink_to(DOMAINS)
    monkeypatch.setenv("VIVA_PROMPTS_DIR", str(folder))


def file_of(folder: Path, *lines: object) -> Path:
    """A JSON Lines file; a text stands as it is."""
    path = folder / "in.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), "utf-8")
    return path


def refused(result: Result, *words: str) -> None:
    """Status 2, one sentence that says these words, and no result."""
    assert (result.status, result.out) == (2, "")
    assert result.err.count("\n") == 1
    assert result.err[0].isupper() or result.err.startswith(("/", "row", "line", "“", "VIVA"))
    assert all(word in result.err for word in words)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ([], "COMMAND"),
        (["fly"], "invalid choice"),
        (["user"], "ACTION"),
        (["user", "add", "--email", "a@example.org", "--role", "boss"], "--role"),
        (["interview", "--domain", "law"], "--answers"),
        (["interview", "--domain", "law", "--answers", "x", "--level", "9"], "--level"),
        (["interview", "--domain", "law", "--answers", "x", "--level", "high"], "--level"),
        (["interview", "--domain", "law", "--answers", "x", "--mode", "exam"], "--mode"),
        (["grade"], "--in"),
        (["sample", "load", "--seed", "x"], "--seed"),
        (["data", "export"], "--user"),
    ],
)
def test_wrong_arguments_are_told_in_one_sentence(run: Terminal, arguments: list[str], word: str) -> None:
    refused(run(*arguments), word, "--help")


def test_help_lists_every_command(run: Terminal) -> None:
    result = run("--help")
    assert result.status == 0
    for name in ("migrate", "user", "roster", "sample", "interview", "grade", "terms", "prompts", "data"):
        assert name in result.out


@pytest.mark.parametrize(
    ("name", "value"),
    [("VIVA_WORKERS", "many"), ("VIVA_WORKERS", "0"), ("VIVA_ENGINE", "magic"), ("VIVA_DEMO", "perhaps")],
)
def test_a_wrong_setting_is_named(run: Terminal, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    refused(run("migrate"), name)


def test_an_unusable_database_is_a_failure_in_one_sentence(run: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIVA_DATABASE_URL", "mysql+pymysql://root@127.0.0.1:1/viva")
    result = run("migrate")
    assert (result.status, result.out, result.err.count("\n")) == (1, "", 1)
    assert "can't be reached" in result.err
    assert "root" not in result.err


def test_rows_are_graded_a_line_each_in_order(run: Terminal, tmp_path: Path) -> None:
    result = run("grade", "--in", file_of(tmp_path, ROW, "", {**ROW, "id": 2, "answer": ""}))
    assert (result.status, result.err) == (0, "")
    assert [(event["id"], event["score"] > 6, event["reason"]) for event in result.events] == [
        ("a1", True, None),
        (2, False, None),
    ]


def test_nothing_to_grade_is_nothing_graded(run: Terminal, tmp_path: Path) -> None:
    result = run("grade", "--in", file_of(tmp_path))
    assert (result.status, result.out, result.err) == (0, "", "")


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([ROW, "{"], ["line 2", "not JSON"]),
        ([ROW, {**ROW, "answer": None}], ["row 2", "answer"]),
        (["[]"], ["row 1"]),
        (["[" * 100_000], ["line 1", "too large"]),
        (['{"id": ' + "1" * 5_000 + "}"], ["line 1", "too large"]),
    ],
)
def test_a_line_that_can_not_be_used_is_named_before_any_is_graded(
    run: Terminal, tmp_path: Path, lines: list[object], words: list[str]
) -> None:
    refused(run("grade", "--in", file_of(tmp_path, *lines)), *words)


@pytest.mark.parametrize("command", [["grade", "--in"], ["interview", "--domain", "law", "--answers"]])
def test_a_file_that_can_not_be_read_is_named(run: Terminal, tmp_path: Path, command: list[str]) -> None:
    refused(run(*command, tmp_path / "none.jsonl"), "none.jsonl")
    refused(run(*command, tmp_path), "can't be read")
    (tmp_path / "latin.jsonl").write_bytes('{"answer": "caf\xe9"}'.encode("latin-1"))
    refused(run(*command, tmp_path / "latin.jsonl"), "UTF-8")


def test_a_byte_order_mark_and_line_separators_in_a_text_do_no_harm(run: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(json.dumps({**ROW, "answer": "in order\u2028of arrival"}, ensure_ascii=False), "utf-8-sig")
    assert run("grade", "--in", path).events[0]["id"] == "a1"


def test_half_a_surrogate_pair_comes_back_as_it_went_in(run: Terminal, tmp_path: Path) -> None:
    answer = "in the order \ud83d of arrival 😀 مرحبا"
    result = run("grade", "--in", file_of(tmp_path, {**ROW, "answer": answer, "key_points": ["the order of arrival"]}))
    assert result.status == 0
    assert result.events[0]["evidence"][0]["quote"] in answer


@pytest.mark.usefixtures("tiny")
def test_an_interview_is_a_line_of_json_an_event(run: Terminal, tmp_path: Path) -> None:
    answers = file_of(
        tmp_path, {"answer": "I weigh two grams a cup."}, {"hint": True}, {"text": "I taste."}, {"skip": True}
    )
    result = run("interview", "--domain", "tiny", "--level", "3", "--answers", answers)
    assert (result.status, result.err) == (0, "")
    kinds = [event["event"] for event in result.events]
    assert kinds == [
        "start",
        *("question", "answer", "grade"),
        *("question", "hint", "answer", "grade"),
        *("question", "skip"),
        *("report", "end"),
    ]
    grades = [event for event in result.events if event["event"] == "grade"]
    assert [grade["number"] for grade in grades] == [1, 2]
    assert all(grade["score"] in range(1, 11) and grade["reason"] is None for grade in grades)
    assert grades[1]["hints"] >= 1
    assert result.events[-2]["overall"] == sum(grade["score"] for grade in grades) / 2
    assert result.events[-1] == {"event": "end", "reason": "limit", "answered": 2}


@pytest.mark.usefixtures("tiny")
def test_an_interview_of_nobody_leaves_nothing_behind(run: Terminal, tmp_path: Path) -> None:
    assert run("interview", "--domain", "tiny", "--answers", file_of(tmp_path, ONE)).status == 0
    (path,) = tmp_path.glob("var/*.db")
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT name FROM sqlite_master").fetchall() == []


@pytest.mark.usefixtures("tiny")
def test_an_interview_that_runs_out_of_answers_is_ended(run: Terminal, tmp_path: Path) -> None:
    result = run("interview", "--domain", "tiny", "--questions", "3", "--answers", file_of(tmp_path, ONE))
    assert result.events[-1] == {"event": "end", "reason": "learner", "answered": 1}


@pytest.mark.usefixtures("tiny")
def test_answers_past_the_last_question_are_left_over(run: Terminal, tmp_path: Path) -> None:
    result = run(
        "interview", "--domain", "tiny", "--questions", "1", "--answers", file_of(tmp_path, ONE, {"answer": "Two."})
    )
    assert [event["text"] for event in result.events if event["event"] == "answer"] == ["One."]


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("answer", ["  ", "", "nul \0 inside", "x" * 100_001])
def test_an_answer_that_can_not_be_taken_is_an_event_and_the_question_stays(
    run: Terminal, tmp_path: Path, answer: str
) -> None:
    result = run("interview", "--domain", "tiny", "--answers", file_of(tmp_path, {"answer": answer}, ONE))
    assert result.status == 0
    told = [(event["event"], event["number"]) for event in result.events if event["event"] in ("refused", "answer")]
    assert told in ([("refused", 1), ("answer", 1)], [("answer", 1), ("answer", 2)])
    if told[0][0] == "refused":
        assert next(event["reason"] for event in result.events if event["event"] == "refused").endswith(".")


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["--domain", "sailing"], "sailing"),
        (["--domain", "tiny", "--questions", "0"], "between 1 and 25"),
        (["--domain", "tiny", "--questions", "26"], "between 1 and 25"),
        (["--domain", "tiny", "--user", "nobody@example.org"], "nobody@example.org"),
    ],
)
def test_an_interview_that_can_not_be_held_is_refused(
    run: Terminal, tmp_path: Path, options: list[str], word: str
) -> None:
    refused(run("interview", *options, "--answers", file_of(tmp_path, ONE)), word)


@pytest.mark.parametrize("line", [5, ["a"], {}, {"answer": 5}, None, {"skip": "yes"}])
def test_a_line_of_answers_that_is_none_is_named(run: Terminal, tmp_path: Path, line: object) -> None:
    path = file_of(tmp_path, {"answer": "x"}, json.dumps(line))
    refused(run("interview", "--domain", "law", "--answers", path), "line 2")


def test_a_file_without_answers_is_refused(run: Terminal, tmp_path: Path) -> None:
    refused(run("interview", "--domain", "law", "--answers", file_of(tmp_path, "", " ")), "no answers")


def test_terms_come_back_a_line_each(run: Terminal) -> None:
    result = run("terms", "--domain", "data_science", stdin="we used pie torch\n\nand café\n".encode())
    assert (result.status, result.err) == (0, "")
    assert len(result.events) == 3
    assert all({"text", "edits"} <= event.keys() for event in result.events)
    assert result.events[2]["text"] == "and café"


def test_terms_of_an_unknown_domain_and_of_other_encodings_are_refused(run: Terminal) -> None:
    refused(run("terms", "--domain", "sailing"), "sailing")
    refused(run("terms", "--domain", "law", stdin="caf\xe9\n".encode("latin-1")), "UTF-8")


def test_every_fault_of_a_prompt_or_domain_is_listed(
    run: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "domains").mkdir()
    (tmp_path / "domains" / "broken.yaml").write_text("name: [", "utf-8")
    monkeypatch.setenv("VIVA_PROMPTS_DIR", str(tmp_path))
    result = run("prompts", "check")
    assert result.status == 2
    assert "broken.yaml:" in result.out
    assert "grader.md" in result.out
    assert result.err == f"{len(result.out.splitlines())} faults were found.\n"


def test_the_shipped_prompts_are_in_order(run: Terminal) -> None:
    result = run("prompts", "check")
    assert (result.status, result.err) == (0, "")


def command(*arguments: object, folder: Path, **environment: str) -> "subprocess.Popen[bytes]":
    """The command as a process of its own, in a locale without UTF-8."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("VIVA_", "OPENAI_", "LC_"))}
    values = {**clean, "LANG": "C", "VIVA_ENGINE": "offline", "VIVA_DATA_DIR": str(folder / "var"), **environment}
    line = [sys.executable, "-W", "error", "-m", "core.cli", *map(str, arguments)]
    return subprocess.Popen(
        line, cwd=ROOT, env=values, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def test_the_program_speaks_utf8_in_any_locale(tmp_path: Path) -> None:
    process = command("terms", "--domain", "law", folder=tmp_path, PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    out, err = process.communicate("café 😀\n".encode())
    assert (process.returncode, err) == (0, b"")
    assert json.loads(out)["text"] == "café 😀"


def test_a_reader_that_has_seen_enough_gets_no_traceback(tmp_path: Path) -> None:
    rows = file_of(tmp_path, *[{**ROW, "id": number} for number in range(2_000)])
    process = command("grade", "--in", rows, folder=tmp_path)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(60) == 1
    assert process.stdin is not None
    process.stdin.close()
