"""Photos, reviews, the calendar as a table, limits of a service, tasks that are of no issue."""

from __future__ import annotations

from alembic import op

from geo.calendar import calendar
from geo.store.migrations import run_sql

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    run_sql("m0011_photos_reviews.sql")
    days = calendar().assign(day=lambda table: table["day"].dt.strftime("%Y-%m-%d"))
    op.get_bind().exec_driver_sql(
        "insert into calendar (day, works, name) values (%(day)s, %(works)s, %(name)s)",
        days.to_dict("records"),
    )


def downgrade() -> None:
    run_sql("m0011_down.sql")
