"""Budgets and retention."""

import sqlalchemy as sa
from alembic import op

from core.storage import tables

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.create_table(
        "programme_usage",
        sa.Column("programme_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("tokens_in", sa.BigInteger(), nullable=False),
        sa.Column("tokens_out", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("estimated", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("programme_id", "month", "kind", name=op.f("pk_programme_usage")),
    )
    op.create_table(
        "learner_usage",
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("tokens_in", sa.BigInteger(), nullable=False),
        sa.Column("tokens_out", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("estimated", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_learner_usage_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "day", name=op.f("pk_learner_usage")),
    )
    op.create_table(
        "programme_terms",
        sa.Column("programme_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day_calls", sa.Integer(), nullable=True),
        sa.Column("day_tokens", sa.BigInteger(), nullable=True),
        sa.Column("day_seconds", sa.Integer(), nullable=True),
        sa.Column("month_calls", sa.Integer(), nullable=True),
        sa.Column("month_tokens", sa.BigInteger(), nullable=True),
        sa.Column("month_seconds", sa.Integer(), nullable=True),
        sa.Column("retention_days", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_programme_terms_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("programme_id", name=op.f("pk_programme_terms")),
    )
    op.add_column("interview", sa.Column("words_removed_at", tables.UTCDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("interview", "words_removed_at")

    op.drop_table("programme_terms")
    op.drop_table("learner_usage")
    op.drop_table("programme_usage")
