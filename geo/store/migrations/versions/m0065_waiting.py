"""Tasks that wait for a word of whoever gave them are found by an index."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0065"
down_revision = "0068"


def upgrade() -> None:
    run_sql("m0065_waiting.sql")


def downgrade() -> None:
    run_sql("m0065_down.sql")
