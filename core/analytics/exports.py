"""Tables as CSV and Excel files in which nothing that somebody wrote can act: no formula, no link, no hidden direction."""

import csv
import datetime as dt
import io
import math
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any, BinaryIO

import pandas as pd

EXCEL_ROWS = 100_000
"""The most rows of an Excel file: from there on spreadsheets are slow, and CSV has no end."""
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CELL = 32_767
"""Characters that Excel takes in a cell."""
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""What the text of a cell begins with that spreadsheets work out when they open a CSV file."""
JOINERS = "\u200c\u200d"
NARROWEST, WIDEST = 10, 48
"""Columns, in characters."""
AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}

Rows = Iterable[Sequence[Any]]


def csv_lines(columns: Sequence[str], rows: Rows) -> Iterator[str]:
    """The table as lines of CSV, the header first; times are in UTC. A byte-order mark tells Excel that it is UTF-8."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([_harmless(name) for name in columns])
    yield buffer.getvalue()
    for row in rows:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([_in_csv(value) for value in row])
        yield buffer.getvalue()


def write_excel(file: BinaryIO, columns: Sequence[str], rows: Rows) -> int:
    """Writes the table as an Excel file and returns the number of its rows; ValueError when there are more than EXCEL_ROWS."""
    import xlsxwriter  # only where such a file is wanted: it takes a moment

    # Row by row into files of its own, so that a large table isn't held in memory; closing takes those away again.
    with closing(xlsxwriter.Workbook(file, {**AS_TEXT, "constant_memory": True})) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        formats = {dt.datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
                   dt.date: book.add_format({"num_format": "yyyy-mm-dd"})}  # fmt: skip
        widths = [len(name) + 2 for name in columns]
        for place, name in enumerate(columns):
            sheet.write_string(0, place, _clean(name), bold)
        count = 0
        for count, row in enumerate(rows, 1):
            if count > EXCEL_ROWS:
                raise ValueError(f"An Excel file takes {EXCEL_ROWS:,} rows, and there are more: choose CSV instead.")
            for place, value in enumerate(map(_in_excel, row)):
                if isinstance(value, str):
                    sheet.write_string(count, place, value)
                    widths[place] = max(widths[place], len(value) + 2)
                elif isinstance(value, dt.date):
                    sheet.write_datetime(count, place, value, formats[type(value)])
                    widths[place] = max(widths[place], 20)
                elif value is not None:
                    sheet.write_number(count, place, value)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, min(max(width, NARROWEST), WIDEST))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, count, max(len(columns) - 1, 0))
    return count


def frame_as_csv(frame: pd.DataFrame) -> bytes:
    """The frame's columns as a CSV file, without its index."""
    return "".join(csv_lines(*_table(frame))).encode()


def frame_as_excel(frame: pd.DataFrame) -> bytes:
    """The frame's columns as an Excel file, without its index."""
    file = io.BytesIO()
    write_excel(file, *_table(frame))
    return file.getvalue()


def _table(frame: pd.DataFrame) -> tuple[list[str], list[list[Any]]]:
    return [str(name) for name in frame.columns], frame.to_dict("split")["data"]  # boxed as Python's own numbers


def _in_csv(value: Any) -> Any:
    value = _simple(value)
    if isinstance(value, str):
        return _harmless(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "seconds")
    return value


def _in_excel(value: Any) -> Any:
    value = _simple(value)
    return _clean(value)[:CELL] if isinstance(value, str) else value


def _simple(value: Any) -> Any:
    """Text, a number, a date, a time in UTC without its zone, or None where nothing is known."""
    if value is None or value is pd.NaT or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        plain = value.to_pydatetime(warn=False) if isinstance(value, pd.Timestamp) else value
        return plain.astimezone(dt.UTC).replace(tzinfo=None) if plain.tzinfo else plain
    if isinstance(value, (str, int, float, dt.date)):
        return value
    return " ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _harmless(text: str) -> str:
    """The text, marked as one where a spreadsheet would work it out."""
    cleaned = _clean(text)
    return f"'{cleaned}" if cleaned.lstrip().startswith(FORMULA) else cleaned


def _clean(text: str) -> str:
    """The text on one line, without control characters and marks that turn the direction of what follows."""
    if text.isprintable():
        return text
    line = " ".join(text.split())
    return "".join(letter for letter in line if letter in JOINERS or not unicodedata.category(letter).startswith("C"))
