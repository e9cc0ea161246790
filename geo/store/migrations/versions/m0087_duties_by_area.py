"""Duties of areas one approves are found by their code, not in a list of all areas."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0087"
down_revision = "0089"


def upgrade() -> None:
    run_sql("m0087_duties_by_area.sql")


def downgrade() -> None:
    run_sql("m0087_down.sql")
