"""What is held is found by itself, and the sections of an organisation by it."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0075"
down_revision = "0074"


def upgrade() -> None:
    run_sql("m0075_work_found.sql")


def downgrade() -> None:
    run_sql("m0075_down.sql")
