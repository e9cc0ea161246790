"""What happened, and what leaves of it: hooks (who outside hears of what), each delivery."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, DateTime, FetchedValue, ForeignKey, Integer, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from geo.store.schema.columns import METADATA, code, count, kept, number, path, text, time

EVENT: Final = Table(
    "event",
    METADATA,
    number(),
    Column("noun", Text, nullable=False),
    code("subject", must=True),
    Column("name", Text, nullable=False),
    Column("detail", JSONB, nullable=False, server_default="{}"),
    path(),
    code("person", must=True),
    time("at"),
    Column("xact", BigInteger, nullable=False, server_default=FetchedValue()),
)
HOOK: Final = Table(
    "hook",
    METADATA,
    number(),
    code("name", must=True),
    Column("kind", Text, nullable=False, server_default="webhook"),
    text("url"),
    Column("nouns", ARRAY(Text(collation="C")), nullable=False, server_default="{}"),
    Column("names", ARRAY(Text(collation="C")), nullable=False, server_default="{}"),
    code("area", must=True),
    path(),
    Column("party", Text(collation="C"), ForeignKey("party.code")),
    Column("rests_until", DateTime(timezone=True)),
    Column("removed_at", DateTime(timezone=True)),
    *kept(),
)
DELIVERY: Final = Table(
    "delivery",
    METADATA,
    number(),
    Column("hook", BigInteger, ForeignKey("hook.id"), nullable=False),
    Column("event", BigInteger, ForeignKey("event.id"), nullable=False),
    Column("task", BigInteger, ForeignKey("task.id")),
    Column("state", Text, nullable=False, server_default="pending"),
    count("attempts"),
    Column("status", Integer),
    text("said"),
    text("reference"),
    time("made_at"),
    Column("tried_at", DateTime(timezone=True)),
    Column("next_at", DateTime(timezone=True)),
)
NOTICE_READ: Final = Table(
    "notice_read",
    METADATA,
    code("person", key=True),
    code("kind", key=True),
    Column("task", BigInteger, ForeignKey("task.id", ondelete="CASCADE"), primary_key=True),
    Column("since", DateTime(timezone=True), primary_key=True),
    time("read_at"),
)
