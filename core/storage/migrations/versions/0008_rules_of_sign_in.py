"""Rules of sign-in."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "sign_in_rule",
        sa.Column("email_domain", sa.String(length=253), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_sign_in_rule_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("email_domain", name=op.f("pk_sign_in_rule")),
    )
    with op.batch_alter_table("sign_in_rule", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_rule_cohort_id"), ["cohort_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("sign_in_rule", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_rule_cohort_id"))

    op.drop_table("sign_in_rule")
