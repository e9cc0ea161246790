"""What came within a period, and what waits among all tasks, is found by indexes by whoever asks."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0091"
down_revision = "0089"


def upgrade() -> None:
    run_sql("m0091_by_period.sql")


def downgrade() -> None:
    run_sql("m0091_down.sql")
