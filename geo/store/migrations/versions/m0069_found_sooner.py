"""The latest issues in their order; a party's tasks in an index that moving them writes less of."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0069"
down_revision = "0065"


def upgrade() -> None:
    run_sql("m0069_found_sooner.sql")


def downgrade() -> None:
    run_sql("m0069_down.sql")
