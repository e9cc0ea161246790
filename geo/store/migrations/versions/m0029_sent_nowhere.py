"""Whoever dispatches sees the tasks of an issue that lies nowhere, as it sees the issue."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    run_sql("m0029_sent_nowhere.sql")


def downgrade() -> None:
    run_sql("m0029_down.sql")
