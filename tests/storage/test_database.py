"""Transactions: what is stored, what waits for whom, and what is said when the database can't be had."""

import datetime as dt
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm import Session

from core.engines.base import Fault, ServiceError
from core.storage.database import Database
from core.storage.tables import Base, Cohort, Person, Programme
from tests.storage.mariadb import Server

NOW = dt.datetime(2026, 3, 4, 10, 30, 0, 123456, tzinfo=dt.UTC)


@pytest.fixture
def impatient(empty_url: str) -> Iterator[Database]:
    """A database that gives up after a fifth of a second (a second where MySQL counts in whole ones)."""
    database = Database(empty_url, patience=0.2)
    Base.metadata.create_all(database.engine)
    yield database
    database.close()


def add_programme(session: Session, name: str = "A") -> None:
    session.add(Programme(name=name))


def names(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(Programme.name).order_by(Programme.name)))


def person(email: str, name: str = "Ann") -> Person:
    return Person(public_id=email, email=email, name=name, role="learner", created_at=NOW)


def test_what_is_written_can_be_read(database: Database) -> None:
    with database.write() as session:
        add_programme(session)
    assert names(database) == ["A"]


def test_an_error_does_not_repeat_what_the_statement_carried(database: Database) -> None:
    with database.read() as session, pytest.raises(DBAPIError) as caught:
        session.execute(text("SELECT no_such_column FROM person WHERE name = :name"), {"name": "my own words"})
    assert "my own words" not in str(caught.value)


def test_run_returns_what_the_work_returns_and_stores_it(database: Database) -> None:
    def work(session: Session) -> str:
        add_programme(session)
        return "done"

    assert database.run(work) == "done"
    assert names(database) == ["A"]


def test_nothing_is_stored_when_the_work_fails(database: Database) -> None:
    def work(session: Session) -> None:
        add_programme(session)
        session.flush()
        raise KeyError("no")

    with pytest.raises(KeyError):
        database.run(work)
    assert names(database) == []


def test_reading_stores_nothing(database: Database) -> None:
    with database.read() as session:
        add_programme(session)
    assert names(database) == []


def test_a_database_that_answers_is_ready(database: Database) -> None:
    database.ready()


def test_a_time_keeps_its_microseconds_and_its_zone(database: Database) -> None:
    with database.write() as session:
        session.add(person("a@example.org"))
    with database.read() as session:
        assert session.scalars(select(Person.created_at)).one() == NOW


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="without a zone"), database.write() as session:
        session.add(Person(public_id="a", email="a", name="A", role="learner", created_at=NOW.replace(tzinfo=None)))


def test_names_that_differ_in_an_emoji_or_a_capital_are_different(database: Database) -> None:
    with database.write() as session:
        for name in ("😀", "🎉", "Ann", "ann"):
            add_programme(session, name)
    assert sorted(names(database)) == ["Ann", "ann", "🎉", "😀"]


def test_searching_ignores_case_beyond_ascii(database: Database) -> None:
    with database.write() as session:
        session.add(person("a@example.org", "ÉLODIE C++ 100%"))
    with database.read() as session:
        for words in ("élodie", "c++", "100%"):
            found = select(func.count()).where(func.lower(Person.name).contains(words, autoescape=True))
            assert session.scalar(found) == 1


def test_a_row_without_its_parent_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        session.add(Cohort(public_id="c", programme_id=99, name="C", starts_on=NOW.date()))


def test_sixteen_threads_that_add_to_one_number_lose_nothing(database: Database) -> None:
    with database.write() as session:
        session.add(person("a@example.org", "0"))

    def add_one(_: int) -> None:
        def work(session: Session) -> None:
            found = session.scalars(select(Person).with_for_update()).one()
            found.name = str(int(found.name) + 1)

        database.run(work)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(add_one, range(160)))
    with database.read() as session:
        assert session.scalar(select(Person.name)) == "160"


def test_a_deadlock_is_repeated_until_both_have_their_way(database: Database) -> None:
    with database.write() as session:
        session.add_all([person("a@example.org", "0"), person("b@example.org", "0")])
    meet = threading.Barrier(2)
    tries: list[str] = []

    def swap(order: tuple[str, str]) -> None:
        def work(session: Session) -> None:
            first_try = order[0] not in tries
            tries.append(order[0])
            for index, email in enumerate(order):
                session.execute(update(Person).filter_by(email=email).values(name=Person.name + order[0][0]))
                if index == 0 and first_try and not database.is_sqlite:
                    meet.wait(10)

        database.run(work)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(swap, [("a@example.org", "b@example.org"), ("b@example.org", "a@example.org")]))
    with database.read() as session:
        assert {"".join(sorted(name)) for name in session.scalars(select(Person.name))} == {"0ab"}
    assert len(tries) == (2 if database.is_sqlite else 3)


def test_a_lost_connection_is_replaced_and_the_work_repeated(mariadb_server: Server) -> None:
    with mariadb_server.new_database() as url:
        database = Database(url)
        Base.metadata.create_all(database.engine)
        tries: list[int] = []

        def work(session: Session) -> None:
            tries.append(session.scalars(select(func.connection_id())).one())
            add_programme(session)
            session.flush()
            if len(tries) == 1:
                mariadb_server.execute(f"KILL {tries[0]}")

        database.run(work)
        assert len(tries) == 2
        assert names(database) == ["A"]
        database.close()


def test_a_locked_database_is_a_sentence_and_not_a_wait_without_end(impatient: Database) -> None:
    with impatient.write() as session:
        session.add(person("a@example.org"))
    other = impatient.engine_for_migrating()
    with other.connect() as holder, holder.begin():
        holder.execute(update(Person).values(name="B"))
        for attempt in (_rename, _rename_by_run):
            with pytest.raises(ServiceError, match="busy") as caught:
                attempt(impatient)
            assert (caught.value.kind, caught.value.retryable) == (Fault.UNAVAILABLE, True)
    other.dispose()
    _rename(impatient)


def _rename(database: Database) -> None:
    with database.write() as session:
        session.execute(update(Person).values(name="C"))


def _rename_by_run(database: Database) -> None:
    database.run(lambda session: session.execute(update(Person).values(name="C")))


def test_a_lock_that_is_let_go_in_time_is_waited_for(database: Database) -> None:
    with database.write() as session:
        session.add(person("a@example.org"))
    other = database.engine_for_migrating()
    with ThreadPoolExecutor(1) as pool:
        with other.connect() as holder, holder.begin():
            holder.execute(update(Person).values(name="B"))
            waiting = pool.submit(_rename_by_run, database)
        waiting.result()
    other.dispose()
    with database.read() as session:
        assert session.scalar(select(Person.name)) == "C"


def test_a_thread_that_never_ends_its_writing_makes_others_give_up(impatient: Database) -> None:
    with impatient.write() as session:
        session.add(person("a@example.org"))
    with impatient.write() as session:
        session.execute(update(Person).values(name="B"))
        with ThreadPoolExecutor(1) as pool, pytest.raises(ServiceError, match="busy"):
            pool.submit(_rename, impatient).result()


def test_when_every_connection_is_taken_the_next_is_told_so(impatient: Database) -> None:
    held = [impatient.engine.connect() for _ in range(30)]
    with pytest.raises(ServiceError, match="busy") as caught:
        impatient.ready()
    assert caught.value.kind is Fault.UNAVAILABLE
    for connection in held:
        connection.close()
    impatient.ready()


def test_a_writing_transaction_inside_another_is_a_mistake_said_at_once(sqlite_database: Database) -> None:
    with (
        pytest.raises(RuntimeError, match="inside another"),
        sqlite_database.write(),
        sqlite_database.write(),
    ):
        pass


def test_a_full_disk_is_a_sentence_for_the_administrator(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}", patience=0.2)
    Base.metadata.create_all(database.engine)
    with database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(ServiceError, match="no space left") as caught, database.write() as session:
        session.add_all([person(f"{number}@example.org", "x" * 120) for number in range(200)])
    assert caught.value.retryable is False
    database.close()


def test_a_file_that_is_no_database_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"These are not the pages of a database. " * 50)
    database = Database(f"sqlite:///{path}")
    with pytest.raises(ServiceError, match="damaged"):
        database.ready()
    database.close()


def test_the_file_and_its_folder_belong_to_their_owner_alone(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'var' / 'viva.db'}")
    Base.metadata.create_all(database.engine)
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "var").iterdir()} == {0o600}
    database.close()


def test_sqlite_is_set_to_lose_nothing_and_to_let_readers_read(sqlite_database: Database) -> None:
    with sqlite_database.read() as session:
        pragmas = {name: session.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous")}
    assert pragmas == {"journal_mode": "wal", "synchronous": 2}


def test_what_was_written_back_is_in_the_file_without_its_log(tmp_path: Path) -> None:
    database, copy = Database(f"sqlite:///{tmp_path}/test.db"), tmp_path / "copy.db"
    Base.metadata.create_all(database.engine)
    with database.write() as session:
        add_programme(session)
    database.write_back()
    copy.write_bytes((tmp_path / "test.db").read_bytes())
    database.close()
    assert names(Database(f"sqlite:///{copy}")) == ["A"]


def test_a_reader_is_not_kept_waiting_by_a_writer(database: Database) -> None:
    with database.write() as session:
        add_programme(session)
        session.flush()
        assert names(database) == []


def test_processes_that_open_a_new_file_at_once_all_succeed(tmp_path: Path) -> None:
    program = "import sys; from core.storage.database import Database; Database(sys.argv[1]).ready()"
    command = [sys.executable, "-c", program, f"sqlite:///{tmp_path / 'new' / 'a.db'}"]
    processes = [subprocess.Popen(command) for _ in range(4)]
    assert [process.wait() for process in processes] == [0, 0, 0, 0]


def test_text_longer_than_its_column_is_refused_by_mysql(mariadb_server: Server) -> None:
    with mariadb_server.new_database() as url:
        database = Database(url)
        Base.metadata.create_all(database.engine)
        with pytest.raises(DataError), database.write() as session:
            add_programme(session, "x" * 201)
        database.close()


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "must begin with"),
        ("viva.db", "must begin with"),
        ("postgresql://ann:secret@host/viva", "must begin with"),
        ("mysql://ann:secret@host:port/viva", "must begin with"),
        ("mysql+pymysql://ann:secret@host", "must name a database"),
        ("mysql+pymysql://ann:secret@host/viva?ssl_ca=/ca.pem", "VIVA_MYSQL_CA"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
        ("sqlite:////proc/nowhere/viva.db", "can't be opened"),
    ],
)
def test_a_url_that_can_not_be_used_is_one_sentence_without_its_password(url: str, reason: str) -> None:
    with pytest.raises(ServiceError, match=reason) as caught:
        Database(url)
    assert caught.value.kind is Fault.NOT_CONFIGURED
    assert "secret" not in caught.value.sentence


def test_a_server_that_is_not_there_is_a_sentence() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))  # bound and not listening: whoever connects is refused
        port = probe.getsockname()[1]
        _expect_away(Database(f"mysql+pymysql://root@127.0.0.1:{port}/viva", patience=0.2))


def _expect_away(database: Database) -> None:
    for attempt in (database.ready, lambda: database.run(add_programme)):
        with pytest.raises(ServiceError, match="can't be reached") as caught:
            attempt()
        assert caught.value.kind is Fault.UNAVAILABLE
    database.close()


def test_an_account_that_the_server_refuses_is_a_sentence(mariadb_server: Server) -> None:
    database = Database(f"mysql+pymysql://nobody@localhost/viva?unix_socket={mariadb_server.socket}", patience=0.2)
    with pytest.raises(ServiceError, match="refused Viva's account") as caught:
        database.ready()
    assert caught.value.retryable is False
    database.close()


def test_a_bundle_that_is_no_certificate_is_one_sentence(tmp_path: Path) -> None:
    bundle = tmp_path / "ca.pem"
    bundle.write_text("not a certificate")
    with pytest.raises(ServiceError, match="VIVA_MYSQL_CA") as caught:
        Database("mysql+pymysql://ann@host/viva", ca=bundle)
    assert caught.value.kind is Fault.NOT_CONFIGURED


def test_another_database_on_the_same_file_leaves_the_locks_of_this_process_alone(tmp_path: Path) -> None:
    """Closing any handle of a file takes away all locks of its process: another would then throw the journal away."""
    path = tmp_path / "test.db"
    first = Database(f"sqlite:///{path}")
    Base.metadata.create_all(first.engine)
    Database(f"sqlite:///{path}").close()
    script = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('CREATE TABLE other (n INTEGER)'); c.close()"
    )
    subprocess.run([sys.executable, "-c", script, str(path)], check=True)
    with first.write() as session:
        session.execute(text("INSERT INTO other VALUES (1)"))
    assert path.with_name("test.db-wal").exists()
    first.close()
