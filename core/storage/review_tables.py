"""The tables of what learners do with a past interview, beside those of tables.py."""

from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.tables import Base


class Retry(Base):
    """An interview that asks questions of an earlier one, `of_id`, again: these bank questions before any other."""

    __tablename__ = "retry"
    interview_id: Mapped[int] = mapped_column(
        ForeignKey("interview.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    of_id: Mapped[int] = mapped_column(ForeignKey("interview.id", ondelete="CASCADE"), index=True)
    question_ids: Mapped[list[Any]]
