"""Where a learner stands among the others of their cohort, where the programme shows it."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from core.storage.count_tables import LearnerTrend
from core.storage.facts import number_of
from core.storage.tables import Cohort, Enrolment, Person, Programme

ENOUGH_OTHERS = 10
"""Others with an estimate before a place is told: among fewer it says little, and much of single people."""


@dataclass(frozen=True, slots=True)
class Placing:
    """How many of the cohort's others, of those with an estimate in a domain, stand below the learner."""

    domain: str
    cohort: str
    others: int
    below: int


def placings(session: Session, learner_id: int, source: str) -> list[Placing]:
    """The learner's places by domain and cohort, by ability adjusted for difficulty, as one engine's grades tell it.

    Abilities are means over all interviews, the surer an estimate the more it weighs. Only cohorts of
    programmes that show it, and only among enough others.
    """
    mine, other, enrolled = aliased(LearnerTrend), aliased(LearnerTrend), aliased(Enrolment)
    own, theirs = mine.weight_y / mine.weight, other.weight_y / other.weight
    below = number_of(theirs < own)
    query = (
        select(mine.domain, Cohort.name, func.count(), below)
        .select_from(Enrolment)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .join(mine, (mine.learner_id == learner_id) & (mine.source == source) & (mine.weight > 0))
        .join(enrolled, (enrolled.cohort_id == Cohort.id) & (enrolled.person_id != learner_id))
        .join(Person, (Person.id == enrolled.person_id) & (Person.role == "learner"))
        .join(
            other,
            (other.learner_id == enrolled.person_id)
            & (other.domain == mine.domain)
            & (other.source == source)
            & (other.weight > 0),
        )
        .where(Enrolment.person_id == learner_id, Programme.shows_places)
        .group_by(mine.domain, Cohort.id, Cohort.name)
        .having(func.count() >= ENOUGH_OTHERS)
        .order_by(mine.domain, Cohort.name)
    )
    return [Placing(domain, cohort, n, below) for domain, cohort, n, below in session.execute(query)]
