"""What the cohort page reads, against the same worked out from every single response."""

import datetime as dt
import math
from collections import defaultdict
from random import Random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import select, update

from core.analytics import attention, cohorts, missed, overview
from core.analytics.attention import Thresholds
from core.analytics.learner_lists import Order, learners, listed
from core.analytics.metrics import trend
from core.analytics.scope import Scope
from core.analytics.statistics import statistics
from core.storage import counts
from core.storage.count_tables import InterviewRollup, LearnerTrend
from core.storage.database import Database
from core.storage.ids import new_public_id, week_of
from core.storage.tables import Cohort, Enrolment, Person, Programme
from tests.storage.test_counts import NOW, Sitting

USUAL = Thresholds()


def add_cohorts(database: Database) -> None:
    """Cohorts 1 and 2 of one programme, 3 of another."""
    with database.write() as session:
        for id_, name in ((1, "North"), (2, "South")):
            session.add(Programme(id=id_, name=name))
        session.flush()
        for id_, programme in ((1, 1), (2, 1), (3, 2)):
            session.add(
                Cohort(id=id_, public_id=new_public_id(), programme_id=programme, name=f"c{id_}", starts_on=NOW.date())
            )


class Learner(Sitting):
    """A sitting whose learner is enrolled, with everything moved to the week `weeks` before."""

    def __init__(self, database: Database, cohort_id: int = 1, *, weeks: int = 0, engine: str = "offline") -> None:
        self.engine = engine
        super().__init__(database, engine=engine, cohort_id=cohort_id, at=NOW - dt.timedelta(weeks=weeks))
        with database.write() as session:
            since = NOW - dt.timedelta(weeks=20)
            session.add(Enrolment(person_id=self.learner_id, cohort_id=cohort_id, since=since))

    @staticmethod
    def again(learner: Sitting, days: int) -> Sitting:
        return Sitting(learner.database, learner_id=learner.learner_id, at=NOW + dt.timedelta(days=days))


def score(sitting: Learner, *scores: int | None, level: int = 3, skill: str = "brewing") -> None:
    for one in scores:
        sitting.grade(sitting.answer(skill, level), one, sitting.engine)


def risks(database: Database, thresholds: Thresholds = USUAL) -> list[Any]:
    with database.read() as session:
        watch = attention.Watch((1,), thresholds, NOW)
        risky = watch.reasons(session, watch.at_risk(session))
    return [reason for learner in risky for reason in learner.reasons]


def test_the_engines_that_graded_come_with_that_of_most_first_under_every_filter(database: Database) -> None:
    add_cohorts(database)
    score(Learner(database), 4, 6, level=2)
    score(Learner(database, engine="openai"), 2, None, level=3)
    with database.read() as session:
        assert cohorts.engines(session, Scope((1,))) == ["offline", "openai"]
        assert cohorts.engines(session, Scope((1,), level=3)) == ["openai"]
        assert cohorts.engines(session, Scope((1,), domain="coffee")) == []
        assert cohorts.engines(session, Scope((2,))) == []


def test_weeks_keep_engines_apart_and_come_oldest_first(database: Database) -> None:
    add_cohorts(database)
    score(Learner(database, weeks=1), 4, 6)
    score(Learner(database), 8)
    score(Learner(database, engine="openai"), 2, None)
    with database.read() as session:
        counts = cohorts.scores_by_week(session, Scope((1,)))
    found = statistics(counts, ["week", "source"])
    assert found[["source", "n", "mean"]].to_numpy().tolist() == [
        ["offline", 2, 5],
        ["offline", 1, 8],
        ["openai", 1, 2],
    ]
    assert found["week"].tolist() == [dt.date(2026, 2, 23), dt.date(2026, 3, 2), dt.date(2026, 3, 2)]


def test_every_filter_narrows_and_other_cohorts_never_leak_in(database: Database) -> None:
    add_cohorts(database)
    here, elsewhere = Learner(database, weeks=3), Learner(database, 2)
    score(here, 4, level=2)
    score(here, 9, level=5, skill="serving")
    score(elsewhere, 1)
    with database.read() as session:

        def total(**filters: Any) -> int:
            return int(cohorts.scores_by_week(session, Scope((1,), **filters))["total"].sum())

        assert total() == 13
        assert (total(skill="serving"), total(level=2), total(domain="tea"), total(domain="coffee")) == (9, 4, 13, 0)
        assert (total(source="offline"), total(source="openai"), total(mode="mock")) == (13, 0, 0)
        assert (total(since=NOW.date() - dt.timedelta(weeks=2)), total(until=NOW.date())) == (0, 13)
        assert cohorts.scores_by_week(session, Scope(())).empty


def test_the_other_cohorts_of_the_programme_are_counted_together(database: Database) -> None:
    add_cohorts(database)
    for cohort, value in ((1, 3), (2, 7), (3, 10)):
        score(Learner(database, cohort), value)
    with database.read() as session:
        found = cohorts.scores_elsewhere(session, Scope((1,)))
    assert found[["source", "n", "total"]].to_numpy().tolist() == [["offline", 1, 7]]


def test_activity_counts_learners_once_a_week(database: Database) -> None:
    add_cohorts(database)
    first = Learner(database)
    again = Sitting(database, learner_id=first.learner_id)
    again.finish()
    score(first, 5, None)
    with database.read() as session:
        found = cohorts.activity(session, Scope((1,))).iloc[0]
    assert found[["learners", "started", "finished", "answered", "ungraded"]].tolist() == [1, 2, 1, 2, 1]


def test_a_week_in_which_nobody_practised_is_there_with_zeros(database: Database) -> None:
    add_cohorts(database)
    Learner(database, weeks=3)
    Learner(database, weeks=1)
    with database.read() as session:
        assert cohorts.activity(session, Scope((1,)))["started"].tolist() == [1, 0, 1]
        assert cohorts.activity(session, Scope((1,)), week_of(NOW))["learners"].tolist() == [1, 0, 1, 0]
        assert cohorts.activity(session, Scope((2,)), week_of(NOW)).empty


def test_the_funnel_narrows_from_the_invited_to_those_who_finished(database: Database) -> None:
    add_cohorts(database)
    Learner(database).finish()
    Learner(database, weeks=9)
    with database.write() as session:
        for seen in (None, NOW):
            person = Person(public_id=new_public_id(), email=f"{seen}@x", name="B", role="learner", created_at=NOW)
            person.last_active_at = seen
            session.add(person)
            session.flush()
            session.add(Enrolment(person_id=person.id, cohort_id=1, since=NOW))
    with database.read() as session:
        found = cohorts.funnel(session, (1,), active_since=NOW - dt.timedelta(days=14))
        nobody = cohorts.funnel(session, (3,), active_since=NOW)
    assert found == cohorts.Funnel(invited=4, signed_in=3, began=2, finished=1, active=1)
    assert nobody == cohorts.Funnel(0, 0, 0, 0, 0)


def test_learners_are_all_there_with_what_they_did_in_the_cohort(database: Database) -> None:
    add_cohorts(database)
    busy, idle = Learner(database), Learner(database)
    idle.remove()
    score(busy, 4, 7, level=2)
    with database.read() as session:
        found = learners(session, Scope((1,)), listed(session, Scope((1,)))).set_index("id")
    assert found.loc[busy.learner_id, ["interviews", "n", "mean", "level"]].tolist() == [1, 2, 5.5, 2.0]
    assert found.loc[busy.learner_id, "last_interview"] == pd.Timestamp(NOW)
    assert found.loc[idle.learner_id, ["interviews", "n"]].tolist() == [0, 0]
    assert math.isnan(found.loc[idle.learner_id, "mean"])


def test_learners_come_in_the_order_that_is_asked_for_and_those_with_nothing_of_it_last(database: Database) -> None:
    add_cohorts(database)
    fair, good, idle = Learner(database, weeks=2), Learner(database), Learner(database)
    idle.remove()
    score(fair, 4)
    score(good, 9)
    Learner.again(good, days=0)
    scope = Scope((1,))
    with database.read() as session:
        found = {order: listed(session, scope, order=order) for order in Order}
        page = learners(session, scope, found[Order.HIGHEST][:2])
        assert learners(session, scope, []).empty
    a, b, c = fair.learner_id, good.learner_id, idle.learner_id
    assert found == {
        Order.NAME: [a, b, c],
        Order.LOWEST: [a, b, c],
        Order.HIGHEST: [b, a, c],
        Order.BUSIEST: [b, a, c],
        Order.AWAY: [c, a, b],
    }
    assert page[["id", "mean"]].to_numpy().tolist() == [[b, 9.0], [a, 4.0]]


def test_learners_are_narrowed_by_their_interviews_and_by_how_far_they_got(database: Database) -> None:
    add_cohorts(database)
    long_ago, now = Learner(database, weeks=5), Learner(database)
    score(long_ago, 4, skill="serving", level=2)
    score(now, 4, 9)
    now.finish()
    week = week_of(NOW)
    with database.read() as session:

        def found(*only: Any) -> list[int]:
            return listed(session, Scope((1,)), *only)

        def sat(value: int | None = None, **filters: Any) -> list[int]:
            return found(cohorts.in_interviews(Scope((1,), **filters), value))

        assert sat(4) == [long_ago.learner_id, now.learner_id]
        assert (sat(9), sat(skill="serving"), sat(4, since=week, until=week)) == (
            [now.learner_id],
            [long_ago.learner_id],
            [now.learner_id],
        )
        assert (sat(level=2), sat(4, level=3)) == ([long_ago.learner_id], [now.learner_id])
        assert sat(5) == sat(9, level=2) == sat(domain="coffee") == []
        steps = cohorts.steps((1,), NOW - dt.timedelta(days=14))
        assert [len(found(steps[name])) for name in ("signed_in", "began", "finished", "active")] == [2, 2, 1, 1]


def test_who_has_been_away_is_listed_with_the_days(database: Database) -> None:
    add_cohorts(database)
    Learner(database, weeks=3)
    Learner(database, weeks=1).finish()
    assert risks(database) == ["No interview for 21 days."]
    assert risks(database, Thresholds(idle_days=30)) == []


def test_an_interview_in_another_cohort_counts_against_being_away(database: Database) -> None:
    add_cohorts(database)
    moved = Learner(database, weeks=5)
    Sitting(database, cohort_id=2, learner_id=moved.learner_id)
    assert risks(database) == []


def test_who_never_began_is_listed_from_the_day_they_joined(database: Database) -> None:
    add_cohorts(database)
    Learner(database).remove()
    assert risks(database) == ["No interview yet, 140 days after joining."]


def test_other_reasons_each_have_their_words(database: Database) -> None:
    add_cohorts(database)
    stuck = Learner(database)
    score(stuck, *[3] * 15, level=1)
    broken = Learner(database, weeks=1)
    Sitting(database, learner_id=broken.learner_id).finish()
    failed = Learner(database)
    score(failed, 5, 5, 5, None, None)
    assert sorted(risks(database)) == [
        "2 of 5 answers could not be graded.",
        "Broke off 1 of 2 interviews in 4 weeks.",
        "Still at level 1 after 15 answers in 4 weeks.",
    ]


def test_falling_is_told_by_the_same_rule_as_on_the_learners_own_page(database: Database) -> None:
    add_cohorts(database)
    random = Random(3)
    for slope in (-0.5, -0.1, 0.0, 0.4):
        learner = Learner(database, weeks=1)
        sittings = [learner, *(Learner.again(learner, day) for day in range(5))]
        ability = np.array([slope * number + random.gauss(0, 0.2) for number in range(6)])
        se = np.array([0.4 + 0.05 * number for number in range(6)])
        for sitting, y, error in zip(sittings, ability, se, strict=True):
            sitting.run(lambda session, row, y=y, error=error: counts.set_ability(session, row, y, error))
        with database.read() as session:
            (falls,) = session.scalars(select(attention.falling()).where(LearnerTrend.learner_id == learner.learner_id))
        assert bool(falls) == (trend(ability, se).label == "worth a look"), slope
    assert "Falls from interview to interview in tea, difficulty allowed for: worth a look." in risks(database)


def test_missed_points_come_with_their_share_and_examples_only_by_consent(database: Database) -> None:
    add_cohorts(database)
    learner, other = Learner(database), Learner(database, 2)
    score(learner, 3, 3, 8)
    score(other, 2, 2, 2, 2)
    monday = week_of(NOW)
    with database.write() as session:
        found = missed.missed_points(session, Scope((1,)))
        assert found[["text", "n", "missed"]].to_numpy().tolist() == [["heat", 3, 3], ["tannins", 3, 2]]
        assert missed.missed_points(session, Scope((1,)), at_least=4).empty
        assert missed.missed_points(session, Scope((1,), skill="serving")).empty
        tannins = int(found["point_id"][1])
        span = {"since": monday, "until": monday}
        assert missed.examples(session, (1,), tannins, **span) == []
        session.execute(update(Person).where(Person.id == learner.learner_id).values(share_transcripts=True))
        assert missed.examples(session, (1, 2), tannins, **span) == ["!", "!"]
        assert missed.examples(session, (2,), tannins, **span) == []


def test_closed_accounts_and_other_cohorts_are_not_listed(database: Database) -> None:
    add_cohorts(database)
    closed = Learner(database, weeks=9)
    Learner(database, 2, weeks=9)
    with database.write() as session:
        session.execute(update(Person).where(Person.id == closed.learner_id).values(disabled=True))
    assert risks(database) == []


@pytest.mark.parametrize(
    ("filters", "counted"),
    [({}, 2), ({"level": 2}, 1), ({"skill": "serving"}, 1), ({"domain": "coffee"}, 0), ({"mode": "mock"}, 0)],
)
def test_the_overview_has_every_cohort_with_the_scores_of_an_engine(
    database: Database, filters: dict[str, Any], counted: int
) -> None:
    add_cohorts(database)
    learner = Learner(database)
    score(learner, 4)
    score(learner, 6, level=2, skill="serving")
    score(Learner(database, engine="openai"), 9)
    scope = Scope((1, 3), **filters)
    with database.read() as session:
        scores = overview.scores_by_cohort(session, scope)
        found = overview.overview(session, scope, scores[scores["source"] == "offline"], week_of(NOW))
    assert found[["name", "n", "learners"]].to_numpy().tolist() == [["c1", counted, 2], ["c3", 0, 0]]
    if not filters:
        assert scores[["id", "source", "n", "total", "level_total"]].to_numpy().tolist() == [
            [1, "offline", 2, 10, 5],
            [1, "openai", 1, 9, 3],
        ]
        assert found.loc[0, ["active", "mean", "level"]].tolist() == [2, 5.0, 2.5]
        assert found.loc[1, ["active"]].tolist() == [0]


def histogram_row(n: int, mean: int) -> dict[str, Any]:
    counts = {f"h{value}": 0 for value in range(1, 11)}
    counts[f"h{mean - 1}"] = counts[f"h{mean + 1}"] = n // 2
    return {"n": n, "total": n * mean, **counts}


def test_a_ranking_draws_the_small_ones_in_and_leaves_out_those_under_ten() -> None:
    rows = [histogram_row(*row) for row in ((400, 4), (400, 6), (10, 9), (8, 9))]
    found = overview.ranked(overview.with_means(pd.DataFrame(rows)))
    assert found["shrunk"][2] < 9 < found["shrunk"][2] + 1
    assert found["rank_from"].tolist()[:3] == [3, 2, 1]
    assert found.loc[3, ["shrunk", "rank_from", "rank_to"]].isna().all()


def test_cohorts_that_can_not_be_told_apart_share_their_places() -> None:
    rows = [histogram_row(20, mean) for mean in (5, 5, 5)]
    found = overview.ranked(overview.with_means(pd.DataFrame(rows)))
    assert found["rank_from"].tolist() == [1, 1, 1]
    assert found["rank_to"].tolist() == [3, 3, 3]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_statistics_agree_with_those_of_the_single_responses(database: Database, seed: int) -> None:
    add_cohorts(database)
    random = Random(seed)
    raw: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for _ in range(6):
        weeks = random.randrange(3)
        sitting = Learner(database, random.choice([1, 2]), weeks=weeks)
        with database.read() as session:
            row = session.scalars(select(InterviewRollup).where(InterviewRollup.interview_id == sitting.id)).one()
        for _ in range(random.randint(1, 12)):
            value = random.randint(1, 10)
            score(sitting, value, level=random.randint(1, 5))
            if row.cohort_id == 1:
                raw[row.week,].append(value)
    with database.read() as session:
        found = statistics(cohorts.scores_by_week(session, Scope((1,))), ["week"])
    assert [(week,) for week in found["week"]] == sorted(raw)
    for row in found.itertuples():
        values = np.array(raw[row.week,])
        assert row.mean == pytest.approx(values.mean())
        quartiles = np.quantile(values, [0.25, 0.5, 0.75], method="inverted_cdf")
        assert [row.p25, row.median, row.p75] == quartiles.tolist()
        if len(values) > 1:
            half = 1.6448536 * values.std(ddof=1) / math.sqrt(len(values))
            assert row.low == pytest.approx(max(1, values.mean() - half), abs=1e-6)
