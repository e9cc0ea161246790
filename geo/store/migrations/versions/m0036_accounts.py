"""Accounts of persons, and the browsers in which they are signed in."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    run_sql("m0036_accounts.sql")


def downgrade() -> None:
    run_sql("m0036_down.sql")
