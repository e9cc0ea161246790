"""How a reporter is reached, where a city keeps that: encrypted by a key of each person."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    run_sql("m0042_contacts.sql")


def downgrade() -> None:
    run_sql("m0042_down.sql")
