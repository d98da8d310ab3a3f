"""Whatever happened, the cohort page's figures are those that a plain reckoning on the single answers gives."""

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from statistics import fmean, stdev
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from core.analytics import cohorts
from core.analytics.learner_lists import learners, listed
from core.analytics.overview import overview, scores_by_cohort
from core.analytics.scope import Scope
from core.analytics.statistics import statistics
from core.engines.base import Grade
from core.storage import counts
from core.storage.database import Database
from core.storage.ids import new_public_id, week_of
from core.storage.tables import Base, Cohort, Enrolment, GradeRow, Interview, Person, Programme, Turn

NOW = dt.datetime(2026, 1, 6, 0, 30, tzinfo=dt.UTC)
"""A Tuesday just after midnight: the weeks before lie across the turn of the year."""
LEARNERS = {1: 1, 2: 1, 3: 2, 4: 3}
"""The cohort that each learner is enrolled in; they may have begun interviews in others."""
PROGRAMMES = {1: 1, 2: 1, 3: 2}
Z90 = 1.6448536269514722


@dataclass(frozen=True)
class Answer:
    skill: str
    level: int
    hints: int
    skipped: bool
    grades: tuple[tuple[str, int | None], ...]
    """Who graded it and with what, in order; the machines of both engines and people."""


@dataclass(frozen=True)
class Held:
    learner: int
    cohort: int
    before: dt.timedelta
    domain: str
    mode: str
    engine: str
    finished: bool
    answers: tuple[Answer, ...]


GRADES = st.tuples(st.sampled_from(["offline", "openai", "person"]), st.none() | st.integers(1, 10))
ANSWERS = st.builds(
    Answer,
    skill=st.sampled_from(["brewing", "serving"]),
    level=st.integers(1, 5),
    hints=st.integers(0, 2),
    skipped=st.booleans(),
    grades=st.lists(GRADES, max_size=3).map(tuple),
)
HELD = st.builds(
    Held,
    learner=st.sampled_from(sorted(LEARNERS)),
    cohort=st.sampled_from(sorted(PROGRAMMES)),
    before=st.timedeltas(dt.timedelta(0), dt.timedelta(weeks=5)),
    domain=st.sampled_from(["tea", "coffee"]),
    mode=st.sampled_from(["practice", "mock"]),
    engine=st.sampled_from(["offline", "openai"]),
    finished=st.booleans(),
    answers=st.lists(ANSWERS, max_size=6).map(tuple),
)
SCOPES = st.builds(
    Scope,
    cohort_ids=st.sampled_from([(1,), (2,), (1, 3), ()]),
    domain=st.none() | st.just("tea"),
    source=st.none() | st.sampled_from(["offline", "openai"]),
    mode=st.none() | st.just("mock"),
    since=st.none() | st.just(week_of(NOW) - dt.timedelta(weeks=2)),
)


@dataclass(frozen=True)
class Row:
    """An interview as the reckoning sees it: `scores` are (skill, level, source, score) of what counts."""

    learner: int
    cohort: int
    week: dt.date
    domain: str
    mode: str
    engine: str
    finished: bool
    at: dt.datetime
    answered: int
    hints: int
    ungraded: int
    scores: tuple[tuple[str, int, str, int], ...]


def clear(session: Session) -> None:
    for table in reversed(Base.metadata.sorted_tables):
        session.execute(delete(table))


def settle(session: Session) -> None:
    """The programmes, cohorts and learners, before anything has happened."""
    session.execute(insert(Programme), [{"id": id_, "name": f"p{id_}"} for id_ in set(PROGRAMMES.values())])
    session.execute(
        insert(Cohort),
        [
            {"id": id_, "public_id": new_public_id(), "programme_id": of, "name": f"c{id_}", "starts_on": NOW.date()}
            for id_, of in PROGRAMMES.items()
        ],
    )
    for id_, cohort_id in LEARNERS.items():
        session.add(Person(id=id_, public_id=new_public_id(), email=f"{id_}@x", name=f"L{id_}", role="learner", created_at=NOW))  # fmt: skip
        session.flush()
        session.add(Enrolment(person_id=id_, cohort_id=cohort_id, since=NOW))


def hold(session: Session, held: Held) -> None:
    """What happened, as the interview loop has it stored and counted."""
    at = NOW - held.before
    interview = Interview(
        public_id=new_public_id(), learner_id=held.learner, cohort_id=held.cohort, domain=held.domain, mode=held.mode,
        question_limit=25, phase="asking", engine=held.engine, model="m", seed=1, started_at=at, week=week_of(at),
    )  # fmt: skip
    session.add(interview)
    session.flush()
    counts.started(session, interview)
    for number, answer in enumerate(held.answers, 1):
        turn = Turn(
            interview_id=interview.id, number=number, move="new_topic", skill=answer.skill, level=answer.level, message="?",
            asked_at=at, engine="offline", model="m", prompt_digest="", hints=[{}] * answer.hints, skipped=answer.skipped,
            answer=None if answer.skipped else "!", answered_at=at,
        )  # fmt: skip
        session.add(turn)
        session.flush()
        counts.asked(session, interview, turn)
        counts.answered(session, interview, turn)
        for source, score in () if answer.skipped else answer.grades:
            grade = Grade(score, None if score else "away", source, "m", "")
            counts.store_grade(session, interview, turn, grade, source=source, person_id=None, now=at)
    if held.finished:
        interview.finished_at = at
        counts.finished(session, interview)


def raw_rows(session: Session) -> list[Row]:
    """The interviews with their answers, read one by one from the tables that hold what happened, never from counts."""
    rows = []
    for one in session.scalars(select(Interview)):
        turns = session.scalars(select(Turn).filter_by(interview_id=one.id)).all()
        current = select(GradeRow).where(GradeRow.turn_id.in_([turn.id for turn in turns]), GradeRow.is_current)
        grades = {grade.turn_id: grade for grade in session.scalars(current)}
        scores = tuple(
            (turn.skill, turn.level, one.engine if grade.source == "person" else grade.source, grade.score)
            for turn in turns
            if (grade := grades.get(turn.id)) is not None and grade.score is not None
        )
        rows.append(
            Row(
                one.learner_id, one.cohort_id, one.started_at.date() - dt.timedelta(days=one.started_at.weekday()),
                one.domain, one.mode, one.engine, one.finished_at is not None, one.started_at,
                sum(turn.answer is not None for turn in turns), sum(len(turn.hints) for turn in turns),
                sum(grade.score is None for grade in grades.values()), scores,
            )
        )  # fmt: skip
    return rows


def within(scope: Scope, row: Row, cohort_ids: Iterable[int] | None = None) -> bool:
    return (
        row.cohort in (scope.cohort_ids if cohort_ids is None else cohort_ids)
        and scope.domain in (None, row.domain)
        and scope.mode in (None, row.mode)
        and (scope.since is None or row.week >= scope.since)
    )


def grouped(scope: Scope, rows: list[Row], key: Callable[[Row, str, str], Any]) -> dict[Any, list[tuple[int, int]]]:
    """(score, level) of the answers in the scope by `key(row, skill, source)`."""
    found: dict[Any, list[tuple[int, int]]] = defaultdict(list)
    for row in rows:
        for skill, level, source, score in row.scores if within(scope, row) else ():
            if scope.source in (None, source):
                found[key(row, skill, source)].append((score, level))
    return found


def check(shown: Any, answers: list[tuple[int, int]]) -> None:
    """That a row of the page's statistics is that of these scores and levels."""
    scores = sorted(score for score, _ in answers)
    n = len(scores)
    assert (shown.n, shown.total) == (n, sum(scores))
    assert [getattr(shown, f"h{score}") for score in range(1, 11)] == [scores.count(score) for score in range(1, 11)]
    assert shown.mean == pytest.approx(fmean(scores))
    assert shown.level == pytest.approx(fmean(level for _, level in answers))
    quartiles = [scores[math.ceil(share * n) - 1] for share in (0.25, 0.5, 0.75)]
    assert [shown.p25, shown.median, shown.p75] == quartiles
    if n == 1:
        assert math.isnan(shown.low)
        assert math.isnan(shown.high)
    else:
        half = Z90 * stdev(scores) / math.sqrt(n)
        band = (max(1, fmean(scores) - half), min(10, fmean(scores) + half))
        assert (shown.low, shown.high) == pytest.approx(band)
    assert shown.few == (n < 5)


def check_scores(session: Session, scope: Scope, rows: list[Row]) -> None:
    by_week = grouped(scope, rows, lambda row, _, source: (row.week, source))
    shown = statistics(cohorts.scores_by_week(session, scope), ["week", "source"])
    assert [(row.week, row.source) for row in shown.itertuples()] == sorted(by_week)
    for row in shown.itertuples():
        check(row, by_week[row.week, row.source])
    by_skill = grouped(scope, rows, lambda row, skill, source: (row.domain, skill, source))
    shown = statistics(cohorts.scores_by_skill(session, scope), ["domain", "skill", "source"])
    assert [(row.domain, row.skill, row.source) for row in shown.itertuples()] == sorted(by_skill)
    for row in shown.itertuples():
        check(row, by_skill[row.domain, row.skill, row.source])


def check_elsewhere(session: Session, scope: Scope, rows: list[Row]) -> None:
    programmes = {PROGRAMMES[id_] for id_ in scope.cohort_ids}
    others = {id_ for id_, of in PROGRAMMES.items() if of in programmes and id_ not in scope.cohort_ids}
    for narrowed in (
        scope,
        replace(scope, skill="brewing"),
        replace(scope, level=3),
        replace(scope, skill="serving", level=2),
    ):
        expected: Counter[tuple[str, int]] = Counter()
        for row in rows:
            for skill, level, source, score in row.scores if within(scope, row, others) else ():
                asked = (narrowed.skill, skill), (narrowed.level, level), (narrowed.source, source)
                expected[source, score] += all(wanted in (None, is_) for wanted, is_ in asked)
        shown = cohorts.scores_elsewhere(session, narrowed)
        found = {(row["source"], score): row[f"h{score}"] for _, row in shown.iterrows() for score in range(1, 11)}
        assert {key: n for key, n in found.items() if n} == {key: n for key, n in expected.items() if n}
        assert shown["n"].sum() == expected.total()
        assert shown["total"].sum() == sum(score * n for (_, score), n in expected.items())


def check_practice(session: Session, scope: Scope, rows: list[Row]) -> None:
    here = [row for row in rows if within(scope, row) and scope.source in (None, row.engine)]
    shown = cohorts.activity(session, scope)
    days = (shown["week"] - shown["week"].shift()).dropna()
    assert set(days) <= {dt.timedelta(weeks=1)}
    assert shown.loc[shown["started"] > 0, "week"].tolist() == sorted({row.week for row in here})
    for found in shown.itertuples():
        week = [row for row in here if row.week == found.week]
        # A cohort's learners are counted within it: who practises in two is one in each.
        assert found.learners == len({(row.cohort, row.learner) for row in week})
        assert (found.started, found.finished) == (len(week), sum(row.finished for row in week))
        assert found.answered == sum(row.answered for row in week)
        assert found.hints == sum(row.hints for row in week)
        assert found.ungraded == sum(row.ungraded for row in week)


def check_learners(session: Session, scope: Scope, rows: list[Row]) -> None:
    here = Scope(scope.cohort_ids, domain=scope.domain, mode=scope.mode)
    shown = learners(session, here, listed(session, here)).set_index("id")
    enrolled = [id_ for id_, cohort_id in LEARNERS.items() if cohort_id in scope.cohort_ids]
    assert sorted(shown.index) == enrolled
    open_ended = Scope(scope.cohort_ids, domain=scope.domain, mode=scope.mode)
    for id_, found in shown.iterrows():
        theirs = [row for row in rows if row.learner == id_ and within(open_ended, row)]
        scores = [score for row in theirs for *_, score in row.scores]
        assert found["interviews"] == len(theirs)
        assert found["finished"] == sum(row.finished for row in theirs)
        assert (found["answered"], found["hints"]) == (sum(r.answered for r in theirs), sum(r.hints for r in theirs))
        assert (found["ungraded"], found["n"]) == (sum(row.ungraded for row in theirs), len(scores))
        assert found["mean"] == pytest.approx(fmean(scores) if scores else math.nan, nan_ok=True)
    lately = NOW - dt.timedelta(days=14)
    here = [row for row in rows if row.cohort in scope.cohort_ids and row.learner in enrolled]
    got = cohorts.funnel(session, scope.cohort_ids, active_since=lately)
    assert (got.invited, got.began) == (len(enrolled), len({row.learner for row in here}))
    assert got.finished == len({row.learner for row in here if row.finished})
    assert got.active == len({row.learner for row in here if row.at >= lately})


def check_overview(session: Session, scope: Scope, rows: list[Row]) -> None:
    scores: dict[tuple[int, str], list[int]] = defaultdict(list)
    for row in rows:
        for _, _, source, score in row.scores if within(scope, row) else ():
            if scope.source in (None, source):
                scores[row.cohort, source].append(score)
    by_cohort = scores_by_cohort(session, scope)
    assert sorted(zip(by_cohort["id"], by_cohort["source"], strict=True)) == sorted(scores)
    for source in {source for _, source in scores}:
        shown = overview(session, scope, by_cohort[by_cohort["source"] == source], week_of(NOW))
        assert sorted(shown["id"]) == sorted(scope.cohort_ids)
        for found in shown.itertuples():
            values = scores.get((found.id, source), [])
            mean = fmean(values) if values else math.nan
            assert (found.n, found.mean) == (len(values), pytest.approx(mean, nan_ok=True))


# A failure is shown as it was found: every step of shrinking it would fill the database anew.
@settings(max_examples=12, deadline=None, derandomize=True, phases=[Phase.generate],
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(history=st.lists(HELD, max_size=7), scope=SCOPES)
def test_the_page_agrees_with_a_plain_reckoning(database: Database, history: list[Held], scope: Scope) -> None:
    with database.write() as session:
        clear(session)
        settle(session)
        for held in history:
            hold(session, held)
    with database.read() as session:
        rows = raw_rows(session)
        assert len(rows) == len(history)
        for checked in (check_scores, check_elsewhere, check_practice, check_learners, check_overview):
            checked(session, scope, rows)
        assert counts.recount(session) == []
