"""Whoever may whistle learns how much a department has to do, and nothing of what it is."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    run_sql("m0032_whistle_load.sql")


def downgrade() -> None:
    run_sql("m0032_down.sql")
