"""The log of events grows at its end."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    run_sql("m0038_appended.sql")


def downgrade() -> None:
    run_sql("m0038_down.sql")
