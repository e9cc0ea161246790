"""Plans that come into force on a day to come, and plans that come back when another is undone."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    run_sql("m0003_scheduled_plans.sql")


def downgrade() -> None:
    run_sql("m0003_down.sql")
