"""The store's tables, as SQLAlchemy and GeoAlchemy2 know them; made by the migrations.

A test holds them and the migrated database together. Geometries are EPSG:4326; indexes on them
are named in the migrations (GeoAlchemy2's implicit ones would be made twice).
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Integer,
    Table,
    Text,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from geo.store.schema.columns import METADATA
from geo.store.schema.columns import batch as _batch
from geo.store.schema.columns import code as _code
from geo.store.schema.columns import count as _count
from geo.store.schema.columns import flag as _flag
from geo.store.schema.columns import geometry as _geometry
from geo.store.schema.columns import kept as _kept
from geo.store.schema.columns import number as _number
from geo.store.schema.columns import parent as _parent
from geo.store.schema.columns import path as _path
from geo.store.schema.columns import plan as _plan
from geo.store.schema.columns import text as _text
from geo.store.schema.columns import time as _time
from geo.store.schema.outgoing_tables import DELIVERY, EVENT, HOOK, NOTICE_READ
from geo.store.schema.support_tables import ATTACHMENT, CALENDAR, CODE_HISTORY, RULE

__all__ = [
    "ATTACHMENT",
    "CALENDAR",
    "CODE_HISTORY",
    "DELIVERY",
    "EVENT",
    "HOOK",
    "METADATA",
    "NOTICE_READ",
    "RULE",
]

NET: Final = Table("net", METADATA, _code("name", key=True), _count("number"), _text("title"))
REVISION: Final = Table(
    "revision",
    METADATA,
    Column("net", Text(collation="C"), ForeignKey("net.name"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    _code("scope"),
    _path(),
    _plan(),
    _batch(),
    Column("undoes", Integer),
    Column("effective_on", Date, nullable=False),
    *_kept(),
)
AREA: Final = Table(
    "area",
    METADATA,
    _number(),
    _code("net", must=True),
    Column("kind", Text, nullable=False),
    _code("code", must=True),
    _text("name"),
    _code("parent"),
    Column("rule", Text),
    _flag("special"),
    Column("class", Text),
    _path(),
    _geometry(),
    Column("valid_from", Integer, nullable=False),
    Column("valid_to", Integer),
)
PLAN: Final = Table(
    "plan",
    METADATA,
    _number(),
    _code("net", must=True),
    _code("scope", must=True),
    _path(),
    Column("title", Text, nullable=False),
    Column("base", Integer, nullable=False),
    Column("state", Text, nullable=False, server_default="draft"),
    Column("effective_on", Date),
    Column("revision", Integer),
    Column("version", Integer, nullable=False, server_default="1"),
    *_kept(),
    _code("scheduled_by"),
    Column("superseded_by", Integer),
    Column("forked_from", BigInteger, ForeignKey("plan.id")),
)
ATOM: Final = Table(
    "atom",
    METADATA,
    _plan(key=True),
    _code("code", key=True),
    _count("households"),
    _code("within", must=True),
    _code("estate"),
    _code("grid"),
    _code("previous"),
    _geometry(),
)
DRAFT_AREA: Final = Table(
    "draft_area",
    METADATA,
    _plan(key=True),
    _code("code", key=True),
    _text("name"),
    _code("parent", must=True),
    Column("rule", Text),
    _flag("special"),
    _count("households"),
    _geometry(),
)
PLACE: Final = Table(
    "place",
    METADATA,
    _number(),
    Column("kind", Text, nullable=False),
    _code("code", must=True),
    _text("name"),
    _text("address"),
    _count("households"),
    _count("dwellings"),
    _count("people"),
    Column("floors", Integer),
    Column("units", Integer),
    _code("estate"),
    _code("grid"),
    Column("class", Text),
    _geometry("footprint", must=False),
    _geometry(kind="POINT"),
    _batch(),
)
PARTY: Final = Table(
    "party",
    METADATA,
    _code("code", key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    _parent("party.code"),
    Column("ended_on", Date),
)
SERVICE: Final = Table(
    "service",
    METADATA,
    _code("code", key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False, server_default="request"),
    _parent("service.code"),
    Column("default_role", Text, nullable=False, server_default="grid_worker"),
    _flag("self_close"),
    _flag("auto_send"),
    _flag("needs_photo"),
    Column("answer_days", Double),
    Column("calendar", Text, nullable=False, server_default="working"),
    _flag("public", "true"),
    _text("form"),
)
DUTY: Final = Table(
    "duty",
    METADATA,
    _number(),
    Column("party", Text(collation="C"), ForeignKey("party.code")),
    Column("role", Text, nullable=False),
    _code("net"),
    _code("area"),
    _code("service"),
    _flag("lead", "true"),
    _flag("full_time", "true"),
    Column("valid_from", Date, nullable=False, server_default=func.current_date()),
    Column("valid_to", Date),
    Column("since", Integer),
    Column("until", Integer),
    Column("held_to", Date),
    Column("row_number", BigInteger),
    _text("basis"),
    Column("said", JSONB, nullable=False, server_default="{}"),
)
ISSUE: Final = Table(
    "issue",
    METADATA,
    _number(),
    Column("source", Text, nullable=False),
    _code("reference", must=True),
    _code("service"),
    _text("text"),
    _text("address"),
    Column("reported_at", DateTime(timezone=True)),
    Column("due_at", DateTime(timezone=True)),
    Column("accuracy_m", Double),
    _geometry(kind="POINT", must=False),
    _code("grid"),
    _code("community"),
    _code("subdistrict"),
    _code("lane"),
    _path(),
    Column("grid_revision", Integer, nullable=False),
    Column("admin_revision", Integer, nullable=False),
    Column("state", Text, nullable=False, server_default="new"),
    Column("outcome", Text),
    Column("version", Integer, nullable=False, server_default="1"),
    _batch(),
    _code("received_by", must=True),
    _time("received_at"),
    _count("returns"),
    _flag("ruled"),
    Column("merged_into", BigInteger, ForeignKey("issue.id")),
    _code("reporter"),
    _code("against"),
    _flag("confidential"),
    _text("located_by"),
    _code("located_as"),
    Column("located_score", Double),
    _geometry("given", "POINT", must=False),
    Column("forgotten_at", DateTime(timezone=True)),
)
TASK: Final = Table(
    "task",
    METADATA,
    _number(),
    Column("issue", BigInteger, ForeignKey("issue.id")),
    Column("kind", Text, nullable=False, server_default="handle"),
    Column("party", Text(collation="C"), ForeignKey("party.code")),
    Column("role", Text),
    _flag("lead", "true"),
    Column("net", Text(collation="C"), nullable=False, server_default="grid"),
    _code("area"),
    _path(),
    Column("due_at", DateTime(timezone=True)),
    Column("state", Text, nullable=False, server_default="sent"),
    Column("version", Integer, nullable=False, server_default="1"),
    *_kept(),
    _time("sent_at"),
    Column("yellow_at", DateTime(timezone=True)),
    _text("asked"),
    Column("asked_days", Double, nullable=False, server_default="0"),
    Column("review_on", Date),
    Column("extended", Double, nullable=False, server_default="0"),
    Column("held_at", DateTime(timezone=True)),
    _code("finished_by"),
    _text("result"),
    Column("passed_on", ARRAY(Text(collation="C")), nullable=False, server_default="{}"),
    _code("signed_by"),
    Column("arrive_by", DateTime(timezone=True)),
    Column("arrived_at", DateTime(timezone=True)),
    Column("away_m", Double),
    _flag("provisional"),
    Column("taken_at", DateTime(timezone=True)),
    Column("finished_at", DateTime(timezone=True)),
    _flag("self_closed"),
    _flag("ruled"),
    *map(_text, ("appealed", "carded", "text", "found")),
    _flag("confidential"),
    Column("among", ARRAY(Text(collation="C")), nullable=False, server_default="{}"),
    *map(_code, ("reference", "content", "place")),
    _flag("due_given"),
)
ANSWER: Final = Table(
    "answer",
    METADATA,
    Column("issue", BigInteger, ForeignKey("issue.id", ondelete="CASCADE"), primary_key=True),
    _code("code", key=True),
    Column("value", ARRAY(Text), nullable=False),
)
REVIEW: Final = Table(
    "review",
    METADATA,
    _number(),
    Column("kind", Text, nullable=False),
    Column("issue", BigInteger, ForeignKey("issue.id")),
    Column("task", BigInteger, ForeignKey("task.id")),
    _code("rater", must=True),
    _code("ratee", must=True),
    Column("solved", Boolean),
    Column("satisfied", Boolean),
    Column("response", Integer),
    Column("quality", Integer),
    Column("score", Double),
    _text("text"),
    _code("period"),
    _path(),
    *_kept(),
)
IMPORT_BATCH: Final = Table(
    "import_batch",
    METADATA,
    _number(),
    Column("noun", Text, nullable=False),
    _text("file"),
    _text("sha256"),
    Column("report", JSONB, nullable=False, server_default="{}"),
    *_kept(),
)
