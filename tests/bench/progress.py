"""Progress and Home for somebody with 2,000 interviews: the database's time and the whole rerun, on both databases."""

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.analytics.calibration import calibration, surprises
from core.analytics.placing import placings
from core.analytics.progress import directions, skills_by_period
from core.analytics.queries import learner_interviews, learner_skills, learner_totals
from core.analytics.spoken import spoken_interviews
from core.bootstrap import Services
from core.interview.goals import Goal, distance_to, set_goal
from core.interview.next_practice import suggest
from core.interview.streaks import practice_days
from core.storage.count_tables import InterviewRollup
from tests.app.visit import Visit
from tests.bench._table import line
from tests.bench.review import NOW, best, databases, fill, running
from ui.downloads import file_name
from ui.progress import SPOKEN

VIEWS = ("How it goes", "Skills", "Confidence", "Speech")


def main() -> bool:
    """Print the figures; True when all keep their bounds."""
    logging.getLogger("streamlit").setLevel(logging.ERROR)  # it warns that no browser is there
    kept = []
    for name, url in databases():
        print(f"   {name}")
        with running(url) as services:
            learner = services.people.add("bench@example.org", "Bench", "learner").id
            fill(services, learner)
            _estimate(services)
            kept += _time_data(services, learner)
            kept += _time_pages(services, learner)
    return all(kept)


def _estimate(services: Services) -> None:
    """Some ability for every interview, which made-up grades don't have."""
    with services.database.write() as session:
        for number, (id_,) in enumerate(session.execute(select(InterviewRollup.interview_id)).all()):
            values = {"ability": number % 7 / 3 - 1, "ability_se": 0.5}
            session.execute(update(InterviewRollup).where(InterviewRollup.interview_id == id_).values(values))


def _time_data(services: Services, learner: int) -> list[bool]:
    domains = services.domains.catalogue().domains
    domain = next(iter(domains))
    goal = Goal(domain, 4, NOW.date() + dt.timedelta(days=60))
    set_goal(services.database, learner, goal, domains, NOW.date())

    def source(session: Session) -> str:
        return str(learner_totals(session, learner)["source"].iloc[0])

    def course(session: Session) -> Any:
        shown = learner_interviews(session, learner, None, source(session))
        return directions(shown), placings(session, learner, source(session))

    def skills(session: Session) -> Any:
        return skills_by_period(learner_skills(session, learner, domain, source(session)), dt.UTC)

    def judged(session: Session) -> Any:
        return calibration(session, learner), surprises(session, learner)

    def home(session: Session) -> Any:
        practice_days(session, learner, dt.UTC)
        return suggest(session, learner, domains, NOW), distance_to(session, learner, goal)

    def reading(look: Callable[[Session], Any]) -> Callable[[], Any]:
        def run() -> Any:
            with services.database.read() as session:
                return look(session)

        return run

    looks = [
        ("Progress: interviews and directions", reading(course)),
        ("Progress: skills", reading(skills)),
        ("Progress: sure or unsure", reading(judged)),
        ("Progress: how one speaks", reading(lambda session: spoken_interviews(session, learner))),
        ("Home: next practice, goal and streak", reading(home)),
        ("Home: totals", lambda: services.interviews.overview(learner)),
    ]
    return [line(what, best(look), 50, unit=" ms", digits=1) for what, look in looks]


def _time_pages(services: Services, learner: int) -> list[bool]:
    ticket = services.sessions.by_token(services.sessions.open(learner))
    assert ticket is not None
    kept = []
    for page, query in (("Start", {}), *(("Progress", {"view": view}) for view in VIEWS)):
        visit = Visit(services, learner, ticket.public_id).open(page, **query)
        name = " ".join(["rerun of", page, *query.values()])
        kept.append(line(name, best(visit.again), 100, unit=" ms", digits=1))
    visit.tab.session_state[f"numbers-{file_name(SPOKEN)}"] = True
    kept.append(line("rerun with the numbers open", best(visit.again), 100, unit=" ms", digits=1))
    return kept


if __name__ == "__main__":
    main()
