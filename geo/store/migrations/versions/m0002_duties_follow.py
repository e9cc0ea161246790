"""Duties that follow the grids: which revision opened and which ended each."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    run_sql("m0002_duties_follow.sql")


def downgrade() -> None:
    run_sql("m0002_down.sql")
