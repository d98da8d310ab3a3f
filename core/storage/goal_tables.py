"""The table of what learners want to be ready for, beside those of tables.py."""

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.tables import Base, Tiny


class LearnerGoal(Base):
    """A learner's one goal: ready for questions of `level` in `domain` by the day `due`."""

    __tablename__ = "learner_goal"
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    domain: Mapped[str] = mapped_column(String(40))
    level: Mapped[int] = mapped_column(Tiny)
    due: Mapped[dt.date]
