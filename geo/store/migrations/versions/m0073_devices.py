"""Browsers that somebody signed in with before wait for their own wrong passwords alone."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0073"
down_revision = "0072"


def upgrade() -> None:
    run_sql("m0073_devices.sql")


def downgrade() -> None:
    run_sql("m0073_down.sql")
