"""A reporter is called back about an issue that lies nowhere, too."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    run_sql("m0033_called_back_nowhere.sql")


def downgrade() -> None:
    run_sql("m0033_down.sql")
