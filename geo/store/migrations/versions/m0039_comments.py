"""Comments on places of a draft, and who has it open."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    run_sql("m0039_comments.sql")


def downgrade() -> None:
    run_sql("m0039_down.sql")
