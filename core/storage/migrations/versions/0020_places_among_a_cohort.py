"""Whether a programme shows its learners where they stand among their cohort."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.add_column("programme", sa.Column("shows_places", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("programme", "shows_places")
