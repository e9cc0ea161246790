"""Who reported an issue (as a key), against whom, in confidence; how its position came about."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    run_sql("m0008_intake.sql")


def downgrade() -> None:
    run_sql("m0008_down.sql")
