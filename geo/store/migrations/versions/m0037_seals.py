"""History cannot be edited, and is sealed in a chain; auditors read that it was."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    run_sql("m0037_seals.sql")


def downgrade() -> None:
    run_sql("m0037_down.sql")
