"""Versions of prompts and domains."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

from core.storage import tables

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "text_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "text",
            sa.Text().with_variant(mysql.MEDIUMTEXT(), "mariadb").with_variant(mysql.MEDIUMTEXT(), "mysql"),
            nullable=False,
        ),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("written_at", tables.UTCDateTime(), nullable=False),
        sa.Column("used_at", tables.UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_version")),
        sa.UniqueConstraint("kind", "name", "number", name=op.f("uq_text_version_kind_name_number")),
    )


def downgrade() -> None:
    op.drop_table("text_version")
