"""Prompts and domains in use."""

import sqlalchemy as sa
from alembic import op

from core.storage import tables

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "text_in_use",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("since", tables.UTCDateTime(), nullable=True),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["version_id"], ["text_version.id"], name=op.f("fk_text_in_use_version_id_text_version")
        ),
        sa.PrimaryKeyConstraint("kind", "name", name=op.f("pk_text_in_use")),
    )


def downgrade() -> None:
    op.drop_table("text_in_use")
