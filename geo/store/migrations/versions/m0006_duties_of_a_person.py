"""The duties of one person found at once, whoever asks: every policy asks for them."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    run_sql("m0006_duties_of_a_person.sql")


def downgrade() -> None:
    run_sql("m0006_down.sql")
