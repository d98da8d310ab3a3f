"""The tables about how well questions and scores do, beside those of tables.py."""

import datetime as dt

from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.tables import Base, Big

MAX_WORDS = 2000
"""Characters in a learner's reason or in the note that answers it."""


class Flag(Base):
    """What a learner finds wrong with a question or a score, and what came of it; it is theirs who gave the answer.

    `closed_by` is the person who dealt with it, None while open and when their account is erased.
    """

    __tablename__ = "flag"
    id: Mapped[int] = mapped_column(Big, primary_key=True)
    turn_id: Mapped[int] = mapped_column(ForeignKey("turn.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))
    words: Mapped[str] = mapped_column(String(MAX_WORDS))
    flagged_at: Mapped[dt.datetime]
    closed_at: Mapped[dt.datetime | None]
    closed_by: Mapped[int | None] = mapped_column(Big)
    note: Mapped[str | None] = mapped_column(String(MAX_WORDS))
    __table_args__ = (UniqueConstraint("turn_id", "kind"),)


class ReplyCount(Base):
    """Counts of interviewers' replies, and of those that kept to the policy card, by the week in which interviews began.

    Sample interviews have no replies to count: nobody wrote theirs.
    """

    __tablename__ = "reply_count"
    week: Mapped[dt.date] = mapped_column(primary_key=True)
    engine: Mapped[str] = mapped_column(String(16), primary_key=True)
    model: Mapped[str] = mapped_column(String(120), primary_key=True)
    prompt_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    n: Mapped[int] = mapped_column(Integer, default=0)
    kept: Mapped[int] = mapped_column(Integer, default=0)
    __table_args__ = ({"sqlite_with_rowid": False},)
