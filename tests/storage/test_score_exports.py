"""All scores of a cohort: complete, in order, without names unless they are asked for, and never without a trace."""

import csv
import io

import pytest
from sqlalchemy import func, select, update

from core.accounts import score_exports
from core.accounts.ownership import looks_at
from core.accounts.permissions import Viewer
from core.accounts.score_exports import begin_export, find_cohort
from core.accounts.sessions import viewer_from
from core.analytics import score_rows as module
from core.analytics.exports import csv_lines
from core.analytics.score_rows import COLUMNS, score_rows
from core.bootstrap import Services
from core.engines.base import ServiceError
from core.sample import load_sample
from core.storage.tables import Audit, Cohort, Enrolment, GradeRow, Interview, Turn


@pytest.fixture
def cohort(services: Services) -> Cohort:
    """A sample cohort with scores."""
    load_sample(services.database, services.domains.catalogue(), responses=300, now=services.now())
    with services.database.read() as session:
        return session.scalars(select(Cohort).order_by(Cohort.id)).first() or pytest.fail("no cohort")


def viewer(services: Services, role: str, cohort: Cohort | None = None) -> Viewer:
    """Somebody new with this role, in the cohort."""
    person = services.people.add(f"{role}@example.org", role.title(), role)
    with services.database.write() as session:
        if cohort is not None:
            session.add(Enrolment(person_id=person.id, cohort_id=cohort.id, since=services.now()))
        return viewer_from(person)


def rows_of(services: Services, cohort: Cohort, names: dict[int, str] | None = None) -> list[tuple[object, ...]]:
    return list(score_rows(services.database, cohort.id, services.domains.catalogue().domains, names or {}))


def traces(services: Services) -> dict[str, int]:
    with services.database.read() as session:
        counted = select(Audit.action, func.count()).group_by(Audit.action)
        return dict(session.execute(counted.where(Audit.action.like("%exported"))).all())


def test_every_answer_with_a_grade_is_there_once_the_oldest_interview_first(
    services: Services, cohort: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "INTERVIEWS", 3)  # so that there are many parts
    rows = rows_of(services, cohort)
    facts = (
        select(Interview.public_id, Turn.number, GradeRow.score)
        .join(Turn, Turn.interview_id == Interview.id)
        .join(GradeRow, GradeRow.turn_id == Turn.id)
        .where(Interview.cohort_id == cohort.id, GradeRow.is_current)
        .order_by(Interview.started_at, Interview.id, Turn.number)
    )
    with services.database.read() as session:
        expected = session.execute(facts).all()
    assert [(row[2], row[6], row[12]) for row in rows] == expected
    assert len(rows) > 20


def test_a_row_says_what_was_asked_and_how_it_went_but_no_word_of_it(services: Services, cohort: Cohort) -> None:
    domain = services.domains.catalogue().domains["tiny"]
    row = dict(zip(COLUMNS, rows_of(services, cohort)[0], strict=True))
    assert row["Domain"] == domain.name
    assert row["Skill"] in domain.skills.values()
    assert row["Name"] == ""
    assert row["Graded by"] == "sample"
    with services.database.read() as session:
        turn = session.scalars(
            select(Turn).join(Interview).where(Interview.public_id == row["Interview"], Turn.number == row["Question"])
        ).one()
    assert (row["Level"], row["Hints"], row["Answered (UTC)"]) == (turn.level, len(turn.hints), turn.answered_at)
    assert turn.answer not in row.values()


def test_what_could_not_be_graded_says_why_and_has_no_score(services: Services, cohort: Cohort) -> None:
    with services.database.write() as session:
        session.execute(update(GradeRow).values(score=None, reason="the grader was away"))
    assert {(row[12], row[13]) for row in rows_of(services, cohort)} == {(None, "the grader was away")}


def test_names_are_those_whom_the_manager_looks_after_and_each_of_them_can_see_it(
    services: Services, cohort: Cohort
) -> None:
    manager = viewer(services, "manager", cohort)
    with services.database.write() as session:
        leaver = session.scalars(select(Interview.learner_id).where(Interview.cohort_id == cohort.id)).first()
        session.execute(update(Enrolment).where(Enrolment.person_id == leaver).values(cohort_id=cohort.id + 1))
    names = begin_export(services.database, manager, cohort.id, services.now(), named=True)
    rows = rows_of(services, cohort, names)
    assert names
    assert leaver not in names
    assert {row[1] for row in rows} == {"", *names.values()}
    assert traces(services) == {"cohort.exported": 1, score_exports.NAMED: len(names)}
    look = looks_at(services.database, next(iter(names)))[0]
    assert (look.who, look.what) == ("Manager", "took your scores with your name in a file")


def test_an_export_without_names_is_written_down_but_with_no_learner(services: Services, cohort: Cohort) -> None:
    assert begin_export(services.database, viewer(services, "admin"), cohort.id, services.now(), named=False) == {}
    assert traces(services) == {"cohort.exported": 1}


@pytest.mark.parametrize("role", ["learner", "manager"])
def test_who_does_not_look_after_the_cohort_gets_nothing(services: Services, cohort: Cohort, role: str) -> None:
    other = viewer(services, role, cohort if role == "learner" else None)
    with pytest.raises(ServiceError, match="could not be found"):
        begin_export(services.database, other, cohort.id, services.now(), named=False)
    assert traces(services) == {}


def test_a_cohort_is_found_by_its_id_or_its_name_unless_two_have_it(services: Services, cohort: Cohort) -> None:
    assert find_cohort(services.database, cohort.public_id).id == find_cohort(services.database, cohort.name).id
    services.people.ensure_cohort("Another programme", cohort.name)
    with pytest.raises(ValueError, match="More than one cohort"):
        find_cohort(services.database, cohort.name)
    with pytest.raises(ValueError, match="There is no cohort"):
        find_cohort(services.database, "nowhere")


def test_at_the_terminal_it_is_the_operator_who_took_them(services: Services, cohort: Cohort) -> None:
    names = begin_export(services.database, None, cohort.id, services.now(), named=True)
    assert looks_at(services.database, next(iter(names)))[0].who == "Viva's operator"


def test_the_file_of_a_cohort_without_interviews_has_its_headings(services: Services) -> None:
    empty = services.people.ensure_cohort("Programme", "Empty")
    rows = score_rows(services.database, empty.id, services.domains.catalogue().domains, {})
    (heading,) = csv.reader(io.StringIO("".join(csv_lines(COLUMNS, rows)).lstrip("\ufeff")))
    assert tuple(heading) == COLUMNS
