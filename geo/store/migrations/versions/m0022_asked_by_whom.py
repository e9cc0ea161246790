"""What a function says of an issue with its owner's rights, it says to who sees the issue."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    run_sql("m0022_asked_by_whom.sql")


def downgrade() -> None:
    run_sql("m0022_down.sql")
