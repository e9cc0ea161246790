"""Tasks are numbered before they are made."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0083"
down_revision = "0082"


def upgrade() -> None:
    run_sql("m0083_numbered.sql")


def downgrade() -> None:
    run_sql("m0083_down.sql")
