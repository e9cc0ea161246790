"""A link is seen by who dispatches where it leads, not by who once made it."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0099"
down_revision = "0098"


def upgrade() -> None:
    run_sql("m0099_links_of_the_place.sql")


def downgrade() -> None:
    run_sql("m0099_down.sql")
