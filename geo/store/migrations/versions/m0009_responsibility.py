"""Rows of the responsibility list: a number each, its basis, and the words nobody could place."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    run_sql("m0009_responsibility.sql")


def downgrade() -> None:
    run_sql("m0009_down.sql")
