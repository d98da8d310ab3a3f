"""What a learner did is found without knowing their cohorts."""

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_index(op.f("ix_learner_count_learner_id"), "learner_count", ["learner_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_learner_count_learner_id"), "learner_count")
