"""Shapes of areas as tiles draw them: in web-mercator, plainer at each zoom, by edition."""

from __future__ import annotations

from geo.store.migrations import run_sql

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    run_sql("m0026_shapes.sql")


def downgrade() -> None:
    run_sql("m0026_down.sql")
