"""A link is bound to the first device on which it is used, not to the first that looks."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0078"
down_revision = "0073"


def upgrade() -> None:
    run_sql("m0078_links_touched.sql")


def downgrade() -> None:
    run_sql("m0078_down.sql")
