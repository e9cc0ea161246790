"""A contact is shown for a reason alone, asked in whatever way: no reason is an error."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0043"
down_revision = "0042"


def upgrade() -> None:
    run_sql("m0043_reasons.sql")


def downgrade() -> None:
    run_sql("m0043_down.sql")
