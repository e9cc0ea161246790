"""Reports of imports are read by the owner alone: they repeat what was found in files."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    run_sql("m0021_batches.sql")


def downgrade() -> None:
    run_sql("m0021_down.sql")
