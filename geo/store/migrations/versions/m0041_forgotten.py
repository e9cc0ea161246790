"""What somebody said is forgotten after its time, or when that person asks for it."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    run_sql("m0041_forgotten.sql")


def downgrade() -> None:
    run_sql("m0041_down.sql")
