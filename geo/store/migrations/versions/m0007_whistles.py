"""Departments whistled for, their arrival, and what is provisionally the subdistrict's."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    run_sql("m0007_whistles.sql")


def downgrade() -> None:
    run_sql("m0007_down.sql")
