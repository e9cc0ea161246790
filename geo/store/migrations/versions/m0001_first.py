"""Tables, roles' rights and row-level security of the first version."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0001"
down_revision = None


def upgrade() -> None:
    run_sql("m0001_tables.sql", "m0001_policies.sql")


def downgrade() -> None:
    run_sql("m0001_down.sql")
