"""Programmes and cohorts: made, renamed and merged by administrators, who also say whether a programme shares transcripts.

Every refusal is a ValueError with one sentence.
"""

from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core.accounts.names import clean_title, shown
from core.accounts.people import CohortEntry, People, find_or_add_cohort, note
from core.accounts.permissions import Role, Viewer
from core.storage import moves
from core.storage.ids import week_of
from core.storage.tables import Cohort, Enrolment, Programme
from core.storage.upserts import add
from core.storage.usage_tables import ProgrammeTerms, ProgrammeUsage


@dataclass(frozen=True, slots=True)
class ProgrammeEntry:
    """A programme as lists show it.

    `shares` when its managers may read what learners said, `shows_places` when learners see where they stand in a cohort.
    """

    id: int
    name: str
    shares: bool
    shows_places: bool
    cohorts: int
    is_sample: bool


def programmes(people: People, viewer: Viewer) -> list[ProgrammeEntry]:
    """The viewer's programmes by name: all of them for an administrator, those of their cohorts for a manager."""
    _expect_staff(viewer)
    belongs = Cohort.programme_id == Programme.id
    if viewer.role is not Role.ADMIN:
        belongs &= Cohort.id.in_(select(Enrolment.cohort_id).where(Enrolment.person_id == viewer.id))
    number = select(func.count(Cohort.id)).where(belongs).scalar_subquery()
    query = select(Programme, number).order_by(Programme.name)
    if viewer.role is not Role.ADMIN:
        query = query.where(number > 0)
    with people.database.read() as session:
        return [
            ProgrammeEntry(row.id, row.name, row.share_transcripts, row.shows_places, number, row.is_sample)
            for row, number in session.execute(query)
        ]


def add_cohort(people: People, viewer: Viewer, programme: str, name: str) -> CohortEntry:
    """A new cohort in the programme of that name, which is made if need be."""
    _expect_admin(viewer)
    programme, name = clean_title(programme, "programme"), clean_title(name, "cohort")

    def work(session: Session) -> None:
        known = select(Cohort.id).join(Programme, Programme.id == Cohort.programme_id)
        if session.scalar(known.where(Programme.name == programme, Cohort.name == name)) is not None:
            raise ValueError(f"“{shown(programme)}” has a cohort “{shown(name)}” already.")
        known_as_sample = session.scalar(select(Programme.is_sample).filter_by(name=programme))
        is_sample = viewer.is_sample if known_as_sample is None else known_as_sample
        cohort = find_or_add_cohort(session, people.now(), programme, name, is_sample=is_sample)
        note(session, people.now(), viewer.id, None, "cohort.added", cohort=cohort.id)

    people.database.run(work)
    return next(cohort for cohort in people.cohorts_of(viewer) if (cohort.programme, cohort.name) == (programme, name))


def rename_cohort(people: People, viewer: Viewer, cohort_id: int, name: str) -> None:
    """Another name for a cohort, which no other of its programme has."""
    _expect_admin(viewer)
    name = clean_title(name, "cohort")

    def work(session: Session) -> None:
        cohort = _cohort(session, cohort_id)
        same = select(Cohort.id).filter_by(programme_id=cohort.programme_id, name=name)
        if session.scalar(same.where(Cohort.id != cohort_id)) is not None:
            raise ValueError(f"Its programme has a cohort “{shown(name)}” already; merge the two instead.")
        cohort.name = name
        note(session, people.now(), viewer.id, None, "cohort.renamed", cohort=cohort_id)

    people.database.run(work)


def rename_programme(people: People, viewer: Viewer, programme_id: int, name: str) -> None:
    """Another name for a programme, which no other has."""
    _expect_admin(viewer)
    name = clean_title(name, "programme")

    def work(session: Session) -> None:
        programme = _programme(session, programme_id)
        if session.scalar(select(Programme.id).where(Programme.name == name, Programme.id != programme_id)) is not None:
            raise ValueError(f"There is a programme “{shown(name)}” already.")
        programme.name = name
        note(session, people.now(), viewer.id, None, "programme.renamed", programme=programme_id)

    people.database.run(work)


def set_sharing(people: People, viewer: Viewer, programme_id: int, share: bool) -> None:
    """Whether the programme's managers may read what its learners said, also where a learner didn't agree to it alone."""
    action = "programme.shares" if share else "programme.keeps"
    _set(people, viewer, programme_id, "share_transcripts", share, action)


def set_places(people: People, viewer: Viewer, programme_id: int, show: bool) -> None:
    """Whether the programme's learners see where they stand among their cohort, without names."""
    action = "programme.shows_places" if show else "programme.hides_places"
    _set(people, viewer, programme_id, "shows_places", show, action)


def _set(people: People, viewer: Viewer, programme_id: int, name: str, value: bool, action: str) -> None:
    _expect_admin(viewer)

    def work(session: Session) -> None:
        setattr(_programme(session, programme_id), name, value)
        note(session, people.now(), viewer.id, None, action, programme=programme_id)

    people.database.run(work)


def merge_cohorts(people: People, viewer: Viewer, source_id: int, target_id: int) -> None:
    """Learners, managers, interviews, assignments and rules of one cohort go over into another of its programme."""
    _expect_admin(viewer)
    if source_id == target_id:
        raise ValueError("Choose two different cohorts.")

    def work(session: Session) -> None:
        source, target = _cohort(session, source_id), _cohort(session, target_id)
        if source.programme_id != target.programme_id:
            raise ValueError("Only cohorts of one programme can be merged: each programme has rules of its own.")
        moves.merge_cohorts(session, source_id, target_id, week_of(people.now()))
        note(session, people.now(), viewer.id, None, "cohort.merged", source=source_id, cohort=target_id)

    people.database.run(work)


def merge_programmes(people: People, viewer: Viewer, source_id: int, target_id: int) -> None:
    """The cohorts of one programme go over into another, whose rules then hold; those of one name become one cohort.

    Both must share transcripts or neither, so that nothing said in confidence is opened.
    """
    _expect_admin(viewer)
    if source_id == target_id:
        raise ValueError("Choose two different programmes.")

    def work(session: Session) -> None:
        source, target = _programme(session, source_id), _programme(session, target_id)
        if source.is_sample != target.is_sample:
            raise ValueError("Real people and sample people don't mix in a programme.")
        if source.share_transcripts != target.share_transcripts:
            raise ValueError("One of the two shares transcripts and the other doesn't; make that equal first.")
        moves.merge_programmes(session, source_id, target_id, week_of(people.now()))
        _join_usage(session, source_id, target_id)
        session.delete(_programme(session, source_id))
        note(session, people.now(), viewer.id, None, "programme.merged", source=source_id, programme=target_id)

    people.database.run(work)


def _join_usage(session: Session, source_id: int, target_id: int) -> None:
    """What the one used of its budgets, the other has used now."""
    for row in session.scalars(select(ProgrammeUsage).filter_by(programme_id=source_id)).all():
        used = {name: getattr(row, name) for name in ("calls", "tokens_in", "tokens_out", "seconds", "estimated")}
        add(session, ProgrammeUsage, {"programme_id": target_id, "month": row.month, "kind": row.kind}, used)
        session.delete(row)
    session.execute(delete(ProgrammeTerms).where(ProgrammeTerms.programme_id == source_id))


def _cohort(session: Session, cohort_id: int) -> Cohort:
    found = session.get(Cohort, cohort_id)
    if found is None:
        raise ValueError("That cohort could not be found.")
    return found


def _programme(session: Session, programme_id: int) -> Programme:
    found = session.get(Programme, programme_id)
    if found is None:
        raise ValueError("That programme could not be found.")
    return found


def _expect_admin(viewer: Viewer) -> None:
    if viewer.role is not Role.ADMIN:
        raise ValueError("Only an administrator changes programmes and cohorts.")


def _expect_staff(viewer: Viewer) -> None:
    if viewer.role not in (Role.MANAGER, Role.ADMIN):
        raise ValueError("Only managers and administrators see programmes.")
