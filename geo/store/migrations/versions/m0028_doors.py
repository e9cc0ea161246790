"""Visits know the door they were at, and what was found there."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    run_sql("m0028_doors.sql")


def downgrade() -> None:
    run_sql("m0028_down.sql")
