"""How many scores an interview has at each level; read here from its turns and grades."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

NAMES = [f"level{level}" for level in range(1, 6)]


def upgrade() -> None:
    for name in NAMES:
        op.add_column("interview_rollup", sa.Column(name, sa.SmallInteger(), server_default="0", nullable=False))
    numbers = ", ".join(f"{name} = {_number(name[-1])}" for name in NAMES)
    op.execute(f"UPDATE interview_rollup SET {numbers} WHERE n > 0")  # noqa: S608 all our own names


def _number(level: str) -> str:
    return (
        "(SELECT COUNT(*) FROM turn JOIN grade ON grade.turn_id = turn.id "  # noqa: S608 all our own names
        f"WHERE turn.interview_id = interview_rollup.interview_id AND turn.level = {level} "
        "AND grade.is_current AND grade.score IS NOT NULL)"
    )


def downgrade() -> None:
    for name in reversed(NAMES):
        op.drop_column("interview_rollup", name)  # in place: SQLite would empty what hangs on a table that is made anew
