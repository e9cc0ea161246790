"""A dump can be read back: a trigger's condition compares shapes as bytes."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    run_sql("m0040_read_back.sql")


def downgrade() -> None:
    run_sql("m0040_down.sql")
