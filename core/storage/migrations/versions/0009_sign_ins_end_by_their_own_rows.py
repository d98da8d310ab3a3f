"""Sign-ins end by their own rows: no time before which all of a person's are over."""

import sqlalchemy as sa
from alembic import op

from core.storage import tables

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.drop_column("person", "valid_after")  # SQLite can do so itself, without copying the table


def downgrade() -> None:
    op.add_column("person", sa.Column("valid_after", tables.UTCDateTime(), nullable=True))
