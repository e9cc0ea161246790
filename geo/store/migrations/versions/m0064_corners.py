"""A publication gives areas around it corners on their edges, and changes nothing else of them."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0064"
down_revision = "0058"


def upgrade() -> None:
    run_sql("m0064_corners.sql")


def downgrade() -> None:
    run_sql("m0064_down.sql")
