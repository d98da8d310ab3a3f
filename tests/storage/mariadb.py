"""A private MariaDB (or MySQL) for the tests: reached by a socket file, never by a port that another could take."""

import getpass
import shutil
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pymysql

HOW_TO_GET_IT = "no mariadbd: apt-get install --no-install-recommends mariadb-server-core mariadb-client-core"
UNSAFE_BUT_FAST = (
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-buffer-pool-size=32M",
    "--innodb-log-file-size=8M",
    "--innodb-fast-shutdown=2",
    "--skip-innodb-doublewrite",
    "--performance-schema=0",
    "--skip-log-bin",
    "--innodb-flush-method=nosync",
    "--innodb-file-per-table=0",
)


def find_server() -> str | None:
    """The path of a server program, also where it is not on the PATH of an ordinary user."""
    places = "/usr/sbin:/usr/local/sbin:/usr/libexec"
    return next(
        (found for name in ("mariadbd", "mysqld") if (found := shutil.which(name) or shutil.which(name, path=places))),
        None,
    )


class Server:
    """A running server; `new_database()` gives the URL of an empty database with the collation that Viva needs."""

    def __init__(self, socket: Path) -> None:
        self.socket = socket

    def connection(self, name: str | None = None) -> "pymysql.Connection[pymysql.cursors.Cursor]":
        return pymysql.connect(unix_socket=str(self.socket), user="root", database=name, autocommit=True)

    def execute(self, statement: str) -> None:
        with self.connection() as connection:
            connection.cursor().execute(statement)

    def url(self, name: str) -> str:
        return f"mysql+pymysql://root@localhost/{name}?unix_socket={self.socket}"

    def create(self) -> str:
        """The name of a new database without tables."""
        name = f"t_{uuid.uuid4().hex[:12]}"
        self.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
        return name

    @contextmanager
    def new_database(self) -> Iterator[str]:
        name = self.create()
        try:
            yield self.url(name)
        finally:
            self.execute(f"DROP DATABASE {name}")


@contextmanager
def running_server(folder: Path, *options: str) -> Iterator[Server]:
    """A server with its data in `folder`, stopped at the end; without options it listens on no port."""
    program = find_server()
    if program is None:
        raise FileNotFoundError(HOW_TO_GET_IT)
    base = ["--no-defaults", f"--datadir={folder / 'data'}", f"--user={getpass.getuser()}"]
    if install := shutil.which("mariadb-install-db"):
        setup = [install, *base, "--auth-root-authentication-method=normal", "--skip-test-db"]
    else:
        setup = [program, *base, "--initialize-insecure"]
    subprocess.run(setup, check=True, capture_output=True)
    path = folder / "s"
    log = folder / "log"
    listening = options or ("--skip-networking",)
    with log.open("wb") as out:
        process = subprocess.Popen(
            [program, *base, f"--socket={path}", *UNSAFE_BUT_FAST, *listening], stdout=out, stderr=out
        )
    try:
        _wait(process, path, log)
        yield Server(path)
    finally:
        process.terminate()
        process.wait(30)


def _wait(process: "subprocess.Popen[bytes]", path: Path, log: Path) -> None:
    end = time.monotonic() + 120  # a busy machine is no fault
    while True:
        with socket.socket(socket.AF_UNIX) as probe:
            if probe.connect_ex(str(path)) == 0:
                return
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"the test database did not start: {log.read_text()[-2000:]}")
        time.sleep(0.05)
