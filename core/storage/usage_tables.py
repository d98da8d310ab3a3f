"""Tables of what models were used for, and of what administrators set for a programme."""

import datetime as dt

from sqlalchemy import BigInteger, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.tables import Base, Big

NO_PROGRAMME = 0
"""In `programme_usage`: whatever belongs to no programme; no row of `programme` has it."""


class Used:
    """Calls to models with their tokens and seconds of audio; of `estimated` calls the server told no tokens."""

    calls: Mapped[int] = mapped_column(Integer, default=0)
    tokens_in: Mapped[int] = mapped_column(BigInteger, default=0)
    tokens_out: Mapped[int] = mapped_column(BigInteger, default=0)
    seconds: Mapped[int] = mapped_column(Integer, default=0)
    estimated: Mapped[int] = mapped_column(Integer, default=0)


class LearnerUsage(Used, Base):
    """What one person used on one day (UTC)."""

    __tablename__ = "learner_usage"
    person_id: Mapped[int] = mapped_column(
        Big, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    day: Mapped[dt.date] = mapped_column(primary_key=True)


class ProgrammeUsage(Used, Base):
    """What a programme used in the month that begins on that day (UTC): kind is ask, grade, summary, transcribe or bench."""

    __tablename__ = "programme_usage"
    programme_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    month: Mapped[dt.date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)


class ProgrammeTerms(Base):
    """What administrators set for a programme; None where Viva's settings hold, 0 days where words are kept."""

    __tablename__ = "programme_terms"
    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    day_calls: Mapped[int | None] = mapped_column(Integer)
    day_tokens: Mapped[int | None] = mapped_column(BigInteger)
    day_seconds: Mapped[int | None] = mapped_column(Integer)
    month_calls: Mapped[int | None] = mapped_column(Integer)
    month_tokens: Mapped[int | None] = mapped_column(BigInteger)
    month_seconds: Mapped[int | None] = mapped_column(Integer)
    retention_days: Mapped[int] = mapped_column(Integer, default=0)
