"""Counts: every path changes what it should, and whatever happens in whatever order, they agree with the facts."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update

from core.engines.base import Criterion, Feedback, Grade, PointFound
from core.storage import counts, recounting
from core.storage.count_tables import (
    ActiveWeek,
    CubeWeek,
    InterviewRollup,
    InterviewSkill,
    LearnerTrend,
    PointCount,
    PointText,
    ProgrammeCube,
    ScoreCube,
)
from core.storage.database import Database
from core.storage.feedback_tables import ReplyCount
from core.storage.ids import new_public_id, week_of
from core.storage.tables import Cohort, GradeRow, Interview, Person, Programme, Turn

NOW = dt.datetime(2026, 3, 4, 10, 30, 0, 123456, tzinfo=dt.UTC)


PROGRAMME = 5


def add_cohorts(database: Database) -> tuple[int, int]:
    """Two cohorts of one programme."""
    with database.write() as session:
        session.add(Programme(id=PROGRAMME, name="Tea"))
        session.flush()
        for number, name in ((1, "Spring"), (2, "Autumn")):
            session.add(Cohort(id=number, public_id=name, programme_id=PROGRAMME, name=name, starts_on=NOW.date()))
    return 1, 2


@pytest.fixture(autouse=True)
def cohorts(database: Database) -> tuple[int, int]:
    return add_cohorts(database)


def grade(score: int | None, engine: str = "offline") -> Grade:
    if score is None:
        return Grade(score=None, reason="the model server was away", engine=engine, model="m", prompt_digest="d")
    points = (PointFound("tannins", "met" if score > 4 else "missing", ""), PointFound("heat", "contradicted", ""))
    return Grade(score=score, reason=None, engine=engine, model="m", prompt_digest="d", points=points)


class Sitting:
    """An interview with the commands that the tests give, each in its own transaction."""

    def __init__(
        self,
        database: Database,
        *,
        engine: str = "offline",
        cohort_id: int = 1,
        at: dt.datetime = NOW,
        learner_id: int | None = None,
    ) -> None:
        self.database, self.turns = database, 0
        self.id, self.learner_id = database.run(lambda session: self._start(session, engine, cohort_id, at, learner_id))

    def _start(
        self, session: Any, engine: str, cohort_id: int, at: dt.datetime, learner_id: int | None
    ) -> tuple[int, int]:
        public_id = new_public_id()
        if learner_id is None:
            email = f"{public_id}@example.org"
            person = Person(public_id=public_id, email=email, name="A", role="learner", created_at=NOW)
            session.add(person)
            session.flush()
            learner_id = person.id
        interview = Interview(
            public_id=public_id,
            learner_id=learner_id,
            cohort_id=cohort_id,
            domain="tea",
            mode="practice",
            question_limit=25,
            phase="asking",
            engine=engine,
            model="m",
            seed=1,
            started_at=at,
            week=week_of(at),
        )
        session.add(interview)
        session.flush()
        counts.started(session, interview)
        return interview.id, learner_id

    def run(self, work: Callable[[Any, Interview], Any]) -> Any:
        return self.database.run(lambda session: work(session, session.get_one(Interview, self.id)))

    def answer(
        self,
        skill: str = "brewing",
        level: int = 3,
        *,
        hints: int = 0,
        move: str = "new_topic",
        skip: bool = False,
        complied: bool = True,
    ) -> int:
        self.turns += 1
        number = self.turns

        def work(session: Any, interview: Interview) -> int:
            turn = Turn(
                interview_id=interview.id,
                number=number,
                move=move,
                skill=skill,
                level=level,
                message="?",
                asked_at=NOW,
                engine="offline",
                model="m",
                prompt_digest="d",
                complied=complied,
                hints=[{"rung": rung, "text": "…"} for rung in range(hints)],
                answer=None if skip else "!",
                skipped=skip,
                answered_at=NOW,
            )
            session.add(turn)
            counts.asked(session, interview, turn)
            counts.answered(session, interview, turn)
            session.flush()
            return turn.id

        turn_id: int = self.run(work)
        return turn_id

    def grade(self, turn_id: int, score: int | None, source: str = "offline") -> int:
        def work(session: Any, interview: Interview) -> int:
            turn = session.get_one(Turn, turn_id)
            person = 7 if source == "person" else None
            row = counts.store_grade(session, interview, turn, grade(score), source=source, person_id=person, now=NOW)
            return row.id

        row_id: int = self.run(work)
        return row_id

    def withdraw(self, turn_id: int) -> None:
        self.run(lambda session, row: counts.withdraw_grade(session, row, session.get_one(Turn, turn_id)))

    def finish(self) -> None:
        def work(session: Any, interview: Interview) -> None:
            interview.finished_at = NOW
            counts.finished(session, interview)

        self.run(work)

    def remove(self) -> None:
        def work(session: Any, interview: Interview) -> None:
            counts.removed(session, interview)
            session.delete(interview)

        self.run(work)


def one(database: Database, model: type[Any]) -> Any:
    with database.read() as session:
        return session.scalars(select(model)).one()


def differences(database: Database) -> list[str]:
    with database.read() as session:
        return counts.recount(session)


def test_starting_counts_the_interview_under_its_engine(database: Database) -> None:
    interview = Sitting(database, engine="openai")
    rollup, week = one(database, InterviewRollup), one(database, CubeWeek)
    assert (rollup.interview_id, rollup.source, rollup.started_at) == (interview.id, "openai", NOW)
    assert (rollup.finished, rollup.answered, rollup.n, rollup.ability) == (False, 0, 0, None)
    assert (week.source, week.started, week.finished) == ("openai", 1, 0)
    assert differences(database) == []


def test_an_answer_counts_with_its_hints_and_a_skip_with_its_hints_only(database: Database) -> None:
    interview = Sitting(database)
    interview.answer(hints=2)
    interview.answer(move="hint")
    interview.answer(skip=True, hints=1)
    rollup = one(database, InterviewRollup)
    assert (rollup.answered, rollup.hints) == (2, 4)
    assert differences(database) == []


def test_a_score_enters_all_four_counts(database: Database) -> None:
    interview = Sitting(database)
    interview.grade(interview.answer("serving", 4), 7)
    rollup, skill = one(database, InterviewRollup), one(database, InterviewSkill)
    cube, week = one(database, ScoreCube), one(database, CubeWeek)
    assert (rollup.n, rollup.total, rollup.h7, rollup.level_total) == (1, 7, 1, 4)
    assert (skill.skill, skill.n, skill.total, skill.level_total) == ("serving", 1, 7, 4)
    assert (cube.skill, cube.level, cube.source, cube.mode, cube.n, cube.h7) == (
        "serving",
        4,
        "offline",
        "practice",
        1,
        1,
    )
    assert (week.started, week.n, week.total) == (1, 1, 7)
    assert differences(database) == []


def test_a_turn_that_could_not_be_graded_is_counted_as_that_and_in_no_mean(database: Database) -> None:
    interview = Sitting(database)
    interview.grade(interview.answer(), None)
    rollup = one(database, InterviewRollup)
    assert (rollup.ungraded, rollup.n, rollup.total) == (1, 0, 0)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(ScoreCube)) == 0
    assert differences(database) == []


def test_a_second_score_takes_the_place_of_the_first(database: Database) -> None:
    interview = Sitting(database)
    turn = interview.answer()
    interview.grade(turn, 4)
    interview.grade(turn, 9)
    rollup, cube = one(database, InterviewRollup), one(database, ScoreCube)
    assert (rollup.n, rollup.total, rollup.h4, rollup.h9, rollup.level_total) == (1, 9, 0, 1, 3)
    assert (cube.n, cube.total, cube.h4, cube.h9) == (1, 9, 0, 1)
    assert differences(database) == []


def test_a_score_takes_the_place_of_a_failure(database: Database) -> None:
    interview = Sitting(database)
    turn = interview.answer()
    interview.grade(turn, None)
    interview.grade(turn, 6)
    rollup = one(database, InterviewRollup)
    assert (rollup.ungraded, rollup.n) == (0, 1)
    assert differences(database) == []


def test_a_machines_failure_does_not_take_the_place_of_a_score(database: Database) -> None:
    interview = Sitting(database)
    turn = interview.answer()
    interview.grade(turn, 6)
    interview.grade(turn, None)
    rollup = one(database, InterviewRollup)
    assert (rollup.ungraded, rollup.n, rollup.total) == (0, 1, 6)
    assert differences(database) == []


def test_a_persons_grade_counts_under_the_interviews_engine(database: Database) -> None:
    interview = Sitting(database, engine="openai")
    turn = interview.answer()
    interview.grade(turn, 3, "openai")
    interview.grade(turn, 8, "person")
    cube = one(database, ScoreCube)
    assert (cube.source, cube.n, cube.total) == ("openai", 1, 8)
    assert differences(database) == []


def test_a_persons_grade_stays_current_against_a_later_machine_grade(database: Database) -> None:
    interview = Sitting(database)
    turn = interview.answer()
    by_person = interview.grade(turn, 8, "person")
    interview.grade(turn, 2)
    with database.read() as session:
        assert session.scalars(select(GradeRow.id).where(GradeRow.is_current)).all() == [by_person]
    assert one(database, InterviewRollup).total == 8
    assert differences(database) == []


def test_a_persons_second_grade_takes_the_place_of_the_first(database: Database) -> None:
    interview = Sitting(database)
    turn = interview.answer()
    interview.grade(turn, 8, "person")
    interview.grade(turn, 5, "person")
    assert one(database, InterviewRollup).total == 5
    assert differences(database) == []


def test_two_engines_are_never_counted_together(database: Database) -> None:
    interview = Sitting(database, engine="openai")
    turn = interview.answer()
    interview.grade(turn, 5, "openai")
    interview.grade(turn, 6, "offline")
    with database.read() as session:
        found = {cube.source: (cube.n, cube.total) for cube in session.scalars(select(ScoreCube))}
    assert found == {"openai": (0, 0), "offline": (1, 6)}
    assert differences(database) == []


def test_finishing_twice_counts_once(database: Database) -> None:
    interview = Sitting(database)
    interview.finish()
    interview.finish()
    assert one(database, InterviewRollup).finished is True
    assert one(database, CubeWeek).finished == 1
    assert differences(database) == []


def test_the_ability_estimate_is_stored(database: Database) -> None:
    interview = Sitting(database)
    interview.run(lambda session, row: counts.set_ability(session, row, -0.25, 0.5))
    rollup = one(database, InterviewRollup)
    assert (rollup.ability, rollup.ability_se) == (pytest.approx(-0.25), pytest.approx(0.5))


def test_a_removed_interview_leaves_no_trace_in_the_counts(database: Database) -> None:
    stays, goes = Sitting(database), Sitting(database)
    for interview, score in ((stays, 4), (goes, 9)):
        interview.grade(interview.answer(), score)
        interview.finish()
    goes.remove()
    cube, week = one(database, ScoreCube), one(database, CubeWeek)
    assert (cube.n, cube.total, cube.h9) == (1, 4, 0)
    assert (week.started, week.finished, week.n, week.total) == (1, 1, 1, 4)
    assert one(database, InterviewRollup).interview_id == stays.id
    assert differences(database) == []


def test_grading_an_interview_that_was_never_counted_says_so(database: Database) -> None:
    interview = Sitting(database)
    with database.write() as session:
        session.execute(delete(InterviewRollup))
    with pytest.raises(LookupError, match="not among the counts"):
        interview.answer()


def happen(database: Database, random: Random, steps: int) -> None:
    """Learners begin interviews in several cohorts and weeks, answer, are graded by machines and people, and leave."""
    interviews = [Sitting(database, engine=random.choice(["offline", "openai"]), cohort_id=c) for c in (0, 1, 1, 2)]
    turns: list[tuple[Sitting, int]] = []
    for _ in range(steps):
        interview = random.choice(interviews)
        step = random.random()
        if step < 0.35 and interview.turns < 25:
            skip, skill = random.random() < 0.2, random.choice(["brewing", "serving"])
            turn = interview.answer(skill, random.randint(1, 5), hints=random.randint(0, 3), skip=skip)
            if not skip:
                turns.append((interview, turn))
        elif step < 0.75 and turns:
            graded, turn = random.choice(turns)
            score = random.choice([None, *range(1, 11)])
            graded.grade(turn, score, random.choice(["offline", "openai", "person"]))
        elif step < 0.8 and turns:
            graded, turn = random.choice(turns)
            graded.withdraw(turn)
        elif step < 0.86:
            theta, se = random.uniform(-2, 2), random.uniform(0.3, 1)
            interview.run(lambda session, row, theta=theta, se=se: counts.set_ability(session, row, theta, se))
        elif step < 0.9:
            interview.finish()
        elif step < 0.95:  # the same learner again, perhaps in another cohort by now
            at = NOW + dt.timedelta(days=random.randint(-9, 9))
            again = {"engine": random.choice(["offline", "openai"]), "cohort_id": random.choice([0, 1, 2]), "at": at}
            interviews.append(Sitting(database, learner_id=interview.learner_id, **again))
        elif len(interviews) > 2:
            interviews.remove(interview)
            turns = [pair for pair in turns if pair[0] is not interview]
            interview.remove()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_happens_the_counts_agree_with_the_facts(database: Database, seed: int) -> None:
    happen(database, Random(seed), steps=120)
    assert differences(database) == []


def active(database: Database) -> dict[tuple[str, str, str], int]:
    with database.read() as session:
        rows = session.scalars(select(ActiveWeek).where(ActiveWeek.learners != 0)).all()
    return {(row.domain, row.source, row.mode): row.learners for row in rows}


def test_a_learner_is_active_once_a_week_however_often_they_come(database: Database) -> None:
    first = Sitting(database)
    second = Sitting(database, learner_id=first.learner_id, engine="openai")
    assert active(database)["", "", ""] == active(database)["tea", "", "practice"] == 1
    assert active(database)["", "offline", ""] == active(database)["", "openai", ""] == 1
    first.remove()
    assert active(database)["", "", ""] == 1
    assert ("", "offline", "") not in active(database)
    second.remove()
    assert active(database) == {}
    assert differences(database) == []


def test_a_learner_who_begins_twice_at_once_is_active_once(database: Database) -> None:
    learner = Sitting(database).learner_id
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: Sitting(database, learner_id=learner), range(6)))
    assert active(database)["", "", ""] == 1
    assert differences(database) == []


def test_interviews_of_one_learner_graded_at_once_leave_a_trend_that_has_them_all(database: Database) -> None:
    first = Sitting(database)
    sittings = [first, *(Sitting(database, learner_id=first.learner_id) for _ in range(7))]

    def estimate(sitting: Sitting) -> None:
        sitting.run(lambda session, row: counts.set_ability(session, row, 0.5, 0.5))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(estimate, sittings))
    trend = one(database, LearnerTrend)
    assert (trend.sessions, trend.weight, trend.weight_x) == (8, pytest.approx(32), pytest.approx(4 * 28))
    assert differences(database) == []


def test_key_points_are_counted_with_the_grade_in_force(database: Database) -> None:
    interview = Sitting(database)
    turn = interview.answer()
    interview.grade(turn, 3)
    interview.grade(interview.answer(), 8)
    with database.read() as session:
        texts = {row.id: row.text for row in session.scalars(select(PointText))}
        found = {texts[row.point_id]: (row.n, row.missed) for row in session.scalars(select(PointCount))}
    assert found == {"tannins": (2, 1), "heat": (2, 2)}
    interview.grade(turn, 9)
    interview.grade(turn, None)
    with database.read() as session:
        found = {texts[row.point_id]: (row.n, row.missed) for row in session.scalars(select(PointCount))}
    assert found == {"tannins": (2, 0), "heat": (2, 2)}


def test_sixteen_threads_that_grade_at_once_lose_nothing(database: Database) -> None:
    interviews = [Sitting(database) for _ in range(16)]

    def sit(interview: Sitting) -> None:
        for score in range(1, 7):
            turn = interview.answer("brewing" if score % 2 else "serving")
            interview.grade(turn, score)
            interview.grade(turn, score + 1)
        interview.finish()

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(sit, interviews))
    week = one(database, CubeWeek)
    assert (week.started, week.finished, week.n, week.total) == (16, 16, 96, 16 * 27)
    assert differences(database) == []


def test_threads_that_grade_the_same_turn_leave_one_grade_current(database: Database) -> None:
    interview = Sitting(database)
    turn = interview.answer()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda score: interview.grade(turn, score), range(1, 9)))
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(GradeRow)) == 8
        assert session.scalar(select(func.count()).where(GradeRow.is_current)) == 1
    assert one(database, InterviewRollup).n == 1
    assert differences(database) == []


COUNTED = [
    InterviewRollup, InterviewSkill, ScoreCube, ReplyCount, *recounting.SUMS, LearnerTrend, PointCount, ProgrammeCube
]  # fmt: skip
DRIFTING = ("n", "learners", "sessions")


@pytest.mark.parametrize("model", COUNTED)
def test_a_count_that_drifted_is_named_and_rebuilding_mends_it(database: Database, model: type[Any]) -> None:
    interview = Sitting(database)
    interview.grade(interview.answer(), 5)
    interview.run(lambda session, row: counts.set_ability(session, row, 1.5, 0.5))
    with database.write() as session:
        first = next(column for column in model.__table__.c if not column.primary_key and column.name in DRIFTING)
        session.execute(update(model).values({first.name: 9}))
    found = differences(database)
    assert found
    assert {sentence.split()[0] for sentence in found} == {model.__tablename__}
    database.run(counts.rebuild)
    assert differences(database) == []
    assert one(database, InterviewRollup).ability == pytest.approx(1.5)


def test_counts_without_facts_and_facts_without_counts_are_mended(database: Database) -> None:
    happen(database, Random(5), steps=60)
    with database.write() as session:
        session.execute(delete(InterviewRollup))
        session.execute(delete(InterviewSkill))
        session.execute(delete(CubeWeek))
        session.execute(update(ScoreCube).values(domain="coffee"))
    assert differences(database) != []
    database.run(counts.rebuild)
    assert differences(database) == []


def test_a_grade_is_read_as_it_was_stored(database: Database) -> None:
    whole = Grade(
        score=7,
        reason=None,
        engine="openai",
        model="gpt",
        prompt_digest="abc",
        criteria=(Criterion("clarity", 3, "plain words", "I’d brew it at 80 °C 🫖"),),
        points=(PointFound("tannins", "met", "the tannins"),),
        errors=(("it boils", "it simmers"),),
        feedback=Feedback("good", "thin", "add one example", "better"),
        flags=("quote_not_found",),
        estimate=6.8,
    )
    interview = Sitting(database)
    turn_id = interview.answer()

    def store(session: Any, row: Interview) -> None:
        turn = session.get_one(Turn, turn_id)
        counts.store_grade(session, row, turn, whole, source="openai", person_id=None, now=NOW)

    interview.run(store)
    assert counts.grade_from_row(one(database, GradeRow)) == whole


def test_a_reason_longer_than_its_column_is_cut_rather_than_lost(database: Database) -> None:
    interview = Sitting(database)
    turn_id = interview.answer()
    long = Grade(score=None, reason="é" * 700, engine="offline", model="", prompt_digest="")

    def store(session: Any, row: Interview) -> None:
        turn = session.get_one(Turn, turn_id)
        counts.store_grade(session, row, turn, long, source="offline", person_id=None, now=NOW)

    interview.run(store)
    assert one(database, GradeRow).reason == "é" * 500
