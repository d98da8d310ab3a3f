"""Sign-ins, links that let in once, what failed, and whom an identity provider lets in without an invitation."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.tables import Base, Big


class WebSession(Base):
    """A sign-in: only the SHA-256 of its cookie is stored; `public_id` is what the page sees."""

    __tablename__ = "web_session"
    id: Mapped[int] = mapped_column(Big, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    revoked_at: Mapped[dt.datetime | None]


class OneTimeLink(Base):
    """A link that works once: purpose is setup, invitation or reset."""

    __tablename__ = "one_time_link"
    id: Mapped[int] = mapped_column(Big, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(16))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]


class SignInFailure(Base):
    """One failed sign-in; `key_hash` stands for an e-mail, an address, or both together."""

    __tablename__ = "sign_in_failure"
    id: Mapped[int] = mapped_column(Big, primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[dt.datetime]
    __table_args__ = (Index(None, "key_hash", "at"),)


class SignInRule(Base):
    """Whoever comes with a verified address at this domain becomes a learner in that cohort."""

    __tablename__ = "sign_in_rule"
    email_domain: Mapped[str] = mapped_column(String(253), primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"), index=True)
