"""The Cohorts page as a browser gets it from a running server: its first opening, its reruns, and 20 managers at once."""

import os
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import numpy as np
from sqlalchemy import select

from core.bootstrap import utc_now
from core.config import ROOT
from core.domains import DomainStore
from core.sample import load_sample
from core.storage.migrate import migrate
from core.storage.tables import Person
from tests.bench._table import line
from tests.browser.conftest import AppServer, running_app
from tests.browser.raw_socket import RawSocket, raw_socket

RESPONSES = int(os.environ.get("VIVA_BENCH_RESPONSES", "100000"))
MANAGERS, CLICKS = 20, 8
THINKING = 4.0
"""Seconds between two clicks of one manager, on average."""
VIEWS = ("How it goes", "Skills", "Learners", "Who needs a call", "All cohorts")
REPEATS = 15


def main() -> bool:
    """Print the figures; True when all keep their bounds."""
    with tempfile.TemporaryDirectory() as folder, running_app(Path(folder), VIVA_DEMO="1") as server:
        migrate(server.database)
        load_sample(
            server.database, DomainStore(ROOT / "prompts" / "domains").catalogue(), responses=RESPONSES, now=utc_now()
        )
        with server.database.read() as session:
            manager = session.scalars(select(Person.id).where(Person.role == "manager")).first()
        assert manager is not None
        cookies = [server.sessions.open(manager) for _ in range(MANAGERS)]
        print(f"   {RESPONSES:,} responses on SQLite")
        kept = [line("first opening", _open(server, cookies[0]), 1000, unit=" ms")]
        kept += [line(f"rerun: {view}", _rerun(server, cookies[0], view), 150, unit=" ms") for view in VIEWS]
        with ThreadPoolExecutor(MANAGERS) as pool:
            waits = [
                wait for waited in pool.map(_browse, [server] * MANAGERS, cookies, range(MANAGERS)) for wait in waited
            ]
        what = f"{MANAGERS} managers, a click every {THINKING:.0f} s each: p95"
        kept.append(line(what, float(np.percentile(waits, 95)), 500, unit=" ms"))
    return all(kept)


def _open(server: AppServer, cookie: str) -> float:
    """Milliseconds from knocking to the page drawn whole, in a process that has not drawn it before."""
    began = time.perf_counter()
    with raw_socket(server.base, cookie) as socket:
        assert socket.run("Cohorts").shows("Compare with")
    return 1000 * (time.perf_counter() - began)


def _rerun(server: AppServer, cookie: str, view: str) -> float:
    """The median of some reruns, in milliseconds."""
    with raw_socket(server.base, cookie) as socket:
        return float(np.median([_time(socket, view) for _ in range(REPEATS)]))


def _browse(server: AppServer, cookie: str, number: int) -> list[float]:
    rng = Random(number)
    with raw_socket(server.base, cookie) as socket:
        socket.run("Cohorts")
        waits = []
        for _ in range(CLICKS):
            time.sleep(rng.expovariate(1 / THINKING))
            waits.append(_time(socket, rng.choice(VIEWS)))
        return waits


def _time(socket: RawSocket, view: str) -> float:
    began = time.perf_counter()
    socket.run("Cohorts", view=view)
    return 1000 * (time.perf_counter() - began)


if __name__ == "__main__":
    main()
