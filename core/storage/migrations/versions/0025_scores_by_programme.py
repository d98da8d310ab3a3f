"""Scores by programme: summed here from the counts of its cohorts."""

import sqlalchemy as sa
from alembic import op

from core.storage.migration_columns import score_counts

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.create_table(
        "programme_cube",
        sa.Column("programme_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("skill", sa.String(length=40), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("domain", sa.String(length=40), nullable=False),
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        *score_counts(),
        sa.PrimaryKeyConstraint(
            "programme_id", "skill", "week", "domain", "level", "source", "mode", name=op.f("pk_programme_cube")
        ),
        sqlite_with_rowid=False,
        if_not_exists=True,
    )
    op.execute("DELETE FROM programme_cube")
    _sum("level_week", "''")
    _sum("score_cube", "skill")


def _sum(table: str, skill: str) -> None:
    counted = ["n", "total", *(f"h{score}" for score in range(1, 11))]
    rest = "week, domain, level, source, mode"
    summed = (
        f"SELECT cohort.programme_id, {skill}, {rest}, {', '.join(f'SUM({name})' for name in counted)} "  # noqa: S608 all our own names
        f"FROM {table} JOIN cohort ON cohort.id = {table}.cohort_id WHERE n > 0 "
        f"GROUP BY cohort.programme_id, {skill}, {rest}"
    )
    op.execute(f"INSERT INTO programme_cube (programme_id, skill, {rest}, {', '.join(counted)}) {summed}")


def downgrade() -> None:
    op.drop_table("programme_cube")
