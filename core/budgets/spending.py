"""What programmes used in a month, for those who look after them, and the budgets that administrators set."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts.people import People, note
from core.accounts.permissions import Role, Viewer
from core.accounts.places import programmes
from core.budgets.ledger import given_by
from core.budgets.limits import Given, Limit
from core.engines.metering import Usage
from core.storage.tables import Programme
from core.storage.usage_tables import NO_PROGRAMME, ProgrammeTerms, ProgrammeUsage

OUTSIDE = "Outside programmes"
"""Learners without a cohort, the rubric bench, and questions that administrators try."""
MOST = 2_000_000_000
"""The largest limit that the tables can hold."""


@dataclass(frozen=True, slots=True)
class Spending:
    """What a programme used in a month, by kind of call; of `estimated` calls the server told no tokens."""

    programme_id: int
    name: str
    used: Mapping[str, Usage]
    estimated: int
    given: Given
    retention_days: int

    @property
    def total(self) -> Usage:
        """All kinds together."""
        each = self.used.values()
        return Usage(
            sum(one.calls for one in each),
            sum(one.tokens_in for one in each),
            sum(one.tokens_out for one in each),
            sum(one.seconds for one in each),
        )

    def share_of(self, limit: Limit) -> float:
        """How much of the scarcest part of the limit is used, from 0 up; 1 when it is spent."""
        total = self.total
        parts = (
            (total.calls, limit.calls),
            (total.tokens_in + total.tokens_out, limit.tokens),
            (total.seconds, limit.seconds),
        )
        return max(used / most if most else 1.0 for used, most in parts)


def spending(people: People, viewer: Viewer, month: dt.date) -> list[Spending]:
    """The month of each of the viewer's programmes, by name; for administrators also what belongs to none."""
    names = {entry.id: entry.name for entry in programmes(people, viewer)}
    if viewer.role is Role.ADMIN:
        names[NO_PROGRAMME] = OUTSIDE
    used: dict[int, dict[str, Usage]] = {number: {} for number in names}
    estimated = dict.fromkeys(names, 0)
    rows = select(ProgrammeUsage).where(
        ProgrammeUsage.programme_id.in_(names), ProgrammeUsage.month == month.replace(day=1)
    )
    with people.database.read() as session:
        for row in session.scalars(rows):
            used[row.programme_id][row.kind] = Usage(row.calls, row.tokens_in, row.tokens_out, row.seconds)
            estimated[row.programme_id] += row.estimated
        terms = {row.programme_id: row for row in session.scalars(select(ProgrammeTerms))}
    return [
        Spending(number, name, used[number], estimated[number], given_by(terms.get(number)), _days(terms.get(number)))
        for number, name in names.items()
    ]


def set_budget(people: People, viewer: Viewer, programme_id: int, given: Given) -> None:
    """The programme's own limits, None where Viva's settings hold; an administrator's to set."""
    if viewer.role is not Role.ADMIN:
        raise ValueError("Only an administrator sets budgets.")
    numbers = asdict(given)
    if any(number is not None and not 0 <= number <= MOST for number in numbers.values()):
        raise ValueError(f"A budget is a whole number from 0 to {MOST:,}, or empty.")

    def work(session: Session) -> None:
        terms = terms_row(session, programme_id)
        for name, number in numbers.items():
            setattr(terms, name, number)
        set_ = {name: number for name, number in numbers.items() if number is not None}
        note(session, people.now(), viewer.id, None, "programme.budget", programme=programme_id, **set_)

    people.database.run(work)


def _days(terms: ProgrammeTerms | None) -> int:
    return terms.retention_days if terms else 0


def terms_row(session: Session, programme_id: int) -> ProgrammeTerms:
    """The row of what is set for a programme, made if need be."""
    if session.get(Programme, programme_id) is None:
        raise ValueError("That programme could not be found.")
    found = session.get(ProgrammeTerms, programme_id)
    if found is None:
        found = ProgrammeTerms(programme_id=programme_id)
        session.add(found)
        session.flush()
    return found
