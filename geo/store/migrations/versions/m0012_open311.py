"""What anybody may learn of issues, and what their reporters answered to a service's form."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    run_sql("m0012_open311.sql")


def downgrade() -> None:
    run_sql("m0012_down.sql")
