"""Runs of the rubric bench."""

import sqlalchemy as sa
from alembic import op

from core.storage import tables

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "bench_run",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("domain", sa.String(length=40), nullable=False),
        sa.Column("domain_digest", sa.String(length=64), nullable=False),
        sa.Column("engine", sa.String(length=16), nullable=False),
        sa.Column("model", sa.String(length=120), nullable=False),
        sa.Column("prompt_digest", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("started_at", tables.UTCDateTime(), nullable=False),
        sa.Column("started_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("lease_until", tables.UTCDateTime(), nullable=False),
        sa.Column("finished_at", tables.UTCDateTime(), nullable=True),
        sa.Column("accepted_at", tables.UTCDateTime(), nullable=True),
        sa.Column("accepted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bench_run")),
        sa.UniqueConstraint("public_id", name=op.f("uq_bench_run_public_id")),
    )
    with op.batch_alter_table("bench_run", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_bench_run_domain_engine_accepted_at"), ["domain", "engine", "accepted_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_bench_run_state_lease_until"), ["state", "lease_until"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("bench_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bench_run_state_lease_until"))
        batch_op.drop_index(batch_op.f("ix_bench_run_domain_engine_accepted_at"))

    op.drop_table("bench_run")
