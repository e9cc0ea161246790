"""A task of no issue is written down once, and knows whether its due time was given."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    run_sql("m0027_written_down.sql")


def downgrade() -> None:
    run_sql("m0027_down.sql")
