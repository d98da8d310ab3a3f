"""The table of misheard forms that learners put right themselves, beside those of tables.py."""

import datetime as dt

from sqlalchemy import Integer, String, false
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.tables import Base

FORM_LENGTH = 80


class LearnedAlias(Base):
    """How often learners wrote `term`, of a domain's glossary, in place of `heard`; a revoked one counts on, unused."""

    __tablename__ = "learned_alias"
    domain: Mapped[str] = mapped_column(String(40), primary_key=True)
    heard: Mapped[str] = mapped_column(String(FORM_LENGTH), primary_key=True)
    term: Mapped[str] = mapped_column(String(FORM_LENGTH), primary_key=True)
    times: Mapped[int] = mapped_column(Integer, default=0)
    revoked: Mapped[bool] = mapped_column(default=False, server_default=false())
    last_at: Mapped[dt.datetime]
    __table_args__ = ({"sqlite_with_rowid": False},)
