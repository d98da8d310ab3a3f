"""What Alembic runs: the revisions on the connection that core.storage.migrate hands over."""

from alembic import context

from core.storage import (  # noqa: F401  their tables are Base's too
    alias_tables,
    bench_tables,
    count_tables,
    feedback_tables,
    goal_tables,
    programme_tables,
    recording_tables,
    review_tables,
    sign_in_tables,
    text_tables,
    usage_tables,
)
from core.storage.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite alters a table by copying it
    user_module_prefix="tables.",
    on_version_apply=context.config.attributes["on_version_apply"],
)
with context.begin_transaction():
    context.run_migrations()
