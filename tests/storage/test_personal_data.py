"""Everything about a person comes out whole, and goes whole: no word, number or count of them is left; on both databases."""

import json
from typing import Any

import pytest

from core.accounts.links import Purpose
from core.accounts.manage import invite
from core.accounts.permissions import Role, Viewer
from core.accounts.personal_data import erase_person, export_person
from core.accounts.transcripts import open_interview
from core.bootstrap import Services
from core.engines.base import ServiceError
from core.interview.model import FlagKind, Mode
from core.interview.service import Plan
from core.rehearsal import Reply, rehearse
from core.storage import counts
from core.storage.tables import Audit, Base
from tests.storage.rows import Rows, all_rows, mentions

PASSWORD = "correct horse battery"
ANSWERS = ["I weigh two grams a cup, zanzibar.", "I taste it, zanzibar."]
UNIQUE = ["zanzibar", "ann@", "Annabel"]


def viewer(services: Services, email: str) -> Viewer:
    person = services.people.find_by_email(email)
    assert person is not None
    return Viewer(person.id, person.public_id, person.email, person.name, Role(person.role))


def hold(services: Services, email: str, answers: list[str]) -> str:
    replies = [Reply(answer) for answer in answers]
    learner = viewer(services, email).id
    events = list(rehearse(services, learner, "tiny", replies, level=3, questions=None, mode="practice"))
    return str(events[0]["interview"])


@pytest.fixture
def course(services: Services) -> Services:
    """A cohort with Max, who manages it, Bea, who learns in it, and an administrator; Bea has held an interview."""
    services.people.add("max@example.org", "Max", "manager", cohort="Spring")
    services.people.add("ada@example.org", "Ada", "admin")
    services.people.add("bea@example.org", "Bea", "learner", cohort="Spring")
    hold(services, "bea@example.org", ["I take the leaves out sooner."])
    return services


def let_ann_live(s: Services) -> str:
    """Ann is invited, signs in, practises, objects, is read and graded by Max; returns one of her interviews."""
    cohort = s.people.cohorts_of(viewer(s, "max@example.org"))[0]
    token = invite(s.people, s.links, viewer(s, "max@example.org"), "ann@example.org", "Annabel", "learner", cohort.id)
    s.links.choose_password(token, PASSWORD)
    ann = viewer(s, "ann@example.org")
    s.sessions.open(ann.id)
    s.links.issue(Purpose.RESET, ann.id)
    s.people.share_transcripts(ann.id, True)
    s.people.save_settings(ann.id, level=3)
    interview = hold(s, ann.email, ANSWERS)
    s.flags.flag(ann.id, interview, 1, FlagKind.SCORE, "Too low, zanzibar.")
    open_interview(s.database, s.interviews, viewer(s, "max@example.org"), interview, s.now())
    s.second_grades.give(viewer(s, "max@example.org"), interview, 1, 9, "Well said, Annabel.")
    open_one = s.interviews.start(ann.id, Plan("tiny", 3, Mode.PRACTICE, 5, role="Taster", cv="Annabel, of zanzibar"))
    s.interviews.save_draft(ann.id, open_one, 1, "zanzibar draft")
    return interview


def without_empty_counts(rows: Rows) -> Rows:
    """A count of nothing is as good as no row, and which key points there are is no person's."""
    counts = ("score_cube", "programme_cube", "cube_week", "active_week", "point_count")
    sizes = {name: len(Base.metadata.tables[name].primary_key) for name in counts}
    return {
        name: [row for row in found if name not in sizes or any(row[sizes[name] :])]
        for name, found in rows.items()
        if name != "point_text"
    }


def test_an_export_has_what_was_said_graded_and_seen(course: Services) -> None:
    interview = let_ann_live(course)
    data: dict[str, Any] = export_person(course.database, "ANN@example.org ")
    assert json.loads(json.dumps(data)) == data
    assert (data["person"]["name"], data["person"]["settings"]) == ("Annabel", {"level": 3})
    assert [(place["programme"], place["cohort"]) for place in data["cohorts"]] == [("My programme", "Spring")]
    done, begun = data["interviews"]
    assert done["public_id"] == interview
    assert [turn["answer"] for turn in done["turns"]] == ANSWERS
    first = done["turns"][0]
    assert sorted(grade["source"] for grade in first["grades"]) == ["offline", "person"]
    assert [flag["words"] for flag in first["flags"]] == ["Too low, zanzibar."]
    assert begun["given"]["cv"] == "Annabel, of zanzibar"
    assert "interview.read" in [entry["action"] for entry in data["audit"]]
    assert len(data["sign_ins"]) == 1


def test_an_export_holds_no_secret_and_nobody_else(course: Services) -> None:
    let_ann_live(course)
    text = json.dumps(export_person(course.database, "ann@example.org"))
    for word in ("argon2", "hash", "Bea", "bea@", "sooner", "Max", "max@"):
        assert word not in text


def test_an_export_holds_no_inner_numbers(course: Services) -> None:
    let_ann_live(course)

    def keys(value: Any) -> set[str]:
        if isinstance(value, dict):
            return set(value).union(*map(keys, value.values()))
        return set().union(*map(keys, value)) if isinstance(value, list) else set()

    found = keys(export_person(course.database, "ann@example.org"))
    assert not found & {
        "id",
        "person_id",
        "learner_id",
        "actor_id",
        "subject_id",
        "cohort_id",
        "turn_id",
        "interview_id",
    }


def test_after_erasing_every_table_is_as_if_the_person_had_never_come(course: Services) -> None:
    before = all_rows(course.database)
    let_ann_live(course)
    erase_person(course.database, "ann@example.org", course.now())
    after = all_rows(course.database)
    erased = [row for row in after["audit"] if row not in before["audit"]]
    assert len(erased) == 1
    after["audit"].remove(erased[0])
    assert without_empty_counts(after) == without_empty_counts(before)
    with course.database.read() as session:
        assert counts.recount(session) == []


def test_no_cell_anywhere_names_who_was_erased(course: Services) -> None:
    let_ann_live(course)
    number = viewer(course, "ann@example.org").id
    assert mentions(course.database, UNIQUE, number) != []
    erase_person(course.database, "ann@example.org", course.now())
    assert mentions(course.database, UNIQUE, number) == []


def test_whoever_gets_the_number_next_has_no_history(course: Services) -> None:
    let_ann_live(course)
    erase_person(course.database, "ann@example.org", course.now())
    course.people.add("cid@example.org", "Cid", "learner")
    data = export_person(course.database, "cid@example.org")
    assert [entry["action"] for entry in data["audit"]] == ["person.added"]


def test_a_manager_who_is_erased_leaves_their_grades_and_looks_without_a_name(course: Services) -> None:
    interview = let_ann_live(course)
    max_ = viewer(course, "max@example.org")
    erase_person(course.database, max_.email, course.now())
    assert mentions(course.database, ["max@"], max_.id) == []
    ann = viewer(course, "ann@example.org")
    grade = course.interviews.view(ann.id, interview).turns[0].grade
    assert grade is not None
    assert grade.score == 9
    with course.database.read() as session:
        looks = session.query(Audit).filter_by(action="interview.read").all()
        assert [(look.subject_id, look.actor_id) for look in looks] == [(ann.id, None)]
        assert counts.recount(session) == []


def test_the_only_administrator_is_not_erased(course: Services) -> None:
    with pytest.raises(ValueError, match="only administrator"):
        erase_person(course.database, "ada@example.org", course.now())
    assert course.people.find_by_email("ada@example.org") is not None


@pytest.mark.parametrize("work", [export_person, lambda database, email: erase_person(database, email, None)])
def test_somebody_unknown_is_told(course: Services, work: Any) -> None:
    with pytest.raises(ServiceError, match=r"no person with the e-mail address nobody@example\.org"):
        work(course.database, "nobody@example.org")
