"""Scores by level: summed here from the cube, which takes seconds where counting anew would take minutes."""

import sqlalchemy as sa
from alembic import op

from core.storage.migration_columns import score_counts

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "level_week",
        sa.Column("cohort_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("domain", sa.String(length=40), nullable=False),
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        *score_counts(),
        sa.PrimaryKeyConstraint("cohort_id", "week", "domain", "level", "source", "mode", name=op.f("pk_level_week")),
        sqlite_with_rowid=False,
        if_not_exists=True,
    )
    op.execute("DELETE FROM level_week")
    keys = "cohort_id, week, domain, level, source, mode"
    counted = ["n", "total", *(f"h{score}" for score in range(1, 11))]
    sums = ", ".join(f"SUM({name})" for name in counted)
    summed = f"SELECT {keys}, {sums} FROM score_cube WHERE n > 0 GROUP BY {keys}"  # noqa: S608 all our own names
    op.execute(f"INSERT INTO level_week ({keys}, {', '.join(counted)}) {summed}")


def downgrade() -> None:
    op.drop_table("level_week")
