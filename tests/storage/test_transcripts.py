"""Who reads what a learner said: the programme or the learner must have agreed, and every look is written down."""

import datetime as dt

import pytest
from sqlalchemy import select, update

from core.accounts.manage import set_cohorts
from core.accounts.permissions import Role, Viewer
from core.accounts.transcripts import Opened, open_interview
from core.bootstrap import Services
from core.engines.base import ServiceError
from core.interview.model import FlagKind
from core.rehearsal import Reply, rehearse
from core.storage.tables import Audit, Programme


class Course:
    """Ann, who learns in Spring, with one interview; Max, who manages Spring, and Ada, who administers."""

    def __init__(self, services: Services) -> None:
        self.services, self.people = services, services.people
        self.people.ensure_cohort("Tea", "Spring")
        self.people.add("ann@example.org", "Ann", "learner", cohort="Spring")
        self.people.add("max@example.org", "Max", "manager", cohort="Spring")
        self.people.add("ada@example.org", "Ada", "admin")
        answers = [Reply("I weigh two grams a cup."), Reply("I taste it.")]
        events = list(rehearse(services, self.ann.id, "tiny", answers, level=3, questions=None, mode="practice"))
        self.interview = str(events[0]["interview"])

    @property
    def ann(self) -> Viewer:
        return self.viewer("ann@example.org")

    @property
    def max(self) -> Viewer:
        return self.viewer("max@example.org")

    def viewer(self, email: str) -> Viewer:
        person = self.people.find_by_email(email)
        assert person is not None
        return Viewer(person.id, person.public_id, person.email, person.name, Role(person.role))

    def open(self, viewer: Viewer, later: dt.timedelta = dt.timedelta()) -> Opened:
        s = self.services
        return open_interview(s.database, s.interviews, viewer, self.interview, s.now() + later)

    def share(self, programme: bool) -> None:
        with self.services.database.write() as session:
            session.execute(update(Programme).values(share_transcripts=programme))

    def looks(self) -> list[tuple[int | None, bool]]:
        """(who, whether with the words) of every look that was written down."""
        with self.services.database.read() as session:
            query = select(Audit).filter_by(subject_id=self.ann.id, action="interview.read").order_by(Audit.id)
            return [(row.actor_id, row.detail["words"]) for row in session.scalars(query)]


@pytest.fixture
def course(services: Services) -> Course:
    return Course(services)


def test_a_learner_reads_their_own_and_leaves_no_trace(course: Course) -> None:
    opened = course.open(course.ann)
    assert (opened.own, opened.words, opened.reads(1)) == (True, True, True)
    assert course.looks() == []


@pytest.mark.parametrize(
    ("programme", "learner", "words"),
    [(False, False, False), (True, False, True), (False, True, True), (True, True, True)],
)
@pytest.mark.parametrize("email", ["max@example.org", "ada@example.org"])
def test_staff_read_the_words_where_the_programme_or_the_learner_agreed(
    course: Course, email: str, programme: bool, learner: bool, words: bool
) -> None:
    course.share(programme)
    course.people.share_transcripts(course.ann.id, learner)
    opened = course.open(course.viewer(email))
    assert (opened.own, opened.words, opened.reads(1), opened.learner_name) == (False, words, words, "Ann")
    assert course.looks() == [(course.viewer(email).id, words)]


def test_an_answer_whose_score_was_objected_to_is_read_and_no_other(course: Course) -> None:
    course.services.flags.flag(course.ann.id, course.interview, 2, FlagKind.SCORE, "Too low.")
    opened = course.open(course.max)
    assert (opened.words, opened.reads(1), opened.reads(2)) == (False, False, True)


def test_agreement_can_be_taken_back(course: Course) -> None:
    course.people.share_transcripts(course.ann.id, True)
    assert course.open(course.max).words
    course.people.share_transcripts(course.ann.id, False)
    assert not course.open(course.max).words


def test_a_learner_who_has_left_the_cohort_is_out_of_reach(course: Course) -> None:
    course.share(True)
    set_cohorts(course.people, course.viewer("ada@example.org"), course.ann.id, [])
    with pytest.raises(ServiceError, match="could not be found"):
        course.open(course.max)
    assert course.looks() == []


def test_what_was_said_in_another_programme_needs_that_ones_agreement(course: Course) -> None:
    course.share(True)
    winter = course.people.ensure_cohort("Coffee", "Winter")
    course.people.add("mia@example.org", "Mia", "manager", cohort="Winter", programme="Coffee")
    spring = next(cohort for cohort in course.people.cohorts_of(course.max) if cohort.name == "Spring")
    set_cohorts(course.people, course.viewer("ada@example.org"), course.ann.id, [spring.id, winter.id])
    assert course.open(course.viewer("mia@example.org")).words  # it was said in Spring, whose programme shares
    course.share(False)
    with course.services.database.write() as session:
        session.execute(update(Programme).where(Programme.name == "Coffee").values(share_transcripts=True))
    assert not course.open(course.viewer("mia@example.org")).words


@pytest.mark.parametrize("role", ["learner", "manager"])
def test_strangers_are_told_that_there_is_no_such_interview(course: Course, role: str) -> None:
    course.share(True)
    course.people.add("eve@example.org", "Eve", role, cohort="Autumn")
    with pytest.raises(ServiceError, match="could not be found"):
        course.open(course.viewer("eve@example.org"))


def test_a_fellow_learner_of_the_cohort_is_a_stranger_too(course: Course) -> None:
    course.share(True)
    course.people.add("bea@example.org", "Bea", "learner", cohort="Spring")
    with pytest.raises(ServiceError, match="could not be found"):
        course.open(course.viewer("bea@example.org"))


def test_one_reading_is_one_look_and_a_later_one_another(course: Course) -> None:
    for _ in range(3):
        course.open(course.max)
    assert len(course.looks()) == 1
    course.open(course.max, later=dt.timedelta(days=1))
    assert len(course.looks()) == 2
