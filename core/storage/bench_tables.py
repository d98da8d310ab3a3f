"""The table of rubric bench runs, beside those of tables.py."""

import datetime as dt
from typing import Any

from sqlalchemy import Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.tables import Base, Big


class BenchRun(Base):
    """One run of the rubric bench; `scores` are [question, band, injected, score, reason], filled in at the end.

    `prompt_digest` is that of the grader prompt (empty for the offline engine), `domain_digest` that of the domain's
    content. A running run is held by the lease that its process renews; `started_by` and `accepted_by` are None for the
    command line and when an account is erased.
    """

    __tablename__ = "bench_run"
    id: Mapped[int] = mapped_column(Big, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True)
    domain: Mapped[str] = mapped_column(String(40))
    domain_digest: Mapped[str] = mapped_column(String(64))
    engine: Mapped[str] = mapped_column(String(16))
    model: Mapped[str] = mapped_column(String(120))
    prompt_digest: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int] = mapped_column(Integer)
    scores: Mapped[list[Any]] = mapped_column(default=list)
    started_at: Mapped[dt.datetime]
    started_by: Mapped[int | None] = mapped_column(Big)
    lease_until: Mapped[dt.datetime]
    finished_at: Mapped[dt.datetime | None]
    accepted_at: Mapped[dt.datetime | None]
    accepted_by: Mapped[int | None] = mapped_column(Big)
    __table_args__ = (Index(None, "domain", "engine", "accepted_at"), Index(None, "state", "lease_until"))
