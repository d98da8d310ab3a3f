"""Replies given before counted."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    interview = sa.table("interview", sa.column("id"), sa.column("week"), sa.column("is_sample", sa.Boolean()))
    turn = sa.table("turn", *(sa.column(name) for name in ("interview_id", "engine", "model", "prompt_digest")))
    kept = sa.case((sa.column("complied", sa.Boolean()).is_(True), 1), else_=0)
    keys = [interview.c.week, turn.c.engine, turn.c.model, turn.c.prompt_digest]
    counted = (
        sa.select(*keys, sa.func.count(), sa.func.sum(kept))
        .select_from(turn.join(interview, interview.c.id == turn.c.interview_id))
        .where(interview.c.is_sample.is_(False))
        .group_by(*keys)
    )
    names = ["week", "engine", "model", "prompt_digest", "n", "kept"]
    table = sa.table("reply_count", *(sa.column(name) for name in names))
    op.execute(sa.insert(table).from_select(names, counted))


def downgrade() -> None:
    op.execute(sa.delete(sa.table("reply_count")))
