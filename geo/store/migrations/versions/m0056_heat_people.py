"""How many people reported what lies in a cell is kept as issues come and change, by source too."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0056"
down_revision = "0055"


def upgrade() -> None:
    run_sql("m0056_heat_people.sql")


def downgrade() -> None:
    run_sql("m0056_down.sql")
