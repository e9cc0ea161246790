"""No index of due times: nobody asks it, and every step of a task wrote it."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0054"
down_revision = "0052"


def upgrade() -> None:
    run_sql("m0054_less_to_keep.sql")


def downgrade() -> None:
    run_sql("m0054_down.sql")
