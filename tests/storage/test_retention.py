"""Words past their days are gone everywhere, while scores and counts stay as they were; on both databases."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from core.accounts.ownership import OwnTerms, terms_of
from core.accounts.permissions import Viewer
from core.accounts.retention import set_retention, without_words
from core.accounts.sessions import viewer_from
from core.accounts.transcripts import open_interview
from core.bootstrap import Services
from core.engines.base import Criterion, Feedback, Grade, PointFound, ServiceError
from core.interview.model import FlagKind, Phase
from core.quality.training import examples
from core.rehearsal import Reply, rehearse
from core.reports.document import document_of
from core.storage import counts
from core.storage.count_tables import CubeWeek, LearnerCount
from core.storage.feedback_tables import Flag
from core.storage.grades import grade_from_row, new_row
from core.storage.recording_tables import Recording
from core.storage.tables import GradeRow, Turn
from tests.storage.conftest import SlowClock
from tests.storage.rows import mentions

WORDS = "I warm the pot of my zanzibar grandmother."
DAYS = 90


@pytest.fixture
def boss(services: Services) -> Viewer:
    services.people.ensure_cohort("Tea", "Spring")
    services.people.ensure_cohort("Coffee", "Spring")
    return viewer_from(services.people.add("boss@example.org", "Boss", "admin"))


def learner(services: Services, name: str, programme: str | None) -> int:
    place = {"cohort": "Spring", "programme": programme} if programme else {}
    return services.people.add(f"{name}@example.org", name.title(), "learner", **place).id


def hold(services: Services, person_id: int, *, finish: bool = True) -> str:
    """An interview with one answer; the next question is left open unless it is finished."""
    replies = [Reply(WORDS)]
    questions = 1 if finish else 3
    events = rehearse(services, person_id, "tiny", replies, level=3, questions=questions, mode="practice")
    return str(next(iter(list(events)))["interview"])


def counted(services: Services) -> list[Any]:
    with services.database.read() as session:
        assert counts.recount(session) == []
        rows = session.scalars(select(CubeWeek).order_by(CubeWeek.cohort_id)).all()
        return [(row.cohort_id, row.started, row.answered, row.n, row.total, row.ungraded) for row in rows]


def later(clock: SlowClock, days: int) -> None:
    clock.now += dt.timedelta(days=days)


def test_words_past_their_days_are_gone_and_scores_and_counts_stay(
    services: Services, clock: SlowClock, boss: Viewer
) -> None:
    ann = learner(services, "ann", "Tea")
    public_id = hold(services, ann)
    services.flags.flag(ann, public_id, 1, FlagKind.SCORE, "My zanzibar pot was right.")
    with services.database.write() as session:
        session.add(
            Recording(
                interview_id=services.interviews.view(ann, public_id).id, number=1, state="kept",
                name=services.recordings.files.store(b"zanzibar")[0], digest="d", media="audio/wav", size=8,
                raw="zanzibar", made_at=clock(),
            )
        )  # fmt: skip
    before, score = counted(services), services.interviews.view(ann, public_id).turns[0].grade
    set_retention(services.people, boss, 1, DAYS)
    later(clock, DAYS - 1)
    assert services.retention.sweep() == 0
    later(clock, 2)
    assert services.retention.sweep() == 1
    assert mentions(services.database, ["zanzibar"]) == []
    assert counted(services) == before
    view = services.interviews.view(ann, public_id)
    assert score is not None
    assert view.turns[0].grade is not None
    assert view.turns[0].grade.score == score.score
    assert (view.turns[0].message, view.turns[0].answer) == ("", "")
    assert document_of(view, "Ann").words_removed_at is not None
    assert services.recordings.files.strays(set()) == []
    assert services.retention.sweep() == 0


def test_other_programmes_keep_theirs_and_so_do_learners_without_one(
    services: Services, clock: SlowClock, boss: Viewer
) -> None:
    for name, programme in (("bea", "Coffee"), ("cid", None)):
        hold(services, learner(services, name, programme))
    set_retention(services.people, boss, 1, 1)
    later(clock, 5000)
    assert services.retention.sweep() == 0


def test_nothing_is_removed_unless_days_are_set_and_again_when_they_are_taken_back(
    services: Services, clock: SlowClock, boss: Viewer
) -> None:
    hold(services, learner(services, "ann", "Tea"))
    set_retention(services.people, boss, 1, 1)
    set_retention(services.people, boss, 1, 0)
    later(clock, 5000)
    assert services.retention.sweep() == 0


def test_an_interview_that_is_still_held_keeps_its_words_and_one_left_open_ends(
    services: Services, clock: SlowClock, boss: Viewer
) -> None:
    ann = learner(services, "ann", "Tea")
    public_id = hold(services, ann, finish=False)
    set_retention(services.people, boss, 1, 30)
    later(clock, 29)
    with services.database.write() as session:
        session.scalars(select(Turn)).all()[-1].asked_at = clock()
    later(clock, 2)
    assert services.retention.sweep() == 0
    later(clock, 60)
    assert services.retention.sweep() == 1
    assert services.interviews.view(ann, public_id).phase is Phase.FINISHED
    assert counted(services)


def test_removed_answers_are_graded_searched_shared_and_given_out_no_more(
    services: Services, clock: SlowClock, boss: Viewer
) -> None:
    ann = learner(services, "ann", "Tea")
    services.people.share_transcripts(ann, True)
    public_id = hold(services, ann)
    link = services.share_links.create(ann, public_id, 90)
    assert len(list(examples(services.database))) == 1
    set_retention(services.people, boss, 1, 1)
    later(clock, 3)
    assert services.retention.sweep() == 1
    assert list(examples(services.database)) == []
    assert not open_interview(services.database, services.interviews, boss, public_id, clock()).words
    assert link
    assert services.share_links.of(ann, public_id) == []
    for again in (
        lambda: services.regrading.again(boss, public_id),
        lambda: services.second_grades.give(boss, public_id, 1, 9, "Well put."),
    ):
        with pytest.raises(ServiceError):
            again()
    with services.database.read() as session:
        assert len(session.scalars(select(GradeRow)).all()) == 1
        assert session.scalars(select(LearnerCount.n)).all() == [1]


def test_a_dispute_that_nobody_looked_at_is_closed_with_the_reason(
    services: Services, clock: SlowClock, boss: Viewer
) -> None:
    ann = learner(services, "ann", "Tea")
    services.flags.flag(ann, hold(services, ann), 1, FlagKind.SCORE, "It was right.")
    set_retention(services.people, boss, 1, 1)
    later(clock, 3)
    services.retention.sweep()
    with services.database.read() as session:
        flag = session.scalars(select(Flag)).one()
    assert flag.closed_at is not None
    assert (flag.words, flag.note) == ("", "The words of this interview were removed before anybody looked at this.")


def test_only_administrators_set_days_and_only_sensible_ones(services: Services, boss: Viewer) -> None:
    theo = viewer_from(services.people.add("theo@example.org", "Theo", "manager", cohort="Spring", programme="Tea"))
    with pytest.raises(ValueError, match="Only an administrator"):
        set_retention(services.people, theo, 1, 30)
    for wrong in (-1, 3651):
        with pytest.raises(ValueError, match="1 to 3,650 days"):
            set_retention(services.people, boss, 1, wrong)
    with pytest.raises(ValueError, match="could not be found"):
        set_retention(services.people, boss, 99, 30)


def test_learners_are_told_the_terms_of_their_programmes(services: Services, boss: Viewer) -> None:
    ann = learner(services, "ann", "Tea")
    assert terms_of(services.database, ann) == [OwnTerms("Tea", False, 0)]
    set_retention(services.people, boss, 1, DAYS)
    assert terms_of(services.database, ann) == [OwnTerms("Tea", False, DAYS)]
    assert terms_of(services.database, boss.id) == []


def test_a_grade_without_words_is_still_a_grade() -> None:
    grade = Grade(
        7, None, "openai", "m", "d",
        criteria=(Criterion("clarity", 3, "said so", "a quote"),),
        points=(PointFound("tannins", "met", "a quote"),),
        errors=(("a quote", "right"),),
        feedback=Feedback("a", "b", "c", "d", "e"),
        flags=("injection",),
    )  # fmt: skip
    row = new_row(Turn(id=1), grade, source="openai", person_id=None, now=dt.datetime.now(dt.UTC))
    row.detail = without_words(row.detail)
    left = grade_from_row(row)
    assert left.criteria == (Criterion("clarity", 3, "", ""),)
    assert left.points == (PointFound("tannins", "met", ""),)
    assert (left.errors, left.feedback, left.flags) == ((), Feedback("", "", ""), ("injection",))
