"""Appeals to strike a task from the rates; an index of who is awaited on the spot."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    run_sql("m0019_appeals.sql")


def downgrade() -> None:
    run_sql("m0019_down.sql")
