"""The file of a roster: its encoding, its columns and its rows, each checked."""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from core.accounts.names import clean_email, clean_name, clean_role, clean_title, shown
from core.accounts.permissions import Role

COLUMNS = ("email", "name", "cohort", "programme", "role")
LARGEST = 20_000_000
MOST_ROWS = 100_000


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


def read_rows(content: bytes | str, faults: list[str], notes: list[str]) -> list[Row]:
    """The rows that can be used; the others each add a sentence to `faults`. ValueError for a file that can't be used."""
    text = content.removeprefix("\ufeff") if isinstance(content, str) else _decoded(content, notes)
    return list(_rows(text, faults))


def _decoded(content: bytes, notes: list[str]) -> str:
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
    notes.append("The file isn't UTF-8 and was read as Windows-1252: check the letters with accents.")
    return text


def _rows(text: str, faults: list[str]) -> Iterator[Row]:
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
                raise ValueError(f"The file has more than {MOST_ROWS:,} rows; split it.")
            if any(cell.strip() for cell in cells):
                try:
                    yield _row(reader.line_num, columns, cells)
                except ValueError as error:
                    faults.append(f"Line {reader.line_num}: {error}")
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
