"""Files of JSON Lines: read with the number of each line, written whole or not at all."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from core.files import new_file


def read_jsonl(path: Path) -> Iterator[tuple[int, Any]]:
    """(line number, value) of each line that is not blank; ValueError with a sentence where there is none to be had."""
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise ValueError(f"There is no file {path}.") from None
    except (OSError, UnicodeDecodeError):
        raise ValueError(f"{path} can't be read as UTF-8 text.") from None
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except json.JSONDecodeError as error:
                raise ValueError(f"{path}, line {number}: not JSON ({error.msg}).") from None
            except (ValueError, RecursionError):  # a number of thousands of digits, or brackets thousands deep
                raise ValueError(f"{path}, line {number}: this JSON is too large to read.") from None


def write_lines(path: Path, lines: Iterable[str]) -> int:
    """Writes the lines, which end in newlines, and returns how many; ValueError when the file can't be written."""
    count = 0
    with new_file(path) as file:
        for line in lines:
            file.write(line.encode())
            count += 1
    return count
