"""The tables of edited prompts and domains, beside those of tables.py."""

import datetime as dt

from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.tables import Base, Big, Long

MAX_NOTE = 500
"""Characters in what a version's author says of it."""


class TextVersion(Base):
    """One saved text of a prompt or a domain, never changed again; kind is prompt or domain, name that of its file.

    `digest` is the SHA-256 of the text in UTF-8; `used_at` is when it was first put to use, None for a draft; `author_id`
    is None when the account is erased.
    """

    __tablename__ = "text_version"
    id: Mapped[int] = mapped_column(Big, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(40))
    number: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Long)
    digest: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(String(MAX_NOTE))
    author_id: Mapped[int | None] = mapped_column(Big)
    written_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]
    __table_args__ = (UniqueConstraint("kind", "name", "number"),)


class TextInUse(Base):
    """The version of a prompt or a domain that is in use; with `version_id` None, or without a row, its file is.

    `since` is None until anything has been put to use; `by_id` is None then too, and when the account is erased.
    """

    __tablename__ = "text_in_use"
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("text_version.id"))
    since: Mapped[dt.datetime | None]
    by_id: Mapped[int | None] = mapped_column(Big)
