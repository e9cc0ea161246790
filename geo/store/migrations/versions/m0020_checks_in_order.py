"""What costs least is asked first of a new task, and of who sees its issue."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    run_sql("m0020_checks_in_order.sql")


def downgrade() -> None:
    run_sql("m0020_down.sql")
