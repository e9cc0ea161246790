"""Run by alembic: the migration itself, on the connection that `geo.store.migrations` opened."""

from __future__ import annotations

from alembic import context

from geo.store.schema.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transaction_per_migration=False,
)
context.run_migrations()
