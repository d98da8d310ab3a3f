"""A person's grade beside the machine's: who may give one, what it changes, and that both are kept; on both databases."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select, update

from core.accounts.people import enrol, find_or_add_cohort
from core.accounts.permissions import Role, Viewer
from core.accounts.personal_data import erase_person, export_person
from core.engines.base import Fault, ServiceError
from core.interview.model import FlagKind
from core.interview.records import TurnView
from core.quality.flags import Flags
from core.quality.queues import answered, disputed_scores, waiting
from core.quality.regrading import Regrading
from core.quality.second_grades import SecondGrades
from core.storage import counts
from core.storage.count_tables import InterviewRollup
from core.storage.database import Database
from core.storage.tables import Audit, GradeRow, Person, Programme
from tests.hall import START, Hall, add_person, open_hall, reply

OPENING = reply("How do you brew green tea?", "none", "opening", "brewing")
UNREACHABLE = "the grader could not be reached"


class Course:
    """Ann in a cohort whose programme shares transcripts, her one answer that a machine gave 4, and Max who manages it."""

    def __init__(self, database: Database, grades: list[int | str]) -> None:
        self.hall: Hall = open_hall(database, [OPENING, reply("And why?")], grades)
        self.database = database
        self.flags, self.second = (
            Flags(database, self.hall.clock),
            SecondGrades(database, self.hall.clock, kick=self.hall.workers.kick),
        )
        self.regrading = Regrading(database, self.hall.clock, kick=self.hall.workers.kick, graders=["openai"])
        self.join(self.hall.learner, "Blue")
        self.share(programme=True)
        self.max = self.staff("max", Role.MANAGER, "Blue")
        self.interview = self.hall.begin()
        self.hall.answer(self.interview, 1, "At eighty degrees.")

    def join(self, person_id: int, cohort: str) -> None:
        with self.database.write() as session:
            place = find_or_add_cohort(session, START, "Tea school", cohort)
            enrol(session, START, person_id, place.id)

    def share(self, *, programme: bool = False, learner: bool = False) -> None:
        with self.database.write() as session:
            session.execute(update(Programme).values(share_transcripts=programme))
            session.execute(update(Person).filter_by(id=self.hall.learner).values(share_transcripts=learner))

    def staff(self, name: str, role: Role, cohort: str | None = None) -> Viewer:
        id_ = add_person(self.database, f"{name}@example.org", role.value)
        if cohort:
            self.join(id_, cohort)
        return Viewer(id_, "", "", name, role)

    def give(self, viewer: Viewer, score: int, comment: str = "", number: int = 1) -> None:
        self.second.give(viewer, self.interview, number, score, comment)

    def dispute(self, reason: str) -> None:
        self.flags.flag(self.hall.learner, self.interview, 1, FlagKind.SCORE, reason)

    @property
    def turn(self) -> TurnView:
        return self.hall.view(self.interview).turns[0]

    @property
    def in_force(self) -> tuple[int | None, str | None]:
        return (self.turn.grade.score if self.turn.grade else None, self.turn.source)

    @property
    def rollup(self) -> InterviewRollup:
        with self.database.read() as session:
            return session.scalars(select(InterviewRollup)).one()

    def audits(self) -> list[tuple[str, int | None, int | None]]:
        with self.database.read() as session:
            rows = session.scalars(select(Audit).where(Audit.action.startswith("grade.")).order_by(Audit.id))
            return [(row.action, row.actor_id, row.subject_id) for row in rows]


@pytest.fixture
def grades() -> list[int | str]:
    """What the machine says of the first answer, and of it again."""
    return [4, 6]


@pytest.fixture
def course(database: Database, grades: list[int | str]) -> Iterator[Course]:
    made = Course(database, grades)
    yield made
    made.hall.workers.stop()
    with database.read() as session:
        assert counts.recount(session) == []


def test_a_manager_s_grade_counts_and_the_machine_s_stands_beside_it(course: Course) -> None:
    course.give(course.max, 8, "Right, and well put.")
    said = course.turn.opinions
    assert said.machine is not None
    assert said.person is not None
    assert (said.machine.grade.score, said.machine.source) == (4, "openai")
    assert (said.person.grade.score, said.person.by) == (8, "max@example.org")
    assert said.person.grade.feedback.comment == "Right, and well put."
    assert course.in_force == (8, "person")
    assert (course.rollup.n, course.rollup.total) == (1, 8)
    assert course.audits() == [("grade.given", course.max.id, course.hall.learner)]


def test_the_estimate_of_ability_follows_the_person(course: Course) -> None:
    before = course.rollup.ability
    course.give(course.max, 10)
    after = course.rollup.ability
    assert before is not None
    assert after is not None
    assert after > before
    course.second.withdraw(course.max, course.interview, 1)
    assert course.rollup.ability == pytest.approx(before)


def test_a_person_s_grade_is_changed_and_the_old_one_kept(course: Course) -> None:
    course.give(course.max, 8)
    course.give(course.staff("ada", Role.ADMIN), 3, "It is wrong.")
    assert course.in_force == (3, "person")
    assert [old.grade.score for old in course.turn.opinions.superseded] == [8]


def test_a_withdrawn_grade_leaves_the_machine_s_in_force_and_stays_stored(course: Course) -> None:
    course.give(course.max, 8)
    course.second.withdraw(course.max, course.interview, 1)
    assert course.in_force == (4, "openai")
    assert course.turn.opinions.person is None
    assert [old.grade.score for old in course.turn.opinions.superseded] == [8]
    assert [action for action, _, _ in course.audits()] == ["grade.given", "grade.withdrawn"]


@pytest.mark.parametrize("grades", [[UNREACHABLE]])
def test_withdrawing_leaves_an_answer_ungraded_that_no_machine_could_grade(course: Course) -> None:
    course.give(course.max, 8)
    course.second.withdraw(course.max, course.interview, 1)
    grade = course.turn.grade
    assert grade is not None
    assert (grade.score, grade.reason) == (None, UNREACHABLE)


def test_there_is_nothing_to_withdraw_where_no_person_has_graded(course: Course) -> None:
    with pytest.raises(ServiceError, match="No person has graded"):
        course.second.withdraw(course.max, course.interview, 1)


def test_a_second_click_stores_nothing_new(course: Course) -> None:
    course.give(course.max, 8, "Well put.")
    course.give(course.max, 8, "Well put.")
    with course.database.read() as session:
        assert len(session.scalars(select(GradeRow)).all()) == 2


@pytest.mark.parametrize("score", [0, 11, -3, 999, 9.5])
def test_what_is_no_score_is_refused(course: Course, score: int) -> None:
    with pytest.raises(ServiceError, match="whole number from 1 to 10"):
        course.give(course.max, score)
    assert course.in_force == (4, "openai")


def test_a_question_without_an_answer_cannot_be_graded(course: Course) -> None:
    for number in (2, 3):
        with pytest.raises(ServiceError, match="no answer"):
            course.give(course.max, 8, number=number)


def test_a_learner_s_own_consent_is_enough(course: Course) -> None:
    course.share(learner=True)
    course.give(course.max, 8)
    assert course.in_force == (8, "person")


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADMIN])
def test_without_consent_nobody_grades_what_they_may_not_read(course: Course, role: Role) -> None:
    course.share()
    with pytest.raises(ServiceError, match="not agreed to share"):
        course.give(course.staff("ada", role, "Blue"), 8)
    assert course.in_force == (4, "openai")


def test_an_interview_out_of_reach_is_not_found(course: Course) -> None:
    mine = Viewer(course.hall.learner, "", "", "", Role.LEARNER)
    strangers = [course.staff("eve", Role.MANAGER, "Red"), course.staff("bob", Role.LEARNER, "Blue"), mine]
    for viewer in strangers:
        with pytest.raises(ServiceError) as refused:
            course.give(viewer, 10)
        assert refused.value.kind is Fault.NOT_FOUND
    assert course.in_force == (4, "openai")


def test_nobody_grades_their_own_answers_nor_a_fellow_manager_s(course: Course) -> None:
    with course.database.write() as session:
        session.execute(update(Person).filter_by(id=course.hall.learner).values(role="manager"))
    for viewer in (Viewer(course.hall.learner, "", "", "", Role.MANAGER), course.max):
        with pytest.raises(ServiceError) as refused:
            course.give(viewer, 10)
        assert refused.value.kind is Fault.NOT_FOUND


def test_a_machine_s_new_grade_does_not_take_the_person_s_place(course: Course) -> None:
    course.give(course.max, 8)
    course.regrading.again(course.max, course.interview)
    course.hall.until(course.interview, lambda view: len(view.turns[0].opinions.superseded) == 1)
    assert course.in_force == (8, "person")
    said = course.turn.opinions
    assert said.machine is not None
    assert said.machine.grade.score == 6
    course.second.withdraw(course.max, course.interview, 1)
    assert course.in_force == (6, "openai")


def test_what_a_person_said_of_others_answers_is_in_their_own_data(course: Course) -> None:
    course.dispute("I named the temperature.")
    with course.database.read() as session:
        flag_id = disputed_scores(session, course.max, 1)[0].id
    course.flags.close(course.max, flag_id, "Not the time, though.")
    course.give(course.max, 8, "Well put.")
    exported = export_person(course.database, "max@example.org")
    (grade,) = exported["grades_given"]
    assert (grade["score"], grade["detail"]["feedback"]["comment"]) == (8, "Well put.")
    assert [flag["note"] for flag in exported["flags_closed"]] == ["Not the time, though."]
    learner = export_person(course.database, "ann@example.org")
    assert learner["grades_given"] == learner["flags_closed"] == []
    assert [grade["score"] for grade in learner["interviews"][0]["turns"][0]["grades"]] == [4, 8]


def test_who_gave_a_grade_is_forgotten_when_they_are_erased_and_the_grade_stays(course: Course) -> None:
    course.give(course.max, 8)
    erase_person(course.database, "max@example.org", START)
    person = course.turn.opinions.person
    assert person is not None
    assert (person.grade.score, person.by) == (8, None)


def disputed(course: Course, viewer: Viewer) -> list[tuple[str, str, int | None, str]]:
    with course.database.read() as session:
        found = disputed_scores(session, viewer, 10)
    return [(item.reason, item.learner, item.score, item.interview) for item in found]


def test_a_disputed_score_waits_for_the_learner_s_own_managers_and_administrators(course: Course) -> None:
    course.dispute("I named the temperature.")
    expected = [("I named the temperature.", "ann@example.org", 4, course.interview)]
    assert disputed(course, course.max) == expected
    assert disputed(course, course.staff("ada", Role.ADMIN)) == expected
    assert disputed(course, course.staff("eve", Role.MANAGER, "Red")) == []
    assert disputed(course, course.staff("bob", Role.LEARNER, "Blue")) == []


def test_a_score_is_disputed_with_a_reason_and_only_where_there_is_one(course: Course) -> None:
    with pytest.raises(ServiceError, match="Say why"):
        course.dispute("  ")
    with pytest.raises(ServiceError, match="no score"):
        course.flags.flag(course.hall.learner, course.interview, 2, FlagKind.SCORE, "But why?")


def test_a_dispute_is_answered_with_a_note_and_the_learner_hears_of_it(course: Course) -> None:
    course.dispute("I named the temperature.")
    with course.database.read() as session:
        assert waiting(session, course.max) == 1
        assert answered(session, course.hall.learner, START) == []
        flag_id = disputed_scores(session, course.max, 1)[0].id
    course.flags.close(course.max, flag_id, "Not the time, though.")
    flag = course.turn.opinions.score_flag
    assert flag is not None
    assert (flag.closed_at, flag.note) == (START, "Not the time, though.")
    assert course.in_force == (4, "openai")
    with course.database.read() as session:
        assert waiting(session, course.max) == 0
        news = answered(session, course.hall.learner, START)
        assert [(item.kind, item.interview, item.number) for item in news] == [(FlagKind.SCORE, course.interview, 1)]
        assert answered(session, course.max.id, START) == []


def test_a_manager_of_others_answers_no_dispute(course: Course) -> None:
    course.dispute("I named the temperature.")
    with course.database.read() as session:
        flag_id = disputed_scores(session, course.max, 1)[0].id
    with pytest.raises(ServiceError) as refused:
        course.flags.close(course.staff("eve", Role.MANAGER, "Red"), flag_id, "No.")
    assert refused.value.kind is Fault.NOT_FOUND


def test_nobody_answers_the_dispute_of_their_own_score(course: Course) -> None:
    course.dispute("I named the temperature.")
    with course.database.write() as session:
        session.execute(update(Person).filter_by(id=course.hall.learner).values(role="admin"))
    assert disputed(course, Viewer(course.hall.learner, "", "", "", Role.ADMIN)) == []


def test_an_answer_whose_score_the_learner_disputes_is_opened_to_those_who_answer(course: Course) -> None:
    course.share()
    course.dispute("I named the temperature.")
    course.give(course.max, 8)
    flag = course.turn.opinions.score_flag
    assert flag is not None
    assert flag.closed_at == START


@pytest.mark.parametrize("grades", [[4, 6]])
def test_a_manager_has_any_answer_graded_again_and_both_grades_are_kept(course: Course) -> None:
    assert course.regrading.again(course.max, course.interview, 1) == 1
    course.hall.until(course.interview, lambda view: len(view.turns[0].opinions.superseded) == 1)
    assert course.in_force == (6, "openai")
    assert [old.grade.score for old in course.turn.opinions.superseded] == [4]
    assert course.audits() == [("grade.again", course.max.id, course.hall.learner)]


@pytest.mark.parametrize("grades", [[4, UNREACHABLE]])
def test_grading_again_in_vain_leaves_the_score(course: Course) -> None:
    course.regrading.again(course.max, course.interview)
    course.hall.until(course.interview, lambda view: len(view.turns[0].opinions.superseded) == 1)
    assert course.in_force == (4, "openai")


@pytest.mark.parametrize("grades", [[UNREACHABLE, 6]])
def test_a_learner_has_what_was_not_graded_graded_again(course: Course) -> None:
    learner = Viewer(course.hall.learner, "", "", "", Role.LEARNER)
    assert course.regrading.again(learner, course.interview) == 1
    course.hall.until(course.interview, lambda view: len(view.turns[0].opinions.superseded) == 1)
    assert course.in_force == (6, "openai")


def test_a_learner_gets_no_second_throw_for_a_score(course: Course) -> None:
    learner = Viewer(course.hall.learner, "", "", "", Role.LEARNER)
    for number in (None, 1):
        with pytest.raises(ServiceError, match="no answer here to grade again"):
            course.regrading.again(learner, course.interview, number)
    course.hall.interviews.retry(course.hall.learner, course.interview, "grade", 1)
    assert not course.turn.grading_pending
    assert course.in_force == (4, "openai")


def test_who_may_not_read_an_answer_has_none_graded_again(course: Course) -> None:
    with pytest.raises(ServiceError) as refused:
        course.regrading.again(course.staff("eve", Role.MANAGER, "Red"), course.interview)
    assert refused.value.kind is Fault.NOT_FOUND
    course.share()
    with pytest.raises(ServiceError, match="not agreed to share"):
        course.regrading.again(course.max, course.interview, 1)


def test_answers_of_an_engine_that_is_gone_stay_as_they_are(course: Course) -> None:
    gone = Regrading(course.database, course.hall.clock, kick=course.hall.workers.kick, graders=["offline"])
    with pytest.raises(ServiceError, match="not set up here"):
        gone.again(course.max, course.interview)
    assert not course.turn.grading_pending
