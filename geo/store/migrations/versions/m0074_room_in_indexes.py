"""Pages of the indexes that a move must add to, and does not change, keep room for it."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0074"
down_revision = "0078"


def upgrade() -> None:
    run_sql("m0074_room_in_indexes.sql")


def downgrade() -> None:
    run_sql("m0074_down.sql")
