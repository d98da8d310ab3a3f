"""The tables of what learners do with a past interview, beside those of tables.py."""

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.tables import Base, Big


class Retry(Base):
    """An interview that asks questions of an earlier one, `of_id`, again: these bank questions before any other."""

    __tablename__ = "retry"
    interview_id: Mapped[int] = mapped_column(
        ForeignKey("interview.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    of_id: Mapped[int] = mapped_column(ForeignKey("interview.id", ondelete="CASCADE"), index=True)
    question_ids: Mapped[list[Any]]


class ShareLink(Base):
    """A link by which whoever has it may read one interview's report; only the SHA-256 of its token is stored."""

    __tablename__ = "share_link"
    id: Mapped[int] = mapped_column(Big, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    revoked_at: Mapped[dt.datetime | None]
    opened: Mapped[int] = mapped_column(Integer, default=0)
    opened_at: Mapped[dt.datetime | None]
