"""The end of an issue closes tasks that were handed in, and withdraws the others."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0068"
down_revision = "0067"


def upgrade() -> None:
    run_sql("m0068_handed_in.sql")


def downgrade() -> None:
    run_sql("m0068_down.sql")
