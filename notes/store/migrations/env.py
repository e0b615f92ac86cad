"""What Alembic runs: the migrations over the connection that `notes.store.migrations` hands in."""

from alembic import context

from notes.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
