"""Assignments and calls."""

import sqlalchemy as sa
from alembic import op

from core.storage import tables

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "contact_note",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("learner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", tables.UTCDateTime(), nullable=False),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["person.id"], name=op.f("fk_contact_note_learner_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_note")),
    )
    with op.batch_alter_table("contact_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_note_learner_id_at"), ["learner_id", "at"], unique=False)

    op.create_table(
        "assignment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("domain", sa.String(length=40), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=True),
        sa.Column("interviews", sa.SmallInteger(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("set_at", tables.UTCDateTime(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_assignment_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["person.id"], name=op.f("fk_assignment_learner_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_assignment_public_id")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_cohort_id"), ["cohort_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignment_learner_id"), ["learner_id"], unique=False)


def downgrade() -> None:
    op.drop_table("assignment")
    op.drop_table("contact_note")
