"""A department's load counts all it has to do, not only what it was whistled for."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0085"
down_revision = "0075"


def upgrade() -> None:
    run_sql("m0085_load.sql")


def downgrade() -> None:
    run_sql("m0085_down.sql")
