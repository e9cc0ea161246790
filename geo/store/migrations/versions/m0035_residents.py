"""Whoever reported something without an account follows it, and answers whether it was solved."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    run_sql("m0035_residents.sql")


def downgrade() -> None:
    run_sql("m0035_down.sql")
