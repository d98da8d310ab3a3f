"""Which cohort a person's work belongs to."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute

from core.storage.tables import Cohort, Enrolment


def of_newest_cohort(column: InstrumentedAttribute[int], person_id: int) -> Select[Any]:
    """A column of the cohort that the person joined last; no row for who is in none."""
    return (
        select(column)
        .join_from(Enrolment, Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.person_id == person_id)
        .order_by(Enrolment.since.desc(), Enrolment.cohort_id.desc())
        .limit(1)
    )
