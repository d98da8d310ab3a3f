"""Tables of what managers do for their cohorts: notes on learners whom they called, and what they set them."""

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.tables import Base, Big, Tiny


class ContactNote(Base):
    """A manager has spoken with a learner; `author_id` is None once that manager is gone."""

    __tablename__ = "contact_note"
    id: Mapped[int] = mapped_column(Big, primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(Big)
    at: Mapped[dt.datetime]
    words: Mapped[str] = mapped_column(String(2000))
    __table_args__ = (Index(None, "learner_id", "at"),)


class Assignment(Base):
    """Interviews that a cohort, or one learner of it, is to hold by a day; an empty `skills` leaves them open."""

    __tablename__ = "assignment"
    id: Mapped[int] = mapped_column(Big, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"), index=True)
    learner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int | None] = mapped_column(Big)
    domain: Mapped[str] = mapped_column(String(40))
    level: Mapped[int | None] = mapped_column(Tiny)
    interviews: Mapped[int] = mapped_column(Tiny)
    skills: Mapped[list[Any]] = mapped_column(default=list)
    set_at: Mapped[dt.datetime]
    due_on: Mapped[dt.date]
