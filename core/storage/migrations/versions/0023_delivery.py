"""How answers were delivered."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.add_column("recording", sa.Column("sound", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("turn", sa.Column("delivery", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("turn", "delivery")  # in place: SQLite would empty what hangs on a table that is made anew
    op.drop_column("recording", "sound")
