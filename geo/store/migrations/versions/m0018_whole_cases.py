"""A step counts all tasks of its issue; words of what is confidential are kept close."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    run_sql("m0018_whole_cases.sql")


def downgrade() -> None:
    run_sql("m0018_down.sql")
