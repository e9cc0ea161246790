"""Issues counted in cells, kept as they come and change, for a map of a whole city."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    run_sql("m0023_heat.sql")


def downgrade() -> None:
    run_sql("m0023_down.sql")
