"""How often something is asked for is counted in all processes together."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    run_sql("m0044_pace.sql")


def downgrade() -> None:
    run_sql("m0044_down.sql")
