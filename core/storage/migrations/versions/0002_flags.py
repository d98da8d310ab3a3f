"""Flags."""

import sqlalchemy as sa
from alembic import op

from core.storage import tables

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "flag",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("turn_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("flagged_at", tables.UTCDateTime(), nullable=False),
        sa.Column("closed_at", tables.UTCDateTime(), nullable=True),
        sa.Column("closed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=True),
        sa.ForeignKeyConstraint(["turn_id"], ["turn.id"], name=op.f("fk_flag_turn_id_turn"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag")),
        sa.UniqueConstraint("turn_id", "kind", name=op.f("uq_flag_turn_id_kind")),
    )


def downgrade() -> None:
    op.drop_table("flag")
