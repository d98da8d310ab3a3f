"""Migrations: they make the tables of tables.py, on both databases, also when several processes start at once."""

import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import create_engine, delete, inspect, select, text

from core.engines.base import Fault, ServiceError
from core.storage import counts
from core.storage.count_tables import ActiveWeek, CubeWeek, LearnerCount, PointCount, ProgrammeCube
from core.storage.database import Database
from core.storage.feedback_tables import ReplyCount
from core.storage.migrate import MIGRATIONS, migrate
from core.storage.tables import Base
from tests.storage.mariadb import Server
from tests.storage.test_counts import Sitting, add_cohorts

MIGRATE = "import sys; from core.storage.database import Database; from core.storage.migrate import migrate; "
IN_A_PROCESS = MIGRATE + "print(*migrate(Database(sys.argv[1])))"


def definitions(database: Database) -> dict[str, set[str]]:
    """Of each table, the parts of the statement that would make it: types, lengths, checks and collations included."""
    with database.engine.connect() as connection:
        if database.is_sqlite:
            rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")).all()
            made = {row.name: row.sql for row in rows}
        else:
            names = inspect(connection).get_table_names()
            made = {name: connection.execute(text(f"SHOW CREATE TABLE {name}")).one()[1] for name in names}
    made.pop("alembic_version", None)
    return {name: parts(sql) for name, sql in made.items()}


def parts(sql: str) -> set[str]:
    """The columns and constraints, whose order and line breaks don't matter, and what stands around them."""
    head, _, rest = sql.partition("(")
    body, _, tail = rest.rpartition(")")
    split = re.split(r",(?![^()]*\))", body)  # not at the commas within parentheses
    return {" ".join(part.split()) for part in (head, *split, tail)}


def test_migrations_make_exactly_the_tables_of_the_models(empty_url: str) -> None:
    database = Database(empty_url)
    migrate(database)
    migrated = definitions(database)
    with database.engine.begin() as connection:
        inspected = inspect(connection)
        assert inspected.has_table("alembic_version")
    Base.metadata.drop_all(database.engine)
    Base.metadata.create_all(database.engine)
    assert migrated == definitions(database)
    assert len(migrated) >= len(Base.metadata.tables)
    database.close()


def test_a_second_migration_applies_nothing(empty_url: str) -> None:
    database = Database(empty_url)
    first = migrate(database)
    assert first[0] == "0001"
    assert migrate(database) == []
    database.close()


def test_processes_that_migrate_at_once_all_succeed_and_one_does_it(empty_url: str) -> None:
    command = [sys.executable, "-c", IN_A_PROCESS, empty_url]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    outputs = [process.communicate()[0].strip() for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert sorted(bool(output) for output in outputs) == [False, False, True]


def test_replies_given_before_they_were_counted_are_counted(empty_url: str) -> None:
    database = Database(empty_url)
    migrate(database)
    interview = Sitting(database)
    interview.answer()
    interview.answer(complied=False)
    (counting,) = MIGRATIONS.glob("versions/*_replies_given_before_counted.py")
    with database.engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        connection.execute(delete(ReplyCount))
        runpy.run_path(str(counting))["upgrade"]()
    with database.read() as session:
        assert counts.recount(session) == []
        assert session.scalars(select(ReplyCount.kept)).all() == [1]
    database.close()


def test_counts_that_a_new_version_adds_are_made_from_what_is_there(empty_url: str) -> None:
    database = Database(empty_url)
    migrate(database)
    add_cohorts(database)
    interview = Sitting(database)
    interview.grade(interview.answer(), 7)
    (adding,) = MIGRATIONS.glob("versions/*_more_counts.py")
    later = sorted(path for path in adding.parent.glob("0*.py") if path.name > adding.name)
    with database.engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        for revision in reversed(later):
            runpy.run_path(str(revision))["downgrade"]()
    with database.write() as session:
        for model in (CubeWeek, LearnerCount, ActiveWeek, PointCount):
            session.execute(delete(model))
        before = f"{int(adding.name[:4]) - 1:04}"
        session.execute(text("UPDATE alembic_version SET version_num = :before"), {"before": before})
    assert adding.name[:4] in migrate(database)
    with database.read() as session:
        assert counts.recount(session) == []
        assert session.scalars(select(CubeWeek.h7)).all() == [1]
        assert session.scalars(select(ProgrammeCube.h7)).all() == [1, 1]
    database.close()


def test_a_database_of_a_newer_version_is_refused(empty_url: str) -> None:
    database = Database(empty_url)
    migrate(database)
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ServiceError, match="newer version") as caught:
        migrate(database)
    assert caught.value.kind is Fault.NOT_CONFIGURED
    database.close()


def test_tables_compare_text_exactly_whatever_the_server_prefers(mariadb_server: Server) -> None:
    with mariadb_server.new_database() as url:
        plain = create_engine(url)
        with plain.begin() as connection:
            connection.execute(text("ALTER DATABASE CHARACTER SET latin1 COLLATE latin1_swedish_ci"))
        plain.dispose()
        database = Database(url)
        migrate(database)
        assert any("COLLATE=utf8mb4_bin" in line for line in definitions(database)["person"])
        database.close()


def test_migrating_on_sqlite_leaves_foreign_keys_on(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    migrate(database)
    with database.read() as session:
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
    database.close()


def test_without_tables_the_fault_says_what_to_run(empty_url: str) -> None:
    database = Database(empty_url)
    with pytest.raises(ServiceError, match="migrate"), database.read() as session:
        session.execute(text("SELECT * FROM person"))
    database.close()
