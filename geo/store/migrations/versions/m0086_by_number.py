"""Events of what one sees are found by its number on every version of PostgreSQL."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0086"
down_revision = "0083"


def upgrade() -> None:
    run_sql("m0086_by_number.sql")


def downgrade() -> None:
    run_sql("m0086_down.sql")
