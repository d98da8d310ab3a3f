"""Our own time for a turn: a whole offline interview of 25 questions, answered without a pause."""

import tempfile
import time
from pathlib import Path

from pydantic import SecretStr

from core.bootstrap import build
from core.config import Settings
from core.interview.model import MAX_TURNS
from core.rehearsal import Reply, rehearse
from tests.bench._table import line

ANSWER = (
    "I would start from the question that the work has to answer, look at the data first, say what I assume, and check it "
    "on cases that I have not seen, for example last month's, because otherwise I only learn what I already believed."
)


def main() -> bool:
    """Print the figure; True when it keeps its bound."""
    with tempfile.TemporaryDirectory() as folder:
        url = SecretStr(f"sqlite:///{Path(folder) / 'bench.db'}")
        services = build(Settings(engine="offline", database_url=url, data_dir=Path(folder)))
        services.start()
        try:
            learner = services.people.add("bench@example.org", "Bench", "learner").id
            services.warm_up()  # as the app does
            domain = next(iter(services.domains.catalogue().domains))
            began = time.perf_counter()
            replies = [Reply(ANSWER)] * MAX_TURNS
            events = list(rehearse(services, learner, domain, replies, level=3, questions=MAX_TURNS, mode="practice"))
            each = 1000 * (time.perf_counter() - began) / MAX_TURNS
        finally:
            services.stop()
    turns = sum(event["event"] == "answer" for event in events)
    return line(f"a turn of {turns}, from the answer to the next question and grade", each, 50, unit=" ms", digits=1)
