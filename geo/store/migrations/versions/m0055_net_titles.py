"""Nets are called by a name, not by their code."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0055"
down_revision = "0054"


def upgrade() -> None:
    run_sql("m0055_net_titles.sql")


def downgrade() -> None:
    run_sql("m0055_down.sql")
