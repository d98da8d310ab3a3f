"""Files that are written whole or not at all."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write to, which takes the place of `path` at the end of the block; ValueError when it can't be written.

    Only its owner can read the file, and whatever goes wrong, one that was there stays as it was.
    """
    if path.exists() and not path.is_file():
        raise ValueError(f"{path} is not a file that could be written.")
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".viva-") as folder:
            new = Path(folder) / path.name
            new.touch(0o600)
            with new.open("wb") as file:
                yield file
            new.replace(path)
    except OSError as error:
        raise ValueError(f"{path} can't be written: {error.strerror}.") from None
