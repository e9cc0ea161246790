"""A resident is asked once all who lead are done, not once the last who was called is."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0089"
down_revision = "0086"


def upgrade() -> None:
    run_sql("m0089_all_done.sql")


def downgrade() -> None:
    run_sql("m0089_down.sql")
