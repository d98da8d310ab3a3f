"""Tables as files: whoever wrote what is in them, opening them does nothing."""

import csv
import datetime as dt
import io
import zipfile
from xml.etree import ElementTree

import pandas as pd
import pytest

from core.analytics.exports import EXCEL_ROWS, csv_lines, frame_as_csv, frame_as_excel, write_excel

HOSTILE = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", " =1", "＝1", "\r\n=1"]
SHEET = "xl/worksheets/sheet1.xml"


def cells(content: bytes) -> list[list[str]]:
    """The rows of a CSV file."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def sheet(content: bytes) -> tuple[ElementTree.Element, str]:
    """The only sheet of an Excel file, and all of its parts as one text."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        whole = "".join(book.read(name).decode() for name in book.namelist())
        return ElementTree.fromstring(book.read(SHEET)), whole  # noqa: S314 our own file


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_is_a_formula_is_text(name: str) -> None:
    frame = pd.DataFrame({"Learner": [name]})
    (_, (cell,)) = cells(frame_as_csv(frame))
    assert cell.startswith("'")
    assert cell[1:].strip() == name.strip()
    found, _ = sheet(frame_as_excel(frame))
    assert not [node for node in found.iter() if node.tag.endswith("}f")]


def test_a_heading_that_is_a_formula_is_text_too() -> None:
    assert cells(frame_as_csv(pd.DataFrame({"=1+1": [1]}))) == [["'=1+1"], ["1"]]


def test_markup_and_addresses_stay_as_they_were_written_and_lead_nowhere() -> None:
    names = ["<script>alert(1)</script>", "![x](http://example.org/x.png)", "http://example.org", 'Ann, "A" O\'Hara']
    frame = pd.DataFrame({"Learner": names})
    assert [row[0] for row in cells(frame_as_csv(frame))[1:]] == names
    found, whole = sheet(frame_as_excel(frame))
    texts = [node.text for node in found.iter() if node.tag.endswith("}t")]
    assert texts[1:] == names
    assert "hyperlink" not in whole


def test_marks_that_turn_the_direction_and_control_characters_are_taken_out_of_words() -> None:
    frame = pd.DataFrame({"Learner": ["\u202eexe.nnA\u200f \x07\x00Bo\nb", "می\u200cخواهم"]})
    assert cells(frame_as_csv(frame))[1:] == [["exe.nnA Bo b"], ["می\u200cخواهم"]]
    assert "\u202e" not in sheet(frame_as_excel(frame))[1]


def test_numbers_times_and_what_is_unknown_are_themselves() -> None:
    at = dt.datetime(2026, 3, 4, 12, 30, 5, 999, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    rows = [(-1.5, 7, at, dt.date(2026, 3, 2), True), (float("nan"), None, pd.NaT, None, False)]
    lines = list(csv_lines(["a", "b", "c", "d", "e"], rows))
    assert lines[1:] == ["-1.5,7,2026-03-04 10:30:05,2026-03-02,yes\r\n", ",,,,no\r\n"]
    file = io.BytesIO()
    assert write_excel(file, ["a", "b", "c", "d", "e"], rows) == 2
    values = [node.text for node in sheet(file.getvalue())[0].iter() if node.tag.endswith("}v")]
    assert values[:2] == ["-1.5", "7"]
    assert float(values[2] or 0) == pytest.approx(46085.4375 + 5 / 86400)


def test_pandas_own_numbers_and_lists_are_written_too() -> None:
    frame = pd.DataFrame({"n": pd.array([3], dtype="int64"), "why": [["Idle.", "=Falling."]]})
    assert cells(frame_as_csv(frame))[1] == ["3", "Idle. =Falling."]


def test_an_answer_longer_than_a_cell_of_excel_is_cut_there_and_whole_in_csv() -> None:
    frame = pd.DataFrame({"a": ["é" * 40_000]})
    assert len(cells(frame_as_csv(frame))[1][0]) == 40_000
    found, _ = sheet(frame_as_excel(frame))
    assert max(len(node.text or "") for node in found.iter() if node.tag.endswith("}t")) == 32_767


def test_a_table_too_long_for_excel_is_refused_in_one_sentence() -> None:
    with pytest.raises(ValueError, match="choose CSV"):
        write_excel(io.BytesIO(), ["n"], ((n,) for n in range(EXCEL_ROWS + 1)))


def test_an_empty_table_has_its_headings() -> None:
    frame = pd.DataFrame({"a": [], "b": []})
    assert cells(frame_as_csv(frame)) == [["a", "b"]]
    assert sheet(frame_as_excel(frame))[1]
