"""Which events each of several persons may see, asked at once."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    run_sql("m0014_stream.sql")


def downgrade() -> None:
    run_sql("m0014_down.sql")
