"""What was found in a file of issues is kept without what its rows say."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0058"
down_revision = "0056"


def upgrade() -> None:
    run_sql("m0058_reports_without_words.sql")


def downgrade() -> None:
    run_sql("m0058_down.sql")
