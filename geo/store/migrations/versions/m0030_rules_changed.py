"""What decides whose an issue is has a count of its changes, so that it can be kept in memory."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    run_sql("m0030_rules_changed.sql")


def downgrade() -> None:
    run_sql("m0030_down.sql")
