"""The phone links of who has left the city open nothing."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0098"
down_revision = "0091"


def upgrade() -> None:
    run_sql("m0098_links_of_who_left.sql")


def downgrade() -> None:
    run_sql("m0098_down.sql")
