"""What a learner can know about who sees their data: who looked, and when."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select

from core.storage.database import Database
from core.storage.tables import Audit, Cohort, Enrolment, Person, Programme
from core.storage.usage_tables import ProgrammeTerms

ACTIONS = {
    "interview.read": "read one of your interviews",
    "recording.played": "listened to a recording of yours",
    "grade.again": "had an answer of yours graded again",
    "grade.given": "graded an answer of yours",
    "grade.withdrawn": "withdrew their grade of an answer of yours",
    "scores.exported": "took your scores with your name in a file",
    "learner.called": "noted that they called you",
    "person.added": "added you to Viva",
    "password.set": "set your password",
    "person.role": "changed your role",
    "person.cohorts": "changed your cohorts",
    "person.disabled": "closed your account",
    "person.enabled": "opened your account again",
    "roster.added": "added you by a roster",
    "roster.changed": "changed your entry by a roster",
}
"""What others do to a person's data, in words; what isn't named here is shown by its own name."""
NOBODY = "Viva's operator"


@dataclass(frozen=True, slots=True)
class Look:
    """Something that somebody else did with a person's data; `interview` is the public id of the one concerned."""

    at: dt.datetime
    who: str
    what: str
    interview: str | None


@dataclass(frozen=True, slots=True)
class OwnTerms:
    """What a programme does with its learners' words: shares them with its managers, keeps them for so many days (0: for good)."""

    programme: str
    shares: bool
    retention_days: int


def terms_of(database: Database, person_id: int) -> list[OwnTerms]:
    """The terms of the programmes that this person is in, by name."""
    query = (
        select(Programme.name, Programme.share_transcripts, func.coalesce(ProgrammeTerms.retention_days, 0))
        .join(Cohort, Cohort.programme_id == Programme.id)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .outerjoin(ProgrammeTerms, ProgrammeTerms.programme_id == Programme.id)
        .where(Enrolment.person_id == person_id)
        .distinct()
        .order_by(Programme.name)
    )
    with database.read() as session:
        return [OwnTerms(*row) for row in session.execute(query)]


def looks_at(database: Database, person_id: int, limit: int = 100) -> list[Look]:
    """What others did with this person's data, the latest first."""
    query = (
        select(Audit, Person.name)
        .outerjoin(Person, Person.id == Audit.actor_id)
        .where(Audit.subject_id == person_id, Audit.actor_id.is_distinct_from(person_id))
        .order_by(Audit.at.desc(), Audit.id.desc())
        .limit(limit)
    )
    with database.read() as session:
        return [
            Look(
                row.at,
                name or NOBODY,
                ACTIONS.get(row.action, row.action.replace(".", " ")),
                row.detail.get("interview"),
            )
            for row, name in session.execute(query)
        ]
