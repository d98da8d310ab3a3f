"""A learner's interviews of a domain in the order of time: what assignments look at."""

from alembic import op

revision = "0027"
down_revision = "0026"

NAME = "ix_interview_rollup_domain_learner_id_started_at_finished"


def upgrade() -> None:
    op.create_index(op.f(NAME), "interview_rollup", ["domain", "learner_id", "started_at", "finished"])


def downgrade() -> None:
    op.drop_index(op.f(NAME), "interview_rollup")
