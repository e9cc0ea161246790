"""Links that open a task or a worker's day on a phone; what is asked for twice is done once."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    run_sql("m0025_links.sql")


def downgrade() -> None:
    run_sql("m0025_down.sql")
