"""Who writes an issue down finds out nothing of whom she names as its reporter."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0076"
down_revision = "0099"


def upgrade() -> None:
    run_sql("m0076_counts_of_callers.sql")


def downgrade() -> None:
    run_sql("m0076_down.sql")
