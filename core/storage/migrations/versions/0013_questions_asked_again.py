"""Questions asked again."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "retry",
        sa.Column(
            "interview_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("of_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("question_ids", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_retry_interview_id_interview"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["of_id"], ["interview.id"], name=op.f("fk_retry_of_id_interview"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("interview_id", name=op.f("pk_retry")),
    )
    with op.batch_alter_table("retry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_retry_of_id"), ["of_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("retry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_retry_of_id"))

    op.drop_table("retry")
