"""Marks of the notices that a person has read."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    run_sql("m0017_notices.sql")


def downgrade() -> None:
    run_sql("m0017_down.sql")
