"""First tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

from core.storage import tables
from core.storage.migration_columns import ROW_ID, score_counts

revision = "0001"
down_revision = None


def upgrade() -> None:
    _people()
    _sign_in()
    _interviews()
    _counts()


def _people() -> None:
    """The people, and where they belong."""
    op.create_table(
        "person",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("issuer", sa.String(length=255), nullable=True),
        sa.Column("subject", sa.String(length=255), nullable=True),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("share_transcripts", sa.Boolean(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("created_at", tables.UTCDateTime(), nullable=False),
        sa.Column("last_active_at", tables.UTCDateTime(), nullable=True),
        sa.Column("valid_after", tables.UTCDateTime(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.CheckConstraint("role IN ('learner', 'manager', 'admin')", name=op.f("ck_person_role_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_person_issuer_subject")),
        sa.UniqueConstraint("public_id", name=op.f("uq_person_public_id")),
    )

    op.create_table(
        "programme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("share_transcripts", sa.Boolean(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("name", name=op.f("uq_programme_name")),
    )

    op.create_table(
        "cohort",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_cohort_programme_id_programme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort")),
        sa.UniqueConstraint("programme_id", "name", name=op.f("uq_cohort_programme_id_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_cohort_public_id")),
    )

    op.create_table(
        "enrolment",
        sa.Column("person_id", ROW_ID, nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("since", tables.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_enrolment_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_enrolment_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "cohort_id", name=op.f("pk_enrolment")),
    )
    op.create_index(op.f("ix_enrolment_cohort_id"), "enrolment", ["cohort_id"])

    op.create_table(
        "audit",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("at", tables.UTCDateTime(), nullable=False),
        sa.Column("actor_id", ROW_ID, nullable=True),
        sa.Column("subject_id", ROW_ID, nullable=True),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_at"), "audit", ["at"])
    op.create_index(op.f("ix_audit_subject_id"), "audit", ["subject_id"])


def _sign_in() -> None:
    """How they come in."""
    op.create_table(
        "sign_in_failure",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("at", tables.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
    )
    op.create_index(op.f("ix_sign_in_failure_key_hash_at"), "sign_in_failure", ["key_hash", "at"])

    op.create_table(
        "one_time_link",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("person_id", ROW_ID, nullable=True),
        sa.Column("expires_at", tables.UTCDateTime(), nullable=False),
        sa.Column("used_at", tables.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_one_time_link_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_link_token_hash")),
    )
    op.create_index(op.f("ix_one_time_link_person_id"), "one_time_link", ["person_id"])

    op.create_table(
        "web_session",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", ROW_ID, nullable=False),
        sa.Column("created_at", tables.UTCDateTime(), nullable=False),
        sa.Column("seen_at", tables.UTCDateTime(), nullable=False),
        sa.Column("expires_at", tables.UTCDateTime(), nullable=False),
        sa.Column("revoked_at", tables.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_web_session_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_session")),
        sa.UniqueConstraint("public_id", name=op.f("uq_web_session_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_web_session_token_hash")),
    )
    op.create_index(op.f("ix_web_session_person_id"), "web_session", ["person_id"])


def _interviews() -> None:
    """What they say, and what is said of it."""
    op.create_table(
        "interview",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("learner_id", ROW_ID, nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("domain", sa.String(length=40), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=True),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("question_limit", sa.SmallInteger(), nullable=False),
        sa.Column("minutes_limit", sa.SmallInteger(), nullable=True),
        sa.Column("phase", sa.String(length=16), nullable=False),
        sa.Column("end_reason", sa.String(length=16), nullable=True),
        sa.Column("engine", sa.String(length=16), nullable=False),
        sa.Column("model", sa.String(length=120), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("started_at", tables.UTCDateTime(), nullable=False),
        sa.Column("finished_at", tables.UTCDateTime(), nullable=True),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.CheckConstraint("question_limit BETWEEN 1 AND 25", name=op.f("ck_interview_limit_1_25")),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["person.id"], name=op.f("fk_interview_learner_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview")),
        sa.UniqueConstraint("public_id", name=op.f("uq_interview_public_id")),
    )
    op.create_index(op.f("ix_interview_cohort_id_week_domain"), "interview", ["cohort_id", "week", "domain"])
    op.create_index(op.f("ix_interview_learner_id_started_at"), "interview", ["learner_id", "started_at"])

    op.create_table(
        "turn",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("interview_id", ROW_ID, nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("move", sa.String(length=16), nullable=False),
        sa.Column("rung", sa.SmallInteger(), nullable=False),
        sa.Column("skill", sa.String(length=40), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("question_id", sa.String(length=64), nullable=True),
        sa.Column(
            "message",
            sa.Text().with_variant(mysql.MEDIUMTEXT(), "mariadb").with_variant(mysql.MEDIUMTEXT(), "mysql"),
            nullable=False,
        ),
        sa.Column("asked_at", tables.UTCDateTime(), nullable=False),
        sa.Column("engine", sa.String(length=16), nullable=False),
        sa.Column("model", sa.String(length=120), nullable=False),
        sa.Column("prompt_digest", sa.String(length=64), nullable=False),
        sa.Column("complied", sa.Boolean(), nullable=False),
        sa.Column("hints", sa.JSON(), nullable=False),
        sa.Column(
            "draft",
            sa.Text().with_variant(mysql.MEDIUMTEXT(), "mariadb").with_variant(mysql.MEDIUMTEXT(), "mysql"),
            nullable=True,
        ),
        sa.Column(
            "answer",
            sa.Text().with_variant(mysql.MEDIUMTEXT(), "mariadb").with_variant(mysql.MEDIUMTEXT(), "mysql"),
            nullable=True,
        ),
        sa.Column("answered_at", tables.UTCDateTime(), nullable=True),
        sa.Column("skipped", sa.Boolean(), nullable=False),
        sa.Column("input_mode", sa.String(length=8), nullable=True),
        sa.Column(
            "heard",
            sa.Text().with_variant(mysql.MEDIUMTEXT(), "mariadb").with_variant(mysql.MEDIUMTEXT(), "mysql"),
            nullable=True,
        ),
        sa.Column(
            "corrected",
            sa.Text().with_variant(mysql.MEDIUMTEXT(), "mariadb").with_variant(mysql.MEDIUMTEXT(), "mysql"),
            nullable=True,
        ),
        sa.CheckConstraint("number BETWEEN 1 AND 25", name=op.f("ck_turn_number_1_25")),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_turn_interview_id_interview"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turn")),
        sa.UniqueConstraint("interview_id", "number", name=op.f("uq_turn_interview_id_number")),
    )

    op.create_table(
        "job",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("interview_id", ROW_ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("owner", sa.String(length=36), nullable=True),
        sa.Column("lease_until", tables.UTCDateTime(), nullable=True),
        sa.Column("fault", sa.String(length=24), nullable=True),
        sa.Column("sentence", sa.String(length=500), nullable=True),
        sa.Column("created_at", tables.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_job_interview_id_interview"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("interview_id", "kind", "number", name=op.f("uq_job_interview_id_kind_number")),
    )
    op.create_index(op.f("ix_job_state_lease_until"), "job", ["state", "lease_until"])

    op.create_table(
        "grade",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("turn_id", ROW_ID, nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("model", sa.String(length=120), nullable=False),
        sa.Column("prompt_digest", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("person_id", ROW_ID, nullable=True),
        sa.Column("created_at", tables.UTCDateTime(), nullable=False),
        sa.CheckConstraint("(score IS NULL) <> (reason IS NULL)", name=op.f("ck_grade_score_or_reason")),
        sa.CheckConstraint("score BETWEEN 1 AND 10", name=op.f("ck_grade_score_1_10")),
        sa.ForeignKeyConstraint(["turn_id"], ["turn.id"], name=op.f("fk_grade_turn_id_turn"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grade")),
    )
    op.create_index(op.f("ix_grade_turn_id_is_current"), "grade", ["turn_id", "is_current"])


def _counts() -> None:
    """What dashboards read."""
    op.create_table(
        "cube_week",
        sa.Column("cohort_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("domain", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("started", sa.Integer(), nullable=False),
        sa.Column("finished", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("cohort_id", "week", "domain", "source", name=op.f("pk_cube_week")),
        sqlite_with_rowid=False,
    )

    op.create_table(
        "score_cube",
        sa.Column("cohort_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("domain", sa.String(length=40), nullable=False),
        sa.Column("skill", sa.String(length=40), nullable=False),
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        *score_counts(),
        sa.PrimaryKeyConstraint(
            "cohort_id", "week", "domain", "skill", "level", "source", "mode", name=op.f("pk_score_cube")
        ),
        sqlite_with_rowid=False,
    )

    op.create_table(
        "interview_rollup",
        sa.Column("cohort_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("interview_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("learner_id", ROW_ID, nullable=False),
        sa.Column("domain", sa.String(length=40), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.Column("started_at", tables.UTCDateTime(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("ungraded", sa.Integer(), nullable=False),
        sa.Column("hints", sa.Integer(), nullable=False),
        sa.Column("level_total", sa.Integer(), nullable=False),
        sa.Column("ability", sa.Double(), nullable=True),
        sa.Column("ability_se", sa.Double(), nullable=True),
        *score_counts(),
        sa.ForeignKeyConstraint(
            ["interview_id"],
            ["interview.id"],
            name=op.f("fk_interview_rollup_interview_id_interview"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("cohort_id", "week", "interview_id", name=op.f("pk_interview_rollup")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_interview_rollup_interview_id"), "interview_rollup", ["interview_id"])
    op.create_index(op.f("ix_interview_rollup_learner_id_started_at"), "interview_rollup", ["learner_id", "started_at"])

    op.create_table(
        "interview_skill",
        sa.Column("learner_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("interview_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("skill", sa.String(length=40), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("level_total", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"],
            ["interview.id"],
            name=op.f("fk_interview_skill_interview_id_interview"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("learner_id", "interview_id", "skill", name=op.f("pk_interview_skill")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_interview_skill_interview_id"), "interview_skill", ["interview_id"])


def downgrade() -> None:
    for name in (
        "grade",
        "turn",
        "job",
        "interview_skill",
        "interview_rollup",
        "enrolment",
        "web_session",
        "one_time_link",
        "interview",
        "cohort",
        "sign_in_failure",
        "score_cube",
        "programme",
        "person",
        "cube_week",
        "audit",
    ):
        op.drop_table(name)  # and its indexes with it
