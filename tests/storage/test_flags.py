"""Flags: what learners object to, who sees it, and what they hear of it, on both databases."""

import datetime as dt
from collections.abc import Iterator, Sequence

import pytest
from sqlalchemy import func, select

from core.accounts.people import People
from core.accounts.permissions import Role, Viewer
from core.accounts.personal_data import erase_person, export_person
from core.engines.base import Fault, ServiceError
from core.interview.model import FlagKind
from core.quality.flags import Flags
from core.quality.queues import FlaggedQuestion, flagged_questions
from core.storage.database import Database
from core.storage.feedback_tables import MAX_WORDS, Flag
from core.storage.tables import Audit
from tests.hall import START, Hall, add_person, open_hall, reply

OPENING = reply("How do you brew green tea?", "none", "opening", "brewing")


@pytest.fixture
def hall(database: Database) -> Iterator[Hall]:
    """Ann, and the engines for one interview of hers."""
    made = open_hall(database, [OPENING, reply("And why?")], [7])
    yield made
    made.workers.stop()


@pytest.fixture
def interview(hall: Hall) -> str:
    """The public id of Ann's interview: two questions are asked, the second one a follow-up."""
    public_id = hall.begin()
    hall.answer(public_id, 1, "At eighty degrees.")
    return public_id


@pytest.fixture
def flags(hall: Hall) -> Flags:
    return Flags(hall.database, hall.clock)


@pytest.fixture
def admin(hall: Hall) -> Viewer:
    return viewer(add_person(hall.database, "ada@example.org", "admin"), Role.ADMIN)


def viewer(id_: int, role: Role) -> Viewer:
    return Viewer(id_, "", "", "", role)


def questions(hall: Hall, who: Viewer, limit: int = 10) -> Sequence[FlaggedQuestion]:
    with hall.database.read() as session:
        return flagged_questions(session, who, limit)


def rows(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Flag)) or 0


def test_a_flag_is_seen_beside_its_question_and_waits(hall: Hall, interview: str, flags: Flags) -> None:
    flags.flag(hall.learner, interview, 1, FlagKind.UNCLEAR, "  Which kind of green tea?  ")
    flag = hall.view(interview).turns[0].opinions.question_flag
    assert flag is not None
    assert (flag.kind, flag.words, flag.flagged_at) == (FlagKind.UNCLEAR, "Which kind of green tea?", START)
    assert (flag.closed_at, flag.note) == (None, None)
    assert hall.view(interview).turns[1].opinions.question_flag is None


def test_flagging_again_replaces_what_was_said(hall: Hall, interview: str, flags: Flags) -> None:
    flags.flag(hall.learner, interview, 1, FlagKind.UNCLEAR, "Eh?")
    flags.flag(hall.learner, interview, 1, FlagKind.WRONG)
    flag = hall.view(interview).turns[0].opinions.question_flag
    assert flag is not None
    assert (flag.kind, flag.words) == (FlagKind.WRONG, "")
    assert rows(hall.database) == 1


def test_only_the_learner_of_the_interview_flags_its_questions(
    hall: Hall, interview: str, flags: Flags, admin: Viewer
) -> None:
    for person in (add_person(hall.database, "eve@example.org"), admin.id):
        with pytest.raises(ServiceError) as refused:
            flags.flag(person, interview, 1, FlagKind.WRONG)
        assert refused.value.kind is Fault.NOT_FOUND
    assert rows(hall.database) == 0


def test_a_question_that_was_not_asked_cannot_be_flagged(hall: Hall, interview: str, flags: Flags) -> None:
    with pytest.raises(ServiceError, match="not been asked"):
        flags.flag(hall.learner, interview, 3, FlagKind.WRONG)


def test_too_many_words_are_refused_with_their_number(hall: Hall, interview: str, flags: Flags) -> None:
    with pytest.raises(ServiceError, match="2,000 characters; there are 2,001"):
        flags.flag(hall.learner, interview, 1, FlagKind.WRONG, "x" * (MAX_WORDS + 1))


def test_any_letters_are_kept_but_those_that_no_database_takes(hall: Hall, interview: str, flags: Flags) -> None:
    flags.flag(hall.learner, interview, 1, FlagKind.OFF, "🫖 שלום\0 \ud800")
    flag = hall.view(interview).turns[0].opinions.question_flag
    assert flag is not None
    assert flag.words == "🫖 שלום \ufffd"


def test_administrators_see_a_flagged_question_with_what_came_before_it(
    hall: Hall, interview: str, flags: Flags, admin: Viewer
) -> None:
    flags.flag(hall.learner, interview, 2, FlagKind.UNCLEAR, "Why what?")
    (item,) = questions(hall, admin)
    assert (item.kind, item.words, item.message) == (FlagKind.UNCLEAR, "Why what?", "And why?")
    assert item.before == ("How do you brew green tea?",)
    assert (item.domain, item.number, item.engine, item.model) == ("tiny", 2, "scripted", "script-1")
    assert item.interview == interview


def test_the_oldest_flags_come_first_and_no_more_than_asked_for(
    hall: Hall, interview: str, flags: Flags, admin: Viewer
) -> None:
    flags.flag(hall.learner, interview, 2, FlagKind.UNCLEAR)
    hall.clock.now += dt.timedelta(minutes=1)
    flags.flag(hall.learner, interview, 1, FlagKind.WRONG)
    assert [item.number for item in questions(hall, admin)] == [2, 1]
    assert [item.number for item in questions(hall, admin, 1)] == [2]


@pytest.mark.parametrize("role", [Role.LEARNER, Role.MANAGER])
def test_nobody_else_sees_or_closes_flagged_questions(
    hall: Hall, interview: str, flags: Flags, admin: Viewer, role: Role
) -> None:
    flags.flag(hall.learner, interview, 1, FlagKind.WRONG)
    other = viewer(add_person(hall.database, "max@example.org", role.value), role)
    assert questions(hall, other) == []
    with pytest.raises(ServiceError) as refused:
        flags.close(other, questions(hall, admin)[0].id, "No.")
    assert refused.value.kind is Fault.NOT_FOUND


def test_the_learner_reads_what_came_of_it_and_the_queue_is_empty(
    hall: Hall, interview: str, flags: Flags, admin: Viewer
) -> None:
    flags.flag(hall.learner, interview, 1, FlagKind.WRONG)
    flags.close(admin, questions(hall, admin)[0].id, "True: we have put it right.")
    flag = hall.view(interview).turns[0].opinions.question_flag
    assert flag is not None
    assert (flag.closed_at, flag.note) == (START, "True: we have put it right.")
    assert questions(hall, admin) == []
    with hall.database.read() as session:
        entry = session.scalars(select(Audit).filter_by(action="flag.closed")).one()
    assert (entry.actor_id, entry.subject_id) == (admin.id, hall.learner)
    assert entry.detail == {"interview": interview, "number": 1, "kind": "wrong"}


def test_a_flag_is_dealt_with_once_and_not_reopened(hall: Hall, interview: str, flags: Flags, admin: Viewer) -> None:
    flags.flag(hall.learner, interview, 1, FlagKind.WRONG)
    flag_id = questions(hall, admin)[0].id
    flags.close(admin, flag_id, "Put right.")
    with pytest.raises(ServiceError, match="dealt with"):
        flags.close(admin, flag_id, "Not at all.")
    with pytest.raises(ServiceError, match="dealt with"):
        flags.flag(hall.learner, interview, 1, FlagKind.UNCLEAR)


def test_closing_without_a_note_is_refused(hall: Hall, interview: str, flags: Flags, admin: Viewer) -> None:
    flags.flag(hall.learner, interview, 1, FlagKind.WRONG)
    with pytest.raises(ServiceError, match="note"):
        flags.close(admin, questions(hall, admin)[0].id, "  ")


def test_a_learner_s_flags_are_exported_and_erased_with_them(hall: Hall, interview: str, flags: Flags) -> None:
    flags.flag(hall.learner, interview, 1, FlagKind.WRONG, "Boiling is fine.")
    exported = export_person(hall.database, "ann@example.org")["interviews"][0]["turns"][0]["flags"]
    assert [(flag["kind"], flag["words"]) for flag in exported] == [("wrong", "Boiling is fine.")]
    erase_person(hall.database, "ann@example.org", START)
    assert rows(hall.database) == 0


def test_who_dealt_with_a_flag_is_forgotten_when_they_are_erased(
    hall: Hall, interview: str, flags: Flags, admin: Viewer
) -> None:
    People(hall.database, hall.clock).add("bob@example.org", "Bob", "admin")
    flags.flag(hall.learner, interview, 1, FlagKind.WRONG)
    flags.close(admin, questions(hall, admin)[0].id, "Put right.")
    erase_person(hall.database, "ada@example.org", START)
    with hall.database.read() as session:
        flag = session.scalars(select(Flag)).one()
    assert (flag.closed_by, flag.note) == (None, "Put right.")
