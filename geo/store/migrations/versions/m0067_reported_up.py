"""Whoever holds an issue may make the task of somebody above: an issue reported up."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0067"
down_revision = "0064"


def upgrade() -> None:
    run_sql("m0067_reported_up.sql")


def downgrade() -> None:
    run_sql("m0067_down.sql")
