"""What one wrote down oneself is read while one has a duty; of issues not seen no word is told."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0072"
down_revision = "0066"


def upgrade() -> None:
    run_sql("m0072_own_reports.sql")


def downgrade() -> None:
    run_sql("m0072_down.sql")
