"""A duty that a revision ended says until when it would have held."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0082"
down_revision = "0085"


def upgrade() -> None:
    run_sql("m0082_held_to.sql")


def downgrade() -> None:
    run_sql("m0082_down.sql")
