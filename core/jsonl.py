"""Files of JSON Lines: read with the number of each line, written whole or not at all."""

import json
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any


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
    """Writes the lines, which end in newlines, and returns how many; ValueError when the file can't be written.

    Only its owner can read the file, and whatever goes wrong, one that was there stays as it was.
    """
    if path.exists() and not path.is_file():
        raise ValueError(f"{path} is not a file that could be written.")
    count = 0
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".viva-") as folder:
            new = Path(folder) / path.name
            new.touch(0o600)
            with new.open("w", encoding="utf-8") as file:
                for line in lines:
                    file.write(line)
                    count += 1
            new.replace(path)
    except OSError as error:
        raise ValueError(f"{path} can't be written: {error.strerror}.") from None
    return count
