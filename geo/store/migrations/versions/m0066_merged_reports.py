"""Of issues merged into another one: which they are, and whose reporters said that it will do."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0066"
down_revision = "0071"


def upgrade() -> None:
    run_sql("m0066_merged_reports.sql")


def downgrade() -> None:
    run_sql("m0066_down.sql")
