"""The files of recordings: one folder that only Viva's own account reads, names that say nothing, never half a file."""

import hashlib
import logging
import os
import secrets
import threading
import time
from collections.abc import Collection, Iterable
from pathlib import Path

from sqlalchemy import URL

log = logging.getLogger(__name__)

GRACE = 600.0
"""Seconds for which a file may be there before its row is."""
MOST_IN_MEMORY = 8
"""Recordings that could not be written and are held in memory; beyond that the oldest is given up."""


def folder_for(data_dir: Path, url: URL) -> Path:
    """The folder for recordings that the database at `url` knows: its own, since what no row names is removed."""
    place = f"{url.host}:{url.port}/{url.database}"
    return data_dir / "recordings" / hashlib.sha256(place.encode()).hexdigest()[:12]


class RecordingFiles:
    """Stores recordings in `folder`; what can't be written there is held in memory, until this process ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._unwritten: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def store(self, data: bytes) -> tuple[str, str]:
        """The name of the new file, and why it is in memory only; the reason is empty where it was written."""
        name = secrets.token_hex(16)
        try:
            self._write(name, data)
        except OSError as error:
            log.warning("a recording could not be written to %s: %s", self._folder, error.strerror)
            with self._lock:
                self._unwritten[name] = data
                while len(self._unwritten) > MOST_IN_MEMORY:
                    del self._unwritten[next(iter(self._unwritten))]
            return name, error.strerror or "unknown fault"
        return name, ""

    def read(self, name: str) -> bytes | None:
        """What was recorded; None where it isn't here (any more)."""
        with self._lock:
            if name in self._unwritten:
                return self._unwritten[name]
        try:
            return self.path(name).read_bytes()
        except OSError:
            return None

    def has(self, name: str) -> bool:
        """Whether the recording is here."""
        with self._lock:
            unwritten = name in self._unwritten
        return unwritten or self.path(name).is_file()

    def path(self, name: str) -> Path:
        """Where the file is, if it was written."""
        return self._folder / name

    def remove(self, names: Iterable[str]) -> None:
        """Remove these files; one that can't be removed now is left to the next sweep."""
        for name in names:
            with self._lock:
                self._unwritten.pop(name, None)
            try:
                self.path(name).unlink(missing_ok=True)
            except OSError as error:
                log.warning("a recording could not be removed: %s", error.strerror)

    def strays(self, wanted: Collection[str]) -> list[str]:
        """The names of files that are not wanted and not quite new, halves of files that a crash left among them."""
        try:
            found = [(entry.name, entry.stat().st_mtime) for entry in os.scandir(self._folder)]
        except OSError:
            return []
        oldest = time.time() - GRACE
        return [name for name, written in found if name not in wanted and written < oldest]

    def _write(self, name: str, data: bytes) -> None:
        """Written beside its place and put there whole, so that no crash leaves half a recording under its name."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        half = self._folder / f"{name}.part"
        try:
            with os.fdopen(os.open(half, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            half.replace(self.path(name))
        except OSError:
            half.unlink(missing_ok=True)
            raise
