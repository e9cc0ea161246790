"""What came within a period, what runs, and what waits for a leader is found by indexes."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0091"
down_revision = "0087"


def upgrade() -> None:
    run_sql("m0091_by_period.sql")


def downgrade() -> None:
    run_sql("m0091_down.sql")
