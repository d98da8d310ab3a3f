"""Rosters: a CSV file with the columns email, name, cohort and, if wanted, programme and role."""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts.names import clean_email, clean_name, clean_role, clean_title, shown
from core.accounts.people import People, enrol, find_or_add_cohort, insert_person, note
from core.accounts.permissions import Role
from core.storage.tables import Person

COLUMNS = ("email", "name", "cohort", "programme", "role")
LARGEST = 5_000_000
MOST_ROWS = 20_000
BATCH = 200


@dataclass(slots=True)
class RosterReport:
    """What an import did: people added, enrolled or renamed (`changed`), and a sentence for each row left out."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """The whole in a sentence or two."""
        left_out = f", {len(self.faults)} left out" if self.faults else ""
        counts = f"{self.added} added, {self.changed} changed, {self.unchanged} as they were{left_out}."
        return " ".join([counts, *self.notes])


@dataclass(frozen=True, slots=True)
class Row:
    """One checked row of the file."""

    line: int
    email: str
    name: str
    named: bool
    cohort: str | None
    programme: str | None
    role: Role | None


def import_roster(people: People, content: bytes | str) -> RosterReport:
    """Adds the people of the file and puts them into their cohorts; again, it changes nothing.

    Rows that can't be used are left out, each with a sentence in `faults`; a file that can't be used is a ValueError.
    """
    report = RosterReport()
    text = content.removeprefix("\ufeff") if isinstance(content, str) else _decoded(content, report)
    rows = list(_rows(text, report))
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        outcomes = people.database.run(lambda session, batch=batch: [_put(session, people, row) for row in batch])  # type: ignore[misc]
        for outcome in outcomes:
            _count(report, outcome)
    report.faults.sort(key=lambda fault: int(fault.removeprefix("Line ").partition(":")[0]))
    return report


def _count(report: RosterReport, outcome: str) -> None:
    if outcome in ("added", "changed", "unchanged"):
        setattr(report, outcome, getattr(report, outcome) + 1)
    else:
        report.faults.append(outcome)


def _decoded(content: bytes, report: RosterReport) -> str:
    """UTF-8, or UTF-16 with its mark; else Windows-1252, which is said. A ValueError for what is no text."""
    if len(content) > LARGEST:
        raise ValueError(
            f"The file is larger than {LARGEST // 1_000_000} MB; a roster is a CSV file with a line for each person."
        )
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif b"\0" in content:
        raise ValueError("The file isn't CSV text that Viva can read; save it as “CSV UTF-8” and try again.")
    else:
        encoding = "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("cp1252") if encoding != "utf-16" else ""
    except UnicodeDecodeError:
        text = ""
    if not text:
        raise ValueError("The file's letters can't be read; save it as “CSV UTF-8” and try again.")
    report.notes.append("The file isn't UTF-8 and was read as Windows-1252: check the letters with accents.")
    return text


def _rows(text: str, report: RosterReport) -> Iterator[Row]:
    header, _, _ = text.lstrip().partition("\n")
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text.lstrip(), newline=""), delimiter=delimiter)
    try:
        columns = [cell.strip().lower() for cell in next(reader, [])]
        if "email" not in columns:
            raise ValueError(
                f"The first line must name the columns {', '.join(COLUMNS[:3])} (and may name programme and role)."
            )
        if unknown := [name for name in columns if name and name not in COLUMNS]:
            raise ValueError(f"“{shown(unknown[0])}” isn't a column of a roster; the columns are {', '.join(COLUMNS)}.")
        for number, cells in enumerate(reader, 1):
            if number > MOST_ROWS:
                raise ValueError(f"The file has more than {MOST_ROWS} rows; split it.")
            if any(cell.strip() for cell in cells):
                try:
                    yield _row(reader.line_num, columns, cells)
                except ValueError as error:
                    report.faults.append(f"Line {reader.line_num}: {error}")
    except csv.Error as error:
        raise ValueError(f"Line {reader.line_num} isn't CSV: {error}.") from None


def _row(line: int, columns: list[str], cells: list[str]) -> Row:
    if len(cells) > len(columns):
        raise ValueError("the row has more cells than the first line has columns; put quotes round a cell with commas.")
    values = {name: cell.strip() for name, cell in zip(columns, cells, strict=False)}
    email = clean_email(values.get("email", ""))
    role = clean_role(values["role"]) if values.get("role") else None
    if role is Role.ADMIN:
        raise ValueError("administrators aren't made by a roster; add them one by one.")
    return Row(
        line=line,
        email=email,
        name=clean_name(values.get("name"), email),
        named=bool(values.get("name")),
        cohort=clean_title(values["cohort"], "cohort") if values.get("cohort") else None,
        programme=clean_title(values["programme"], "programme") if values.get("programme") else None,
        role=role,
    )


def _put(session: Session, people: People, row: Row) -> str:
    """added, changed or unchanged; or the sentence for a row that can't be used."""
    now = people.now()
    try:
        person = session.scalar(select(Person).filter_by(email=row.email))
        _refuse_conflicts(person, row)
        cohort = find_or_add_cohort(session, now, row.programme, row.cohort) if row.cohort else None
    except ValueError as error:
        return f"Line {row.line}: {error}"
    outcome = "unchanged"
    if person is None:
        person = insert_person(session, now, row.email, row.name, row.role or Role.LEARNER)
        outcome = "added"
    elif row.named and person.name != row.name and person.password_hash is None:
        person.name = row.name
        outcome = "changed"
    if cohort is not None and enrol(session, now, person.id, cohort.id) and outcome == "unchanged":
        outcome = "changed"
    if outcome != "unchanged":
        note(session, now, None, person.id, f"roster.{outcome}")
    return outcome


def _refuse_conflicts(person: Person | None, row: Row) -> None:
    if person is None:
        return
    if person.is_sample:
        raise ValueError(f"{row.email} is a sample person; real people and sample people don't mix.")
    if row.role is not None and person.role != row.role.value:
        raise ValueError(f"{row.email} is a {person.role} already; a roster doesn't change roles.")
