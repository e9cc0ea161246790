"""Who outside hears of which events, each delivery, and the moment each event was written in."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    run_sql("m0013_queue.sql", "m0013_outbox.sql")


def downgrade() -> None:
    run_sql("m0013_down.sql")
