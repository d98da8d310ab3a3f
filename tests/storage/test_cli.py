"""python -m core.cli on a database: people, rosters, the sample programme, interviews and a person's data, on each kind."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from core.storage import counts
from core.storage.count_tables import CubeWeek
from core.storage.database import Database
from core.storage.tables import Enrolment, Interview, Person
from tests.storage.rows import all_rows
from tests.terminal import Result, Terminal

PASSWORD = b"correct horse battery\n"


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    ready_url: str,
    prompts_dir: Path,
) -> Terminal:
    terminal = Terminal(capsys, monkeypatch, tmp_path / "var")
    monkeypatch.setenv("VIVA_DATABASE_URL", ready_url)
    monkeypatch.setenv("VIVA_PROMPTS_DIR", str(prompts_dir))
    return terminal


@pytest.fixture
def stored(ready_url: str) -> Iterator[Database]:
    """The database that the commands work on."""
    database = Database(ready_url)
    yield database
    database.close()


def add(run: Terminal, email: str, role: str = "learner", *more: str) -> Result:
    return run("user", "add", "--email", email, "--role", role, *more, stdin=PASSWORD)


def refused(result: Result, word: str) -> None:
    assert (result.status, result.out, result.err.count("\n")) == (2, "", 1)
    assert word in result.err


def test_migrate_says_what_it_applied_and_then_that_there_is_nothing(
    run: Terminal, empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIVA_DATABASE_URL", empty_url)
    first = run("migrate")
    assert (first.status, first.err) == (0, "")
    assert first.out.startswith("The database is up to date: 0001")
    assert run("migrate").out == "The database is up to date.\n"


def test_a_person_is_added_with_a_password_and_a_cohort(run: Terminal, stored: Database) -> None:
    result = add(run, "Ann@Example.org", "learner", "--cohort", "Spring 2027", "--name", "Ann Ö")
    assert (result.status, result.err) == (0, "")
    with stored.read() as session:
        ann = session.scalars(select(Person)).one()
        assert (ann.email, ann.name, ann.role) == ("ann@example.org", "Ann Ö", "learner")
        assert ann.password_hash is not None
        assert ann.password_hash.startswith("$argon2id$")
        assert len(session.scalars(select(Enrolment)).all()) == 1


@pytest.mark.parametrize(
    ("email", "stdin", "word"),
    [
        ("not-an-address", PASSWORD, "not-an-address"),
        ("ann@example.org", PASSWORD, "already"),
        ("bea@example.org", b"short\n", "12 characters"),
        ("bea@example.org", b"", "12 characters"),
        ("bea@example.org", b"caf\xe9 caf\xe9 caf\xe9 caf\xe9\n", "UTF-8"),
    ],
)
def test_who_can_not_be_added_is_told_and_nothing_is_stored(
    run: Terminal, stored: Database, email: str, stdin: bytes, word: str
) -> None:
    add(run, "ann@example.org")
    before = all_rows(stored)
    refused(run("user", "add", "--email", email, "--role", "learner", "--cohort", "New", stdin=stdin), word)
    assert all_rows(stored) == before


def test_a_roster_is_imported_with_a_line_for_each_row_left_out(run: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("email,name,cohort\nann@example.org,Ann,Spring\nnobody,N,Spring\nbea@example.org,Bea,Spring\n")
    result = run("roster", "import", path)
    assert result.status == 2
    assert result.out.startswith("2 added, 0 changed, 0 as they were, 1 left out.\nLine 3: ")
    assert result.err == "1 row was left out; the others are in.\n"
    path.write_text("email,name,cohort\nann@example.org,Ann,Spring\n")
    again = run("roster", "import", path)
    assert (again.status, again.out, again.err) == (0, "0 added, 0 changed, 1 as they were.\n", "")


@pytest.mark.parametrize("content", [b"name,cohort\nAnn,Spring\n", b"\x00\x01\x02", b""])
def test_a_roster_that_is_none_is_refused(run: Terminal, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(content)
    refused(run("roster", "import", path), "")
    refused(run("roster", "import", tmp_path / "none.csv"), "none.csv")
    refused(run("roster", "import", tmp_path), "directory")


def test_the_sample_programme_comes_once_and_goes_without_a_trace(run: Terminal, stored: Database) -> None:
    add(run, "ann@example.org", "learner", "--cohort", "Spring")
    before = all_rows(stored)
    loaded = run("sample", "load", "--responses", "200")
    assert (loaded.status, loaded.err) == (0, "")
    assert loaded.out.startswith("Loaded the sample programme: 60 learners, ")
    assert "already" in run("sample", "load").out
    with stored.read() as session:
        assert counts.recount(session) == []
    removed = run("sample", "remove")
    assert (removed.status, removed.err) == (0, "")
    assert all_rows(stored) == before
    assert run("sample", "remove").status == 0


def test_counts_are_checked_and_written_anew(run: Terminal, stored: Database) -> None:
    run("sample", "load", "--responses", "200")
    right = run("data", "check")
    assert (right.status, right.out, right.err) == (0, "The counts agree with the interviews.\n", "")
    with stored.write() as session:
        session.execute(update(CubeWeek).values(n=CubeWeek.n + 1))
    wrong = run("data", "check")
    assert (wrong.status, wrong.err.count("\n")) == (1, 1)
    assert "data rebuild" in wrong.err
    assert all(line.startswith("cube_week ") for line in wrong.out.splitlines()[:3])
    assert run("data", "rebuild").status == 0
    assert run("data", "check").status == 0


def test_no_responses_are_no_sample(run: Terminal) -> None:
    refused(run("sample", "load", "--responses", "0"), "--responses")


def test_an_interview_of_somebody_is_kept_for_them(run: Terminal, stored: Database, tmp_path: Path) -> None:
    add(run, "ann@example.org")
    answers = tmp_path / "answers.jsonl"
    answers.write_text('"I weigh two grams a cup."\n{"skip": true}\n', "utf-8")
    result = run("interview", "--domain", "tiny", "--level", "3", "--user", "ann@example.org", "--answers", answers)
    assert (result.status, result.err) == (0, "")
    with stored.read() as session:
        kept = session.scalars(select(Interview)).one()
        assert (kept.public_id, kept.phase) == (result.events[0]["interview"], "finished")
        assert counts.recount(session) == []


def test_a_persons_data_comes_out_as_json_and_goes_with_the_person(run: Terminal, tmp_path: Path) -> None:
    add(run, "ann@example.org", "learner", "--name", "Ann Ö")
    answers = tmp_path / "answers.jsonl"
    answers.write_text('"I weigh two grams a cup."\n', "utf-8")
    run("interview", "--domain", "tiny", "--user", "ann@example.org", "--answers", answers)
    exported = run("data", "export", "--user", "ANN@example.org")
    assert (exported.status, exported.err) == (0, "")
    data = json.loads(exported.out)
    assert data["person"]["name"] == "Ann Ö"
    assert data["interviews"][0]["turns"][0]["answer"] == "I weigh two grams a cup."
    erased = run("data", "erase", "--user", "ann@example.org")
    assert (erased.status, erased.err) == (0, "")
    refused(run("data", "export", "--user", "ann@example.org"), "ann@example.org")
    refused(run("data", "erase", "--user", "ann@example.org"), "ann@example.org")


def test_the_only_administrator_stays(run: Terminal) -> None:
    add(run, "ada@example.org", "admin")
    refused(run("data", "erase", "--user", "ada@example.org"), "only administrator")


def test_a_database_of_a_newer_version_is_a_failure(run: Terminal, stored: Database) -> None:
    run("migrate")
    with stored.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    result = run("migrate")
    assert (result.status, result.out, result.err.count("\n")) == (1, "", 1)
    assert "newer version" in result.err


def test_the_scores_of_a_cohort_become_a_file(run: Terminal, tmp_path: Path) -> None:
    run("sample", "load", "--responses", "200")
    csv_file, excel = tmp_path / "scores.csv", tmp_path / "scores.xlsx"
    result = run("data", "scores", "--cohort", "Evening group", "--out", csv_file)
    number = len(csv_file.read_text("utf-8-sig").splitlines()) - 1
    assert (result.status, result.out) == (0, f"Wrote {number:,} scores to {csv_file}.\n")
    assert run("data", "scores", "--cohort", "Evening group", "--out", excel, "--format", "xlsx", "--names").status == 0
    assert excel.read_bytes().startswith(b"PK")


def test_scores_of_no_cohort_are_no_file(run: Terminal, tmp_path: Path) -> None:
    refused(run("data", "scores", "--cohort", "Nowhere", "--out", tmp_path / "scores.csv"), "no cohort")
    assert not (tmp_path / "scores.csv").exists()
