"""Review for somebody with 2,000 interviews: the database's time and the whole rerun, on both databases."""

import datetime as dt
import logging
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from pydantic import SecretStr
from sqlalchemy import insert

import ui.services
from core.bootstrap import Services, build
from core.config import Settings
from core.domains import Domain
from core.interview import search
from core.interview.model import EndReason, Mode, Move, Phase
from core.interview.search import Order, Score, Wanted
from core.speech.delivery import Sound, measure
from core.storage import counts
from core.storage.ids import new_public_id, week_of
from core.storage.tables import GradeRow, Interview, Turn
from tests.app.visit import Visit
from tests.bench._pages import compiled_once
from tests.bench._table import line
from tests.storage.mariadb import HOW_TO_GET_IT, find_server, running_server

INTERVIEWS, TURNS = 2_000, 10
PAGE = 20
REPEATS = 9
NOW = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
SMALL_SERVER = ("--skip-networking", "--innodb-buffer-pool-size=1G", "--innodb-log-file-size=256M")
"""Memory as the smallest that are let have: the tests' own server makes do with 32 MB, and reads the disk for the rest."""
SEARCHES = {
    "the newest": Wanted(),
    "the best of level 3": Wanted(level=3, order=Order.BEST),
    "a score, a mode and half a year": Wanted(score=Score.LOW, mode="mock", since=NOW - dt.timedelta(days=180)),
    "a word that is everywhere": Wanted(words="the"),
    "a word that is nowhere": Wanted(words="zeugma"),
    "a word that is nowhere, not English": Wanted(words="Überprüfung"),
}


def main() -> bool:
    """Print the figures; True when all keep their bounds."""
    logging.getLogger("streamlit").setLevel(logging.ERROR)  # it warns that no browser is there
    kept = []
    for name, url in databases():
        print(f"   {name}")
        with running(url) as services:
            learner = services.people.add("bench@example.org", "Bench", "learner").id
            opened = fill(services, learner)
            kept += [_time_search(services, learner, what, wanted) for what, wanted in SEARCHES.items()]
            kept.append(_data("one interview", lambda: services.interviews.view(learner, opened)))  # noqa: B023 used at once
            kept += _time_pages(services, learner, opened)
    return all(kept)


def databases() -> Iterator[tuple[str, str]]:
    with tempfile.TemporaryDirectory(prefix="viva-") as folder:
        yield "SQLite", f"sqlite:///{folder}/bench.db"
    if find_server() is None:
        print(f"   MariaDB left out: {HOW_TO_GET_IT}")
        return
    with (
        tempfile.TemporaryDirectory(prefix="viva-") as folder,
        running_server(Path(folder), *SMALL_SERVER) as server,
        server.new_database() as url,
    ):
        yield "MariaDB", url


@contextmanager
def running(url: str) -> Iterator[Services]:
    with tempfile.TemporaryDirectory() as folder, compiled_once():
        built = build(Settings(engine="offline", database_url=SecretStr(url), data_dir=Path(folder)))
        built.start()
        ui.services._services = built
        try:
            yield built
        finally:
            ui.services._services = None
            built.stop()


def fill(services: Services, learner: int) -> str:
    """The interviews, over three years, in the authored words of the banks; returns one of them."""
    rng = Random(7)
    domains = list(services.domains.catalogue().domains.values())
    rows = [_interview(rng.choice(domains), learner, place, rng) for place in range(INTERVIEWS)]
    with services.database.write() as session:
        for number, (interview, turns) in enumerate(rows, 1):
            session.execute(insert(Interview), {**interview, "id": number})
            first = number * TURNS
            session.execute(
                insert(Turn), [{**t, "interview_id": number, "id": first + n} for n, (t, _) in enumerate(turns)]
            )
            session.execute(insert(GradeRow), [{**g, "turn_id": first + n} for n, (_, g) in enumerate(turns)])
        counts.rebuild(session)
    return str(rows[INTERVIEWS // 2][0]["public_id"])


def _interview(domain: Domain, learner: int, place: int, rng: Random) -> tuple[dict[str, Any], list[Any]]:
    started = NOW - dt.timedelta(hours=13 * place)
    by = {"engine": "sample", "model": "made up"}
    interview = {
        **by, "public_id": new_public_id(), "learner_id": learner, "cohort_id": 0, "domain": domain.key, "level": None,
        "mode": rng.choice(list(Mode)), "question_limit": TURNS, "phase": Phase.FINISHED, "end_reason": EndReason.LIMIT,
        "seed": 1, "started_at": started, "finished_at": started, "week": week_of(started), "is_sample": False,
    }  # fmt: skip
    turns = []
    for number, question in enumerate(rng.sample(domain.questions, TURNS), 1):
        authored = question.answers
        answer = rng.choice([authored.weak, authored.mid, authored.strong]) if authored else question.model_answer
        turn = {
            **by, "number": number, "move": Move.NEW_TOPIC, "rung": 0, "skill": question.skill, "level": question.level,
            "question_id": question.id, "message": question.text, "asked_at": started, "prompt_digest": "",
            "complied": True, "hints": [], "answer": answer, "answered_at": started, "skipped": False,
            "sure": rng.choice([True, False, None]), "input_mode": "voice", "heard": answer, "delivery": _delivery(answer),
        }  # fmt: skip
        points = [{"point": point.point, "status": "met", "quote": answer[:80]} for point in question.key_points]
        grade = {
            "is_current": True, "score": rng.randint(1, 10), "reason": None, "source": "sample", "model": "made up",
            "prompt_digest": "", "detail": {"points": points}, "created_at": started,
        }  # fmt: skip
        turns.append((turn, grade))
    return interview, turns


@cache
def _delivery(answer: str) -> dict[str, Any]:
    """What is measured of an answer that was spoken at an easy pace."""
    seconds = len(answer.split()) * 60 / 140
    return measure(answer, [Sound(seconds + 5, seconds, 4, 0, noisy=False)])


def _time_search(services: Services, learner: int, what: str, wanted: Wanted) -> bool:
    def look() -> None:
        with services.database.read() as session:
            ids = search.search(session, learner, wanted)
            search.found(session, learner, ids[:PAGE])

    return _data(f"search: {what}", look)


def _time_pages(services: Services, learner: int, opened: str) -> list[bool]:
    ticket = services.sessions.by_token(services.sessions.open(learner))
    assert ticket is not None
    kept = []
    for what, query in (("the list", {}), ("a report", {"interview": opened})):
        visit = Visit(services, learner, ticket.public_id).open("Review", **query)
        kept.append(line(f"rerun of {what}", best(visit.again), 100, unit=" ms", digits=1))
    return kept


def _data(what: str, look: Callable[[], Any]) -> bool:
    return line(what, best(look), 50, unit=" ms", digits=1)


def best(work: Callable[[], Any]) -> float:
    """Milliseconds that it takes, the least of several: what else the machine does is not measured."""
    work()
    taken = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - began))
    return min(taken)


if __name__ == "__main__":
    main()
