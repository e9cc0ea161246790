"""Services whose issues are sent where they come in, to whoever answers for the place."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    run_sql("m0010_sent_by_rule.sql")


def downgrade() -> None:
    run_sql("m0010_down.sql")
