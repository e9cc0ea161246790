"""Issues handled to their end: returns, rulings, clocks, requests, results."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    run_sql("m0005_handling.sql")


def downgrade() -> None:
    run_sql("m0005_down.sql")
