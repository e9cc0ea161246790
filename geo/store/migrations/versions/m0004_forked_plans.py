"""Plans that were forked from another."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    run_sql("m0004_forked_plans.sql")


def downgrade() -> None:
    run_sql("m0004_down.sql")
