"""Prompts and domains that administrators edit: each save is a version, and a version is put to use as a step of its own.

The files stay the default. Whatever is in use is found by all processes within CHECK_SECONDS, without a restart.
"""

import datetime as dt
import hashlib
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.accounts.people import note as audit
from core.accounts.permissions import Viewer
from core.domains import Domain, parse_domain
from core.edits import Edit
from core.engines.base import Fault, ServiceError
from core.interview.service import clean_text, refuse
from core.prompts import Prompt, PromptError, parse_prompt
from core.quality.benches import only_admins
from core.storage.database import Database
from core.storage.faults import NO_TABLES
from core.storage.tables import Person
from core.storage.text_tables import MAX_NOTE, TextInUse, TextVersion
from core.strict_yaml import MAX_BYTES, FileError, text_of

log = logging.getLogger(__name__)
T = TypeVar("T")

CHECK_SECONDS = 2.0
"""How long a process goes on with what it knows before it looks for changes: one small query."""


class Kind(StrEnum):
    PROMPT = "prompt"
    DOMAIN = "domain"


class FaultyTextError(ValueError):
    """A text that can't be used: `faults` are sentences with file and line."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Version:
    """A saved version, without its text; `used_at` is None for a draft, `author` empty when the account is erased."""

    number: int
    digest: str
    note: str
    author: str
    written_at: dt.datetime
    used_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class InUse:
    """What is in use: the number of a version, or None for the file; `since` and `by` are there once that was changed."""

    number: int | None
    since: dt.datetime | None = None
    by: str = ""


def read_text(kind: Kind, name: str, text: str) -> Prompt | Domain:
    """What the text says; raises FaultyTextError with what is wrong, as the loaders of files say it."""
    try:
        if len(text.encode()) > MAX_BYTES:
            raise FileError(f"{name}:1: the text is larger than {MAX_BYTES // 1_000_000} MB")
        return parse_prompt(name, text) if kind is Kind.PROMPT else parse_domain(name, text)
    except FileError as error:
        raise FaultyTextError(error.faults) from error
    except PromptError as error:
        raise FaultyTextError([str(error)]) from error


class Versions:
    """Saves versions, puts them to use, and tells what is in use; refusals are ServiceErrors."""

    def __init__(
        self,
        database: Database,
        folder: Path,
        now: Callable[[], dt.datetime],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`folder` holds the prompts and, in domains/, the domains."""
        self._database, self._folder, self._now, self._clock = database, folder, now, clock
        self._lock = threading.Lock()
        self._look_at = float("-inf")
        self._known: dict[tuple[str, str], tuple[int, dt.datetime | None]] = {}
        self._edits: dict[tuple[str, str], Edit] = {}

    def current(self, kind: Kind) -> Mapping[str, Edit]:
        """The edits in use by name.

        While the database can't be had, those last known stay; at first there are none, and the files are used.
        """
        with self._lock:
            if self._clock() >= self._look_at:
                try:
                    self._look()
                except ServiceError as error:
                    if error.sentence != NO_TABLES:  # a database that was never set up has no edits
                        log.warning("edited prompts and domains can't be looked up: %s", error.sentence)
                self._look_at = self._clock() + CHECK_SECONDS
            return {name: edit for (of, name), edit in self._edits.items() if of == kind}

    def _look(self) -> None:
        with self._database.read() as session:
            rows = session.execute(select(TextInUse.kind, TextInUse.name, TextInUse.version_id, TextInUse.since))
            known = {(kind, name): (id_, since) for kind, name, id_, since in rows if id_ is not None}
            if known == self._known:
                return
            ids = [id_ for id_, _ in known.values()]
            texts = select(TextVersion.kind, TextVersion.name, TextVersion.number, TextVersion.text)
            found = session.execute(texts.where(TextVersion.id.in_(ids))).all()
        self._known, self._edits = known, {(kind, name): Edit(number, text) for kind, name, number, text in found}

    def names(self, kind: Kind) -> list[str]:
        """All that there is a file or a version of, also those that can't be used."""
        files = self._folder.glob("*.md") if kind is Kind.PROMPT else (self._folder / "domains").glob("*.yaml")
        with self._database.read() as session:
            saved = session.scalars(select(TextVersion.name).filter_by(kind=kind).distinct()).all()
        return sorted({path.stem for path in files} | set(saved))

    def file(self, kind: Kind, name: str) -> str | None:
        """The text of the file, or None where there is none that can be read."""
        path = self._folder / f"{name}.md" if kind is Kind.PROMPT else self._folder / "domains" / f"{name}.yaml"
        try:
            return text_of(path)
        except FileError:
            return None

    def in_use(self, kind: Kind, name: str) -> InUse:
        """What is in use as the database says at this moment."""
        query = (
            select(TextVersion.number, TextInUse.since, Person.name)
            .select_from(TextInUse)
            .outerjoin(TextVersion, TextVersion.id == TextInUse.version_id)
            .outerjoin(Person, Person.id == TextInUse.by_id)
            .where(TextInUse.kind == kind, TextInUse.name == name)
        )
        with self._database.read() as session:
            row = session.execute(query).one_or_none()
        return InUse(row[0], row[1], row[2] or "") if row else InUse(None)

    def listed(self, kind: Kind, name: str) -> list[Version]:
        """Every saved version, newest first."""
        query = (
            select(
                TextVersion.number, TextVersion.digest, TextVersion.note, Person.name, TextVersion.written_at,
                TextVersion.used_at,
            )
            .outerjoin(Person, Person.id == TextVersion.author_id)
            .where(TextVersion.kind == kind, TextVersion.name == name)
            .order_by(TextVersion.number.desc())
        )  # fmt: skip
        with self._database.read() as session:
            return [
                Version(number, digest, said, author or "", at, used)
                for number, digest, said, author, at, used in session.execute(query)
            ]

    def text(self, kind: Kind, name: str, number: int) -> str:
        """The text of a version; raises ServiceError when there is none."""
        with self._database.read() as session:
            return _find(session, kind, name, number).text

    def save(self, viewer: Viewer, kind: Kind, name: str, text: str, note: str = "") -> int:
        """Keeps the text as a new draft and returns its number; raises FaultyTextError when it can't be used.

        The same text as that of the newest version is that version.
        """
        only_admins(viewer)
        text, note = clean_text(text).replace("\r\n", "\n"), clean_text(note).strip()
        if len(note) > MAX_NOTE:
            raise refuse(f"The note can have {MAX_NOTE} characters; there are {len(note)}.")
        read_text(kind, name, text)
        digest = hashlib.sha256(text.encode()).hexdigest()

        def work(session: Session) -> int:
            _lock(session, kind, name)
            same = select(TextVersion).filter_by(kind=kind, name=name)
            newest = session.scalar(same.order_by(TextVersion.number.desc()).limit(1))
            if newest is not None and newest.digest == digest:
                return newest.number
            number = newest.number + 1 if newest else 1
            made = TextVersion(
                kind=kind, name=name, number=number, text=text, digest=digest, note=note, author_id=viewer.id,
                written_at=self._now(),
            )  # fmt: skip
            session.add(made)
            session.flush()
            return number

        return self._once_more(work)

    def put_to_use(self, viewer: Viewer, kind: Kind, name: str, number: int | None) -> None:
        """From now on the version is used, or with None the file; raises FaultyTextError when it can't be."""
        only_admins(viewer)
        if number is not None:
            read_text(kind, name, self.text(kind, name, number))
        elif self.file(kind, name) is None:
            raise refuse("There is no file that could be used.")

        def work(session: Session) -> None:
            version = None if number is None else _find(session, kind, name, number)
            used = _lock(session, kind, name)
            if used.version_id == (version.id if version else None):
                return
            used.version_id, used.since, used.by_id = (version.id if version else None), self._now(), viewer.id
            if version is not None and version.used_at is None:
                version.used_at = self._now()
            audit(session, self._now(), viewer.id, None, "text.put_to_use", kind=kind, name=name, number=number)

        self._once_more(work)
        with self._lock:
            self._look_at = float("-inf")

    def _once_more(self, work: Callable[[Session], T]) -> T:
        """Runs it, and once more when somebody else was quicker to make the row that everybody locks."""
        try:
            return self._database.run(work)
        except IntegrityError:
            return self._database.run(work)


def _lock(session: Session, kind: Kind, name: str) -> TextInUse:
    """The row of what is in use, made when there is none: whoever saves or puts to use holds it, one at a time."""
    used = session.get(TextInUse, (kind, name), with_for_update=True)
    if used is None:
        used = TextInUse(kind=kind, name=name)
        session.add(used)
        session.flush()
    return used


def _find(session: Session, kind: Kind, name: str, number: int) -> TextVersion:
    found = session.scalar(select(TextVersion).filter_by(kind=kind, name=name, number=number))
    if found is None:
        raise ServiceError(Fault.NOT_FOUND, "This version could not be found.", retryable=False)
    return found
