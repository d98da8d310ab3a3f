"""People, and what they say in interviews, as SQLAlchemy 2 typed mappings that mean the same on SQLite and on MySQL/MariaDB.

Counts, sign-ins and the rest have modules of their own beside this one, which has what all of them need.
"""

import datetime as dt
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
)
from sqlalchemy.dialects import mysql
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Big = BigInteger().with_variant(Integer, "sqlite")  # SQLite gives only INTEGER PRIMARY KEY its own numbers
Long = Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb")  # plain TEXT ends at 64 KB
Tiny = SmallInteger()

NO_COHORT = 0
"""The cohort number in the counts of learners who are in none; no row of `cohort` has it."""


class UTCDateTime(TypeDecorator[dt.datetime]):
    """Aware UTC in Python, naive UTC with microseconds in the database; a naive value is refused."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        if dialect.name in ("mysql", "mariadb"):
            return dialect.type_descriptor(mysql.DATETIME(fsp=6))
        return dialect.type_descriptor(DateTime())

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone can't be stored")
        return value.astimezone(dt.UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> dt.datetime | None:
        return None if value is None else value.replace(tzinfo=dt.UTC)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {dt.datetime: UTCDateTime, dt.date: Date, dict[str, Any]: JSON, list[Any]: JSON}


class Programme(Base):
    """What a programme manager runs.

    `share_transcripts` lets its managers read what learners said, `shows_places` learners see where they stand in a cohort.
    """

    __tablename__ = "programme"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    share_transcripts: Mapped[bool] = mapped_column(default=False)
    shows_places: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_sample: Mapped[bool] = mapped_column(default=False)


class Cohort(Base):
    __tablename__ = "cohort"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    name: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[dt.date]
    is_sample: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (UniqueConstraint("programme_id", "name"),)


class Person(Base):
    """Anyone who signs in; local people have a password hash, people from an identity provider issuer and subject."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(Big, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(16))
    password_hash: Mapped[str | None] = mapped_column(String(255))
    issuer: Mapped[str | None] = mapped_column(String(255))
    subject: Mapped[str | None] = mapped_column(String(255))
    disabled: Mapped[bool] = mapped_column(default=False)
    share_transcripts: Mapped[bool] = mapped_column(default=False)
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[dt.datetime]
    last_active_at: Mapped[dt.datetime | None]
    is_sample: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (
        UniqueConstraint("issuer", "subject"),
        CheckConstraint("role IN ('learner', 'manager', 'admin')", name="role_known"),
    )


class Enrolment(Base):
    """A person in a cohort: learners learn in it, managers look after it."""

    __tablename__ = "enrolment"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"), primary_key=True, index=True)
    since: Mapped[dt.datetime]


class Audit(Base):
    """Who did what to whom: ids only, never words of an interview."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(Big, primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(Big)
    subject_id: Mapped[int | None] = mapped_column(Big, index=True)
    action: Mapped[str] = mapped_column(String(64))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Interview(Base):
    """One sitting; `week` is as it was at its start, `level` is None for "find my level".

    `cohort_id` is the cohort that it counts under, and `words_removed_at` is set once retention took the words away.
    """

    __tablename__ = "interview"
    id: Mapped[int] = mapped_column(Big, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    cohort_id: Mapped[int] = mapped_column(Integer, default=NO_COHORT)
    domain: Mapped[str] = mapped_column(String(40))
    level: Mapped[int | None] = mapped_column(Tiny)
    mode: Mapped[str] = mapped_column(String(16))
    question_limit: Mapped[int] = mapped_column(Tiny)
    minutes_limit: Mapped[int | None] = mapped_column(SmallInteger)
    phase: Mapped[str] = mapped_column(String(16))
    end_reason: Mapped[str | None] = mapped_column(String(16))
    engine: Mapped[str] = mapped_column(String(16))
    model: Mapped[str] = mapped_column(String(120))
    seed: Mapped[int] = mapped_column(Integer)
    started_at: Mapped[dt.datetime]
    finished_at: Mapped[dt.datetime | None]
    week: Mapped[dt.date]
    summary: Mapped[dict[str, Any] | None]
    words_removed_at: Mapped[dt.datetime | None]
    is_sample: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (
        Index(None, "learner_id", "started_at"),
        Index(None, "cohort_id", "week", "domain"),
        CheckConstraint("question_limit BETWEEN 1 AND 25", name="limit_1_25"),
    )


class InterviewContext(Base):
    """What the learner gave for one interview: the role, a job advertisement, a CV; apart, since lists never need it."""

    __tablename__ = "interview_context"
    interview_id: Mapped[int] = mapped_column(
        ForeignKey("interview.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    role: Mapped[str] = mapped_column(String(120), default="")
    job: Mapped[str] = mapped_column(Long, default="")
    cv: Mapped[str] = mapped_column(Long, default="")


class Turn(Base):
    """One question-response pair: written when the interviewer has spoken, completed when the learner answers.

    `heard` is the recogniser's text, `corrected` the same after term correction, `answer` what the learner sent, `draft`
    what stood in the box before that. `sure` is how the learner felt about it, None where they didn't say. `complied` is
    False when the interviewer left the policy card; `delivery` has the counts of core.speech.delivery.measure.
    """

    __tablename__ = "turn"
    id: Mapped[int] = mapped_column(Big, primary_key=True)
    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(Tiny)
    move: Mapped[str] = mapped_column(String(16))
    rung: Mapped[int] = mapped_column(Tiny, default=0)
    skill: Mapped[str] = mapped_column(String(40))
    level: Mapped[int] = mapped_column(Tiny)
    question_id: Mapped[str | None] = mapped_column(String(64))
    message: Mapped[str] = mapped_column(Long)
    asked_at: Mapped[dt.datetime]
    engine: Mapped[str] = mapped_column(String(16))
    model: Mapped[str] = mapped_column(String(120))
    prompt_digest: Mapped[str] = mapped_column(String(64))
    complied: Mapped[bool] = mapped_column(default=True)
    hints: Mapped[list[Any]] = mapped_column(default=list)
    draft: Mapped[str | None] = mapped_column(Long)
    answer: Mapped[str | None] = mapped_column(Long)
    answered_at: Mapped[dt.datetime | None]
    skipped: Mapped[bool] = mapped_column(default=False)
    input_mode: Mapped[str | None] = mapped_column(String(8))
    heard: Mapped[str | None] = mapped_column(Long)
    corrected: Mapped[str | None] = mapped_column(Long)
    sure: Mapped[bool | None]
    delivery: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    __table_args__ = (
        UniqueConstraint("interview_id", "number"),
        CheckConstraint("number BETWEEN 1 AND 25", name="number_1_25"),
    )


class Job(Base):
    """Work for a model, done under a lease: kind is ask, grade or summary; `number` is the turn it is about."""

    __tablename__ = "job"
    id: Mapped[int] = mapped_column(Big, primary_key=True)
    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))
    number: Mapped[int] = mapped_column(Tiny)
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(Tiny, default=0)
    owner: Mapped[str | None] = mapped_column(String(36))
    lease_until: Mapped[dt.datetime | None]
    fault: Mapped[str | None] = mapped_column(String(24))
    sentence: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[dt.datetime]
    __table_args__ = (UniqueConstraint("interview_id", "kind", "number"), Index(None, "state", "lease_until"))


class GradeRow(Base):
    """One grade of one turn; `source` is offline, openai, sample or person; at most one a turn is current."""

    __tablename__ = "grade"
    id: Mapped[int] = mapped_column(Big, primary_key=True)
    turn_id: Mapped[int] = mapped_column(ForeignKey("turn.id", ondelete="CASCADE"))
    is_current: Mapped[bool] = mapped_column(default=True)
    score: Mapped[int | None] = mapped_column(Tiny)
    reason: Mapped[str | None] = mapped_column(String(500))
    source: Mapped[str] = mapped_column(String(16))
    model: Mapped[str] = mapped_column(String(120))
    prompt_digest: Mapped[str] = mapped_column(String(64))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    person_id: Mapped[int | None] = mapped_column(Big)
    created_at: Mapped[dt.datetime]
    __table_args__ = (
        Index(None, "turn_id", "is_current"),
        Index(None, "source", "person_id"),
        CheckConstraint("score BETWEEN 1 AND 10", name="score_1_10"),
        CheckConstraint("(score IS NULL) <> (reason IS NULL)", name="score_or_reason"),
    )
