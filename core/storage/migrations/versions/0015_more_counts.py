"""More counts: of learners, of weeks by mode, of key points."""

import sqlalchemy as sa
from alembic import op

from core.storage.migration_columns import ROW_ID, score_counts

revision = "0015"
down_revision = "0014"
counts_changed = True


def upgrade() -> None:
    op.create_table(
        "active_week",
        sa.Column("cohort_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("domain", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("learners", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("cohort_id", "domain", "source", "mode", "week", name=op.f("pk_active_week")),
        sqlite_with_rowid=False,
        if_not_exists=True,
    )
    op.create_table(
        "learner_count",
        sa.Column("cohort_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("learner_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("domain", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("started", sa.Integer(), nullable=False),
        sa.Column("finished", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("ungraded", sa.Integer(), nullable=False),
        sa.Column("hints", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("level_total", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("cohort_id", "learner_id", "domain", "source", "mode", name=op.f("pk_learner_count")),
        sqlite_with_rowid=False,
        if_not_exists=True,
    )
    op.create_table(
        "learner_trend",
        sa.Column("learner_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("domain", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("weight_x", sa.Double(), nullable=False),
        sa.Column("weight_xx", sa.Double(), nullable=False),
        sa.Column("weight_y", sa.Double(), nullable=False),
        sa.Column("weight_xy", sa.Double(), nullable=False),
        sa.Column("weight_yy", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "domain", "source", name=op.f("pk_learner_trend")),
        sqlite_with_rowid=False,
        if_not_exists=True,
    )
    op.create_table(
        "point_count",
        sa.Column("cohort_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("domain", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("point_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("cohort_id", "week", "domain", "source", "point_id", name=op.f("pk_point_count")),
        sqlite_with_rowid=False,
        if_not_exists=True,
    )
    op.create_table(
        "point_text",
        sa.Column("id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("domain", sa.String(length=40), nullable=False),
        sa.Column("skill", sa.String(length=40), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("question_id", sa.String(length=64), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_text")),
        if_not_exists=True,
    )
    op.drop_table("cube_week", if_exists=True)
    op.create_table(
        "cube_week",
        sa.Column("cohort_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("domain", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("started", sa.Integer(), nullable=False),
        sa.Column("finished", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("ungraded", sa.Integer(), nullable=False),
        sa.Column("hints", sa.Integer(), nullable=False),
        sa.Column("level_total", sa.Integer(), nullable=False),
        *score_counts(),
        sa.PrimaryKeyConstraint("cohort_id", "week", "domain", "source", "mode", name=op.f("pk_cube_week")),
        sqlite_with_rowid=False,
        if_not_exists=True,
    )


def downgrade() -> None:
    for name in ("cube_week", "point_text", "point_count", "learner_trend", "learner_count", "active_week"):
        op.drop_table(name, if_exists=True)
    op.create_table(
        "cube_week",
        sa.Column("cohort_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("domain", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("started", sa.Integer(), nullable=False),
        sa.Column("finished", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("cohort_id", "week", "domain", "source", name=op.f("pk_cube_week")),
        sqlite_with_rowid=False,
        if_not_exists=True,
    )
