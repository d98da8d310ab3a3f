"""Misheard forms of terms that learners put right themselves."""

import sqlalchemy as sa
from alembic import op

from core.storage import tables

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_table(
        "learned_alias",
        sa.Column("domain", sa.String(length=40), nullable=False),
        sa.Column("heard", sa.String(length=80), nullable=False),
        sa.Column("term", sa.String(length=80), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("revoked", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("last_at", tables.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("domain", "heard", "term", name=op.f("pk_learned_alias")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("learned_alias")
