"""Tables beside the twelve nouns: photos, comments, links, accounts, calendar, codes, bands."""

from __future__ import annotations

from typing import Final

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY, INT8MULTIRANGE, JSONB

from geo.store.schema.columns import (
    METADATA,
    code,
    count,
    flag,
    geometry,
    kept,
    number,
    path,
    plan,
    text,
    time,
)

ATTACHMENT: Final = Table(
    "attachment",
    METADATA,
    number(),
    Column("issue", BigInteger, ForeignKey("issue.id")),
    Column("task", BigInteger, ForeignKey("task.id")),
    Column("stage", Text, nullable=False),
    code("sha256", must=True),
    code("stored", must=True),
    Column("kind", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("taken_at", DateTime(timezone=True)),
    Column("finding", Text, nullable=False),
    Column("away_m", Double),
    path(),
    *kept(),
)
COMMENT: Final = Table(
    "comment",
    METADATA,
    number(),
    Column("plan", BigInteger, ForeignKey("plan.id", ondelete="CASCADE"), nullable=False),
    Column("answers", BigInteger, ForeignKey("comment.id", ondelete="CASCADE")),
    geometry(kind="POINT", must=False),
    Column("text", Text, nullable=False),
    code("settled_by"),
    Column("settled_at", DateTime(timezone=True)),
    *kept(),
)
PRESENCE: Final = Table(
    "presence",
    METADATA,
    plan(key=True),
    code("person", key=True),
    text("tool"),
    geometry(kind="POINT", must=False),
    time("seen_at"),
)
LINK: Final = Table(
    "link",
    METADATA,
    number(),
    Column("kind", Text, nullable=False),
    Column("party", Text(collation="C"), ForeignKey("party.code"), nullable=False),
    Column("task", BigInteger, ForeignKey("task.id", ondelete="CASCADE")),
    Column("day", Date),
    Column("serial", Integer, nullable=False, server_default="1"),
    code("device"),
    Column("opened_at", DateTime(timezone=True)),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
    path(),
    *kept(),
)
ASKED_ONCE: Final = Table(
    "asked_once",
    METADATA,
    code("person", key=True),
    code("key", key=True),
    code("digest", must=True),
    time("made_at"),
)
CALENDAR: Final = Table(
    "calendar",
    METADATA,
    Column("day", Date, primary_key=True),
    Column("works", Boolean, nullable=False),
    text("name"),
)
CODE_HISTORY: Final = Table(
    "code_history",
    METADATA,
    code("old_code", key=True),
    code("new_code", key=True),
    text("old_name"),
    text("new_name"),
    Column("valid_from", Date),
    Column("valid_to", Date),
)
RULE: Final = Table(
    "rule",
    METADATA,
    code("name", key=True),
    Column("low", Integer),
    Column("high", Integer),
)
RULES_CHANGED: Final = Table(
    "rules_changed",
    METADATA,
    Column("slot", SmallInteger, primary_key=True, autoincrement=False),
    Column("times", BigInteger, nullable=False),
)
HEAT_CHANGE: Final = Table(
    "heat_change",
    METADATA,
    Column("x", Integer, nullable=False),
    Column("y", Integer, nullable=False),
    Column("path", ARRAY(Text(collation="C")), nullable=False),
    Column("issues", Integer, nullable=False),
    Column("open", Integer, nullable=False),
    Column("source", Text, nullable=False),
    code("reporter"),
)
HEAT_CELL: Final = Table(
    "heat_cell",
    METADATA,
    Column("level", SmallInteger, primary_key=True),
    Column("x", Integer, primary_key=True),
    Column("y", Integer, primary_key=True),
    Column("path", ARRAY(Text(collation="C")), primary_key=True),
    Column("source", Text, primary_key=True),
    Column("issues", Integer, nullable=False),
    Column("open", Integer, nullable=False),
    Column("again", ARRAY(Integer)),
)
DAY_CHANGE: Final = Table(
    "day_change",
    METADATA,
    Column("day", Date, nullable=False),
    Column("path", ARRAY(Text(collation="C")), nullable=False),
    Column("source", Text, nullable=False),
    Column("issues", Integer, nullable=False),
    Column("open", Integer, nullable=False),
)
DAY_COUNT: Final = Table(
    "day_count",
    METADATA,
    code("area", key=True),
    Column("day", Date, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("path", ARRAY(Text(collation="C")), primary_key=True),
    Column("issues", Integer, nullable=False),
    Column("open", Integer, nullable=False),
)
EDITION: Final = Table(
    "edition",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("revisions", JSONB, nullable=False),
    Column("batch", BigInteger, nullable=False, server_default="0"),
    time("made_at"),
)
SHAPE: Final = Table(
    "shape",
    METADATA,
    number(),
    Column("kind", Text, nullable=False),
    Column("level", SmallInteger, nullable=False),
    code("code", must=True),
    text("name"),
    Column("class", Text),
    code("parent"),
    flag("special"),
    *(Column(name, Integer) for name in ("households", "low", "high", "grids", "in_band")),
    Column("mark", Text, nullable=False),
    Column("geom", Geometry("GEOMETRY", srid=3857, spatial_index=False), nullable=False),
    Column("since", Integer, ForeignKey("edition.number"), nullable=False),
    Column("until", Integer, ForeignKey("edition.number")),
)
ACCOUNT: Final = Table(
    "account",
    METADATA,
    Column("party", Text(collation="C"), ForeignKey("party.code"), primary_key=True),
    Column("name", Text(collation="C"), nullable=False, unique=True),
    code("password"),
    Column("one_time_until", DateTime(timezone=True)),
    Column("subject", Text(collation="C"), unique=True),
    count("failures"),
    Column("waits_until", DateTime(timezone=True)),
    Column("signed_in_at", DateTime(timezone=True)),
    Column("closed_at", DateTime(timezone=True)),
    *kept(),
)
SESSION: Final = Table(
    "session",
    METADATA,
    code("digest", key=True),
    Column(
        "party",
        Text(collation="C"),
        ForeignKey("account.party", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("way", Text, nullable=False),
    time("seen_at"),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    time("made_at"),
)
DEVICE: Final = Table(
    "device",
    METADATA,
    code("digest", key=True),
    Column(
        "party",
        Text(collation="C"),
        ForeignKey("account.party", ondelete="CASCADE"),
        nullable=False,
    ),
    count("failures"),
    Column("waits_until", DateTime(timezone=True)),
    Column("ends_at", DateTime(timezone=True), nullable=False),
)
SEAL: Final = Table(
    "seal",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("ids", INT8MULTIRANGE, nullable=False),
    Column("events", Integer, nullable=False),
    *(Column(name, LargeBinary, nullable=False) for name in ("leaves", "digest")),
    Column("hash", LargeBinary, nullable=False, unique=True),
    Column("until", BigInteger, nullable=False),
    Column("sealed_at", DateTime(timezone=True), nullable=False),
)
CONTACT: Final = Table(
    "contact",
    METADATA,
    code("reporter", key=True),
    *(Column(name, LargeBinary, nullable=False) for name in ("wrapped", "sealed")),
    time("made_at"),
)
SAID: Final = Table(
    "said",
    METADATA,
    Column("event", BigInteger, primary_key=True, autoincrement=False),
    Column("words", JSONB, nullable=False),
    Column("salt", LargeBinary, nullable=False),
)
PACE: Final = Table(
    "pace",
    METADATA,
    Column("minute", BigInteger, primary_key=True, autoincrement=False),
    code("key", key=True),
    Column("count", Integer, nullable=False),
)
