"""The sample programme: what is in it, that it agrees with its counts, and that it leaves without a trace."""

import datetime as dt
from statistics import mean
from typing import Any

import pytest
from sqlalchemy import func, select, update

from core.accounts.people import enrol
from core.accounts.permissions import Role, Viewer
from core.bootstrap import Services
from core.domains import Catalogue
from core.grading.summary import Summary
from core.interview.model import FlagKind
from core.interview.report import report_of
from core.rehearsal import Reply, rehearse
from core.sample import (
    COHORTS,
    PROGRAMME,
    SAMPLE_ADMIN_EMAIL,
    SAMPLE_LEARNER_EMAIL,
    SAMPLE_MANAGER_EMAIL,
    load_sample,
    loading,
    remove_sample,
    removing,
)
from core.sample.people import size_for
from core.storage import counts
from core.storage.count_tables import InterviewRollup, ScoreCube
from core.storage.database import Database
from core.storage.ids import new_public_id
from core.storage.tables import Base, Cohort, Enrolment, GradeRow, Interview, Person, Programme, Turn
from tests.storage.rows import Rows, all_rows

NOW = dt.datetime(2026, 3, 6, 15, 30, tzinfo=dt.UTC)


def differences(database: Database) -> list[str]:
    with database.read() as session:
        return counts.recount(session)


def hold(services: Services, email: str, *answers: str) -> str:
    """An interview of this person, from beginning to end; returns its public id."""
    person = services.people.find_by_email(email)
    assert person is not None
    replies = [Reply(answer) for answer in answers]
    events = list(rehearse(services, person.id, "tiny", replies, level=3, questions=None, mode="practice"))
    return str(events[0]["interview"])


def values(rows: Rows) -> dict[str, list[tuple[Any, ...]]]:
    """The rows without the public ids, which are new each time, and in the order of what is left."""
    public = {name: [column.name == "public_id" for column in table.c] for name, table in Base.metadata.tables.items()}
    return {
        name: sorted(
            (tuple(cell for cell, id_ in zip(row, public[name], strict=True) if not id_) for row in found), key=repr
        )
        for name, found in rows.items()
    }


def test_three_cohorts_of_sixty_learners_over_twelve_weeks(database: Database, catalogue: Catalogue) -> None:
    report = load_sample(database, catalogue, now=NOW)
    assert (report.learners, report.fresh) == (60, True)
    with database.read() as session:
        assert session.scalars(select(Programme.name)).all() == [PROGRAMME]
        assert set(session.scalars(select(Cohort.name))) == set(COHORTS)
        weeks = session.scalars(select(Interview.week).distinct()).all()
        assert len(weeks) in (12, 13)  # twelve weeks that end on a Friday touch thirteen Mondays
        assert session.scalar(select(func.min(Interview.started_at))) >= NOW - dt.timedelta(weeks=12)
        assert session.scalar(select(func.max(Interview.started_at))) <= NOW
        assert set(session.scalars(select(Interview.domain).distinct())) == set(catalogue.domains)
        sizes = session.scalars(
            select(func.count())
            .select_from(Enrolment)
            .join(Person)
            .where(Person.role == "learner")
            .group_by(Enrolment.cohort_id)
        ).all()
    assert (sum(sizes), min(sizes) >= 18) == (60, True)
    assert differences(database) == []


def test_everything_is_marked_as_sample(database: Database, catalogue: Catalogue) -> None:
    load_sample(database, catalogue, responses=300, now=NOW)
    with database.read() as session:
        for table in (Programme, Cohort, Person, Interview):
            assert session.scalars(select(table.is_sample).distinct()).all() == [True]
        assert session.scalars(select(GradeRow.source).distinct()).all() == ["sample"]
        assert set(session.scalars(select(Interview.engine).distinct())) == {"sample", "offline"}


def test_there_is_someone_to_look_around_as_in_each_role(database: Database, catalogue: Catalogue) -> None:
    load_sample(database, catalogue, responses=300, now=NOW)
    with database.read() as session:
        found = session.execute(select(Person.email, Person.role).where(Person.email.not_like("learner%"))).all()
        manager = select(Person.id).filter_by(email=SAMPLE_MANAGER_EMAIL).scalar_subquery()
        looked_after = session.scalar(select(func.count()).select_from(Enrolment).filter_by(person_id=manager))
        nobody = session.scalars(select(Person.password_hash).distinct()).all()
    assert {tuple(row) for row in found} == {
        (SAMPLE_LEARNER_EMAIL, "learner"),
        (SAMPLE_MANAGER_EMAIL, "manager"),
        (SAMPLE_ADMIN_EMAIL, "admin"),
    }
    assert looked_after == len(COHORTS)
    assert nobody == [None]  # none of them can sign in with a password


def test_the_same_seed_and_time_give_the_same_programme(sqlite_database: Database, catalogue: Catalogue) -> None:
    def load(seed: int) -> Rows:
        load_sample(sqlite_database, catalogue, responses=400, seed=seed, now=NOW)
        rows = all_rows(sqlite_database)
        remove_sample(sqlite_database)
        return values(rows)

    first = load(7)
    assert load(7) == first
    assert load(8) != first


def test_learners_grow_over_the_weeks(sqlite_database: Database, catalogue: Catalogue) -> None:
    load_sample(sqlite_database, catalogue, now=NOW)
    with sqlite_database.read() as session:
        rows = session.execute(
            select(InterviewRollup.week, InterviewRollup.ability).where(InterviewRollup.ability.is_not(None))
        ).all()
    weeks = sorted({week for week, _ in rows})
    early, late = ([ability for week, ability in rows if week in part] for part in (weeks[:4], weeks[-4:]))
    assert mean(late) > mean(early) + 0.2


def test_scores_come_with_the_answers_they_fit_and_failures_with_a_reason(
    sqlite_database: Database, catalogue: Catalogue
) -> None:
    load_sample(sqlite_database, catalogue, now=NOW)
    with sqlite_database.read() as session:
        query = select(GradeRow, Turn, Interview.domain).join(Turn, Turn.id == GradeRow.turn_id).join(Interview)
        graded = [(grade, turn, key) for grade, turn, key in session.execute(query)]
    ungraded = [grade for grade, _, _ in graded if grade.score is None]
    assert 0 < len(ungraded) < len(graded) / 20
    for grade, turn, key in graded:
        question = catalogue.domains[key].find(turn.question_id or "")
        assert question is not None
        assert question.answers is not None
        if grade.score is not None and grade.score >= 8:
            assert turn.answer == question.answers.strong
        if grade.score is not None and grade.score <= 4:
            assert turn.answer == question.answers.weak
        for point in grade.detail.get("points", ()):
            assert point["quote"] in turn.answer.replace("\n", " ")


def test_feedback_reads_as_sentences(sqlite_database: Database, catalogue: Catalogue) -> None:
    load_sample(sqlite_database, catalogue, responses=300, now=NOW)
    with sqlite_database.read() as session:
        details = session.scalars(select(GradeRow.detail).where(GradeRow.score.is_not(None))).all()
    told = [text for detail in details for text in detail["feedback"].values() if text]
    assert [text for text in told if ".." in text or ".”." in text] == []


def test_a_second_load_changes_nothing(database: Database, catalogue: Catalogue) -> None:
    load_sample(database, catalogue, responses=300, now=NOW)
    before = all_rows(database)
    report = load_sample(database, catalogue, responses=900, seed=8, now=NOW)
    assert not report.fresh
    assert "already" in str(report)
    assert all_rows(database) == before


def test_ten_thousand_responses_can_be_asked_for(database: Database, catalogue: Catalogue) -> None:
    report = load_sample(database, catalogue, responses=10_000, now=NOW)
    assert 10_000 <= report.responses < 10_025
    assert report.learners > 100
    with database.read() as session:
        assert (
            session.scalar(select(func.count()).select_from(Turn).where(Turn.answer.is_not(None))) == report.responses
        )
    assert differences(database) == []


def test_a_large_one_is_stored_and_removed_part_by_part(
    database: Database, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "CHUNK", 150)
    monkeypatch.setattr(removing, "PART", 40)
    before = all_rows(database)
    report = load_sample(database, catalogue, responses=1_000, now=NOW)
    assert 1_000 <= report.responses < 1_025
    assert differences(database) == []
    remove_sample(database)
    assert all_rows(database) == before


def test_what_was_broken_off_is_not_taken_for_the_whole_and_can_be_removed(
    sqlite_database: Database, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(loading, "CHUNK", 150)
    with monkeypatch.context() as patch:
        patch.setattr(loading, "_open_interview", break_off)
        with pytest.raises(KeyboardInterrupt):
            load_sample(sqlite_database, catalogue, responses=1_000, now=NOW)
    with pytest.raises(ValueError, match="broken off"):
        load_sample(sqlite_database, catalogue, responses=1_000, now=NOW)
    remove_sample(sqlite_database)
    assert load_sample(sqlite_database, catalogue, responses=1_000, now=NOW).fresh


@pytest.mark.parametrize(
    ("responses", "cohorts", "learners"), [(None, 3, 60), (10_000, 3, 125), (5_000_000, 50, 10_752)]
)
def test_the_more_responses_the_more_learners_and_cohorts(responses: int | None, cohorts: int, learners: int) -> None:
    size = size_for(responses)
    assert (len(size.cohorts), sum(size.cohorts)) == (cohorts, learners)
    assert min(size.cohorts) >= 20


def test_without_a_domain_there_is_nothing_to_make_it_from(sqlite_database: Database) -> None:
    with pytest.raises(ValueError, match="no domain"):
        load_sample(sqlite_database, Catalogue({}, []), now=NOW)


def test_a_real_programme_of_that_name_is_in_the_way(database: Database, catalogue: Catalogue) -> None:
    with database.write() as session:
        session.add(Programme(name=PROGRAMME))
    with pytest.raises(ValueError, match=PROGRAMME):
        load_sample(database, catalogue, now=NOW)


def test_removed_it_leaves_every_table_as_it_was(services: Services) -> None:
    services.people.add("ann@example.org", "Ann", "learner", cohort="Spring")
    services.people.add("max@example.org", "Max", "manager", cohort="Spring")
    hold(services, "ann@example.org", "I weigh two grams a cup.", "I taste it.")
    before = all_rows(services.database)
    load_sample(services.database, services.domains.catalogue(), responses=300, now=services.now())
    assert all_rows(services.database) != before
    remove_sample(services.database)
    assert all_rows(services.database) == before
    assert differences(services.database) == []


def test_what_sample_people_did_since_goes_with_it(services: Services) -> None:
    services.people.add("ann@example.org", "Ann", "learner", cohort="Spring")
    before = all_rows(services.database)
    load_sample(services.database, services.domains.catalogue(), responses=300, now=services.now())
    interview = hold(services, SAMPLE_LEARNER_EMAIL, "I weigh two grams a cup.", "I taste it.")
    maya = services.people.find_by_email(SAMPLE_LEARNER_EMAIL)
    theo = services.people.find_by_email(SAMPLE_MANAGER_EMAIL)
    assert maya is not None
    assert theo is not None
    services.flags.flag(maya.id, interview, 1, FlagKind.UNCLEAR)
    services.flags.flag(maya.id, interview, 1, FlagKind.SCORE, "I did weigh it.")
    services.second_grades.give(Viewer(theo.id, "", "", "", Role.MANAGER), interview, 1, 8, "So you did.")
    services.sessions.open(maya.id)
    services.people.share_transcripts(maya.id, True)
    remove_sample(services.database)
    assert all_rows(services.database) == before


def test_to_remove_what_is_not_there_changes_nothing(services: Services) -> None:
    services.people.add("ann@example.org", "Ann", "learner", cohort="Spring")
    hold(services, "ann@example.org", "I weigh two grams a cup.")
    before = all_rows(services.database)
    remove_sample(services.database)
    assert all_rows(services.database) == before


def test_a_real_learner_in_a_sample_cohort_keeps_their_interviews_and_scores(services: Services) -> None:
    ann = services.people.add("ann@example.org", "Ann", "learner")
    load_sample(services.database, services.domains.catalogue(), responses=300, now=services.now())
    with services.database.write() as session:  # no page and no command allows it; an import by hand might
        place = session.scalars(select(Cohort).filter_by(is_sample=True).limit(1)).one()
        enrol(session, services.now(), ann.id, place.id)
    interview = hold(services, "ann@example.org", "I weigh two grams a cup.", "I taste it.")
    report, scored = _told(services, ann.id, interview)
    assert scored == report.graded > 0

    remove_sample(services.database)

    assert _told(services, ann.id, interview) == (report, scored)
    assert differences(services.database) == []
    with services.database.read() as session:
        assert session.scalars(select(Cohort)).all() == []
        assert session.scalars(select(Enrolment)).all() == []
        rollup = session.scalars(select(InterviewRollup)).one()
        assert (rollup.cohort_id, rollup.n, rollup.ability is None) == (0, report.graded, False)


def _told(services: Services, learner_id: int, interview: str) -> tuple[Summary, int]:
    """What the learner's report says, and how many scores the cube counts of them (of no sample engine)."""
    with services.database.read() as session:
        scored = session.scalar(select(func.sum(ScoreCube.n)).where(ScoreCube.source == "offline"))
    return report_of(services.interviews.view(learner_id, interview)), int(scored or 0)


def test_real_and_sample_people_do_not_mix(services: Services) -> None:
    load_sample(services.database, services.domains.catalogue(), responses=300, now=services.now())
    people = services.people
    with pytest.raises(ValueError, match="sample"):
        people.add("ann@example.org", "Ann", "learner", cohort="Blue", programme=PROGRAMME)
    ann = people.add("ann@example.org", "Ann", "learner", cohort=COHORTS[0])
    with services.database.read() as session:
        cohort = session.scalars(select(Cohort).join(Enrolment).where(Enrolment.person_id == ann.id)).one()
        assert (cohort.name, cohort.is_sample) == (COHORTS[0], False)


def test_a_sample_turn_may_be_graded_by_a_real_person_and_still_goes(database: Database, catalogue: Catalogue) -> None:
    load_sample(database, catalogue, responses=300, now=NOW)
    with database.write() as session:
        boss = Person(public_id=new_public_id(), email="b@example.org", name="B", role="admin", created_at=NOW)
        session.add(boss)
        session.flush()
        session.execute(update(GradeRow).where(GradeRow.score == 5).values(source="person", person_id=boss.id))
        counts.rebuild(session)
    remove_sample(database)
    assert differences(database) == []
    assert {name for name, rows in all_rows(database).items() if rows} == {"person"}
