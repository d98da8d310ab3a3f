"""Files of JSON Lines: read line by line, written whole or not at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.jsonl import read_jsonl, write_lines


def test_lines_are_written_for_their_owner_alone_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    assert write_lines(path, ['{"said": "🫖\\u2028"}\n', "[1]\n"]) == 2
    assert list(read_jsonl(path)) == [(1, {"said": "🫖\u2028"}), (2, [1])]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_stays_as_it_was_when_its_lines_break_off(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text("before\n")

    def lines() -> Iterator[str]:
        yield "half\n"
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        write_lines(path, lines())
    assert path.read_text() == "before\n"
    assert list(tmp_path.iterdir()) == [path]


def test_where_nothing_can_be_written_one_sentence_says_so(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere" / "out.jsonl"):
        with pytest.raises(ValueError, match="written"):
            write_lines(path, ["[]\n"])


def test_a_line_that_is_not_json_is_named(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text('[]\n\n{"half": \n')
    with pytest.raises(ValueError, match=r"in\.jsonl, line 3: not JSON"):
        list(read_jsonl(path))


def test_a_file_that_is_not_there_or_not_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="There is no file"):
        list(read_jsonl(tmp_path / "none.jsonl"))
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match="can't be read as UTF-8 text"):
        list(read_jsonl(tmp_path / "bytes"))
