"""How many issues came on each day, kept: what a board is told follows the days, not the issues."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0071"
down_revision = "0069"


def upgrade() -> None:
    run_sql("m0071_days_counted.sql")


def downgrade() -> None:
    run_sql("m0071_down.sql")
