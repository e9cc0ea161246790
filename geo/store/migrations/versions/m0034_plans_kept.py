"""What policies ask of duties and tasks keeps its plans for the length of a connection."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    run_sql("m0034_plans_kept.sql")


def downgrade() -> None:
    run_sql("m0034_down.sql")
