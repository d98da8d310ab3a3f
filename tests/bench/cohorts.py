"""What the pages ask of the database about cohorts, by the number of responses in it, on both databases.

VIVA_BENCH_RESPONSES names the sizes, the smallest first; `make bench-1m` and `make bench-5m` set it. Of many runs the least,
the median and the 95th percentile are shown; growth is that of the least. On a busy machine the others say more about it than
about Viva, so its load is printed, too.
"""

import datetime as dt
import logging
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from core.accounts.assignments import Wish, assign, open_tasks, progress_of, set_in
from core.accounts.contacts import last_contacts
from core.accounts.permissions import Viewer
from core.accounts.sessions import viewer_from
from core.analytics import cohorts, missed
from core.analytics.attention import Thresholds, Watch
from core.analytics.learner_lists import Order, learners, listed
from core.analytics.overview import overview, ranked, scores_by_cohort
from core.analytics.queries import learner_interviews, learner_skills
from core.analytics.scope import Scope
from core.analytics.score_rows import score_rows
from core.analytics.statistics import statistics
from core.bootstrap import Services
from core.interview.overview import overview_of
from core.interview.search import Wanted, found, search
from core.interview.streaks import practice_days
from core.quality.queues import waiting
from core.sample import SAMPLE_ADMIN_EMAIL, SAMPLE_LEARNER_EMAIL, load_sample
from core.storage import counts
from core.storage.grades import grade_from_row
from core.storage.ids import week_of
from core.storage.tables import Cohort, Enrolment, GradeRow, Interview, Person, Turn
from tests.app.visit import Visit
from tests.bench._table import line
from tests.bench.review import databases, running
from ui.cohort_learners import CALLS, LISTED
from ui.web.launch import warm_up

SIZES = [int(size) for size in os.environ.get("VIVA_BENCH_RESPONSES", "10000 100000").split()]
RUNS, GRADES, EXPORTED = 25, 40, 20_000
MOST, GROWTH, SMALL = 50.0, 3.0, 5.0
"""Milliseconds of a query, times its time at the smallest size, and milliseconds under which it may grow as it likes."""
BY_LEARNER = ("how far they got", "learners", "who needs a call", "assignment")
"""What looks at each learner of the cohort, of whom there are many more: its growth is not held against it."""
LOADED = {"SQLite": 20_000, "MariaDB": 5_000}
"""Responses a second, of MANY or more."""
MANY = 100_000

Look = Callable[[Session], Any]


def main() -> bool:
    """Print the figures; True when all keep their bounds."""
    logging.getLogger("streamlit").setLevel(logging.ERROR)  # it warns that no browser is there
    kept = []
    small: dict[str, dict[str, float]] = {}
    for size in SIZES:
        for name, url in databases():
            with running(url) as services:
                warm_up()  # as the app does at its start
                print(f"\n   {name}, {size:,} responses; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
                kept.append(_load(services, size, LOADED[name]))
                kept += _time_looks(services, small.setdefault(name, {}))
                kept += _time_pages(services)
                kept.append(_time_grade(services))
                kept.append(_time_export(services))
    return all(kept)


def _load(services: Services, size: int, bound: int) -> bool:
    catalogue = services.domains.catalogue()
    began = time.perf_counter()
    with services.database.unhurried() as database:
        report = load_sample(database, catalogue, responses=size, now=services.now())
    rate = report.responses / (time.perf_counter() - began)
    if size < MANY:
        print(f"   loading: {rate:,.0f} a second, of so few mostly the beginning")
        return True
    return line("loading", rate, bound, at_least=True, unit=" a second", digits=0)


def looks(services: Services) -> Mapping[str, Look]:
    """Every query of the pages, about the largest cohort and a learner who has been there throughout."""
    now, domains = services.now(), services.domains.catalogue().domains
    domain = next(iter(domains))
    skill = next(iter(domains[domain].skills))
    with services.database.read() as session:
        largest = select(Enrolment.cohort_id).group_by(Enrolment.cohort_id).order_by(func.count().desc())
        cohort_id = session.scalars(largest.limit(1)).one()
        every = tuple(session.scalars(select(Cohort.id)))
    learner, admin = _person(services, SAMPLE_LEARNER_EMAIL).id, _person(services, SAMPLE_ADMIN_EMAIL)
    assign(services.people, admin, Wish(cohort_id, domain, 3, now.date()), domains, now - dt.timedelta(weeks=3))
    this_week = week_of(now)
    scope = Scope((cohort_id,), source="sample", since=week_of(now - dt.timedelta(weeks=12)))
    narrow = Scope((cohort_id,), domain=domain, level=2, mode="practice", source="sample")
    ever = Scope((cohort_id,))
    week = Scope((cohort_id,), since=this_week, until=this_week)
    scored = cohorts.in_interviews(replace(scope, domain=domain, skill=skill, source=None), 4)

    def called(session: Session) -> Any:
        watch = Watch((cohort_id,), Thresholds(), now)
        risky = watch.at_risk(session)[:CALLS]
        return watch.reasons(session, risky), last_contacts(session, risky)

    def page(session: Session, *only: ColumnElement[bool], order: Order = Order.NAME) -> Any:
        return learners(session, ever, listed(session, ever, *only, order=order)[:LISTED])

    def every_cohort(session: Session, scope: Scope) -> Any:
        return ranked(overview(session, scope, scores_by_cohort(session, scope), this_week))

    def newest(session: Session) -> Any:
        return found(session, learner, search(session, learner, Wanted())[:50])

    return {
        "Cohorts: how far they got": lambda s: cohorts.funnel(
            s, (cohort_id,), active_since=now - dt.timedelta(days=14)
        ),
        "Cohorts: scores by week": lambda s: statistics(cohorts.scores_by_week(s, scope), ["week"]),
        "Cohorts: scores by week, since ever": lambda s: statistics(cohorts.scores_by_week(s, ever), ["week"]),
        "Cohorts: scores by week, narrowed": lambda s: cohorts.scores_by_week(s, narrow),
        "Cohorts: which engines graded": lambda s: cohorts.engines(s, ever),
        "Cohorts: the other cohorts' scores": lambda s: cohorts.scores_elsewhere(s, scope),
        "Cohorts: the other cohorts' scores, narrowed": lambda s: cohorts.scores_elsewhere(s, narrow),
        "Cohorts: the other cohorts' scores, narrowed to a skill": lambda s: cohorts.scores_elsewhere(
            s, replace(narrow, skill=skill)
        ),
        "Cohorts: practice by week": lambda s: cohorts.activity(s, scope),
        "Cohorts: skills of a domain": lambda s: statistics(
            cohorts.scores_by_skill(s, replace(scope, domain=domain)), ["skill"]
        ),
        "Cohorts: learners": page,
        "Cohorts: learners, the lowest mean first": lambda s: page(s, order=Order.LOWEST),
        "Cohorts: learners, the longest away first": lambda s: page(s, order=Order.AWAY),
        "Cohorts: learners with a score on a skill in 12 weeks": lambda s: page(s, scored),
        "Cohorts: who needs a call, and the calls": called,
        "Cohorts: assignments": lambda s: progress_of(s, set_in(s, [cohort_id])),
        "Cohorts: whom an assignment can be set": lambda s: services.people.learners_of(cohort_id),
        "Cohorts: all cohorts": lambda s: every_cohort(s, replace(scope, cohort_ids=every)),
        "Cohorts: all cohorts, since ever": lambda s: every_cohort(s, Scope(every, source="sample")),
        "Cohorts: key points missed this week": lambda s: missed.missed_points(s, week),
        "Cohorts: key points missed in 12 weeks": lambda s: missed.missed_points(s, scope),
        "Home: open interviews and totals": lambda s: overview_of(s, learner, domains),
        "Home: assignments": lambda s: open_tasks(s, learner, now.date()),
        "Home: streak": lambda s: practice_days(s, learner, dt.UTC),
        "Home: what waits for an administrator": lambda s: waiting(s, admin),
        "Progress: interviews and skills": lambda s: (
            learner_interviews(s, learner),
            learner_skills(s, learner, domain, "sample"),
        ),
        "Review: the newest": newest,
    }


def _time_looks(services: Services, small: dict[str, float]) -> list[bool]:
    kept = []
    print(f"   {'':<46} {'least':>9} {'median':>9} {'p95':>9}   growth")
    for what, look in looks(services).items():
        taken = []
        for _ in range(RUNS + 1):  # the first one warms up
            with services.database.read() as session:
                began = time.perf_counter()
                look(session)
                taken.append(1000 * (time.perf_counter() - began))
        least, median, high = np.percentile(taken[1:], [0, 50, 95])
        growth = least / small.setdefault(what, float(least))
        free = least <= SMALL or any(words in what for words in BY_LEARNER)
        kept.append(bool(high <= MOST and (growth <= GROWTH or free)))
        print(
            f"   {what:<46} {least:>6.1f} ms {median:>6.1f} ms {high:>6.1f} ms {growth:>7.1f}×"
            f"{'' if kept[-1] else '  MISSED'}"
        )
    print(f"   bounds: p95 at most {MOST:g} ms; at most {GROWTH:g}× the time at {SIZES[0]:,} if over {SMALL:g} ms,")
    print("   but for what looks at every learner of the cohort")
    return kept


def _time_pages(services: Services) -> list[bool]:
    """The first opening and the rerun of the page, by an administrator who has every cohort."""
    kept = []
    admin = _person(services, SAMPLE_ADMIN_EMAIL).id
    for view in ("How it goes", "Skills", "Learners", "Who needs a call", "All cohorts"):
        ticket = services.sessions.by_token(services.sessions.open(admin))
        assert ticket is not None
        visit = Visit(services, admin, ticket.public_id)
        began = time.perf_counter()
        visit.open("Cohorts", view=view)
        first = time.perf_counter() - began
        taken = []
        for _ in range(9):
            began = time.perf_counter()
            visit.again()
            taken.append(1000 * (time.perf_counter() - began))
        kept.append(line(f"first opening: {view}", first, 1, unit=" s", digits=2))
        kept.append(line(f"rerun: {view}", float(np.median(taken)), 150, unit=" ms", digits=1))
    return kept


def _time_grade(services: Services) -> bool:
    """What keeping the counts adds to a grade: the same grades stored in transactions with and without."""
    with services.database.read() as session:
        query = select(Turn.id).join(GradeRow, GradeRow.turn_id == Turn.id).where(GradeRow.score.is_not(None))
        turn_ids = session.scalars(query.order_by(Turn.id.desc()).limit(GRADES)).all()
    taken: dict[bool, list[float]] = {True: [], False: []}
    for turn_id in turn_ids:
        for counted in (True, False):
            began = time.perf_counter()
            services.database.run(lambda s, id_=turn_id, counted=counted: _grade_again(s, id_, services.now(), counted))
            taken[counted].append(1000 * (time.perf_counter() - began))
    return line(
        "what counting adds to a grade, at its least", min(taken[True]) - min(taken[False]), 5, unit=" ms", digits=2
    )


def _grade_again(session: Session, turn_id: int, now: dt.datetime, counted: bool) -> None:
    """Another score and other points in place of the turn's; uncounted they are the same, so that the counts stay right."""
    turn = session.get_one(Turn, turn_id)
    interview = session.get_one(Interview, turn.interview_id)
    row = session.scalars(select(GradeRow).where(GradeRow.turn_id == turn_id, GradeRow.is_current)).one()
    grade = grade_from_row(row)
    if counted:
        points = tuple(replace(one, status="missing" if one.status == "met" else "met") for one in grade.points)
        grade = replace(grade, score=(grade.score or 0) % 10 + 1, points=points)
        counts.store_grade(session, interview, turn, grade, source="sample", person_id=None, now=now)
        counts.set_ability(session, interview, 0.5, 0.5)
        return
    session.execute(select(Interview.id).where(Interview.id == interview.id).with_for_update())
    row.is_current = False
    again = GradeRow(turn_id=turn_id, score=row.score, source=row.source, model=row.model, prompt_digest="",
                     detail=row.detail, created_at=now)  # fmt: skip
    session.add(again)


def _time_export(services: Services) -> bool:
    """Rows a second of all scores of the largest cohort."""
    with services.database.read() as session:
        largest = session.execute(
            select(Interview.cohort_id).group_by(Interview.cohort_id).order_by(func.count().desc()).limit(1)
        ).scalar_one()
    began = time.perf_counter()
    rows = sum(1 for _ in islice(score_rows(services.database, largest, {}, {}), EXPORTED))
    return line(
        "scores exported", rows / (time.perf_counter() - began), 10_000, at_least=True, unit=" a second", digits=0
    )


def _person(services: Services, email: str) -> Viewer:
    with services.database.read() as session:
        return viewer_from(session.scalars(select(Person).filter_by(email=email)).one())
