"""What people say in a step stands beside history, where it can be taken away again."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0052"
down_revision = "0044"


def upgrade() -> None:
    run_sql("m0052_said.sql")


def downgrade() -> None:
    run_sql("m0052_down.sql")
