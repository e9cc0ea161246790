"""Heat by service, state and period is counted without asking of each issue who may see it."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    run_sql("m0031_heat_over.sql")


def downgrade() -> None:
    run_sql("m0031_down.sql")
