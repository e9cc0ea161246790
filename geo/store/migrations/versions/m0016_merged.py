"""Sources of what was merged into an issue: each reporter is called back before it is closed."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    run_sql("m0016_merged.sql")


def downgrade() -> None:
    run_sql("m0016_down.sql")
