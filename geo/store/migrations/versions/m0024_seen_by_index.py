"""What somebody sees of issues and events is found by indexes, not looked through."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    run_sql("m0024_seen_by_index.sql")


def downgrade() -> None:
    run_sql("m0024_down.sql")
