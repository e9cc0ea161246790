"""Call-backs may come again after rework; reviews are found by their issue."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    run_sql("m0015_call_backs.sql")


def downgrade() -> None:
    run_sql("m0015_down.sql")
