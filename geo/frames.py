"""Frame contracts: which columns a frame of areas, places, … has, and what they hold.

Every geometry is EPSG:4326. Optional columns may be absent or hold missing values. A room that
hands a frame on passes it through `conform`, which orders the columns and fills absent ones.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, TypeAlias

import geopandas as gpd
import pandas as pd

from geo.crs import WGS84
from geo.errors import BadFrameError
from geo.names import ROLE_NAMES

Kind: TypeAlias = Literal["text", "int", "real", "bool", "time", "geometry"]

# The twelve nouns' code lists. Glossary: docs/glossary.md.
ADMIN_KINDS: Final = ("city", "district", "subdistrict", "community")
AREA_KINDS: Final = (*ADMIN_KINDS, "grid", "lane", "estate", "road", "rail", "water", "green")
PLACE_KINDS: Final = ("building", "dwelling", "service_point", "station")
DEPARTMENT: Final = "dept-"  # how the code of a department's net begins
NETS: Final = ("admin", "grid", "lane", "estate", "base")  # and one per department: "dept-…"
RULES: Final = ("urban", "village", "special")  # kinds of area that have a household band each
# Kinds of party that the program knows; a city may have more.
PARTY_KINDS: Final = (
    *("person", "government", "office", "department", "agency", "section", "enforcement"),
    *("committee", "council", "branch", "unit", "property_firm", "owners_committee", "alliance"),
)
SERVICE_KINDS: Final = ("inquiry", "request", "suggestion", "complaint", "report")
ROLES: Final = tuple(ROLE_NAMES)


class Column(NamedTuple):
    """One column of a contract."""

    name: str
    kind: Kind
    required: bool = False
    default: object = None


class Contract(NamedTuple):
    """The columns of one kind of frame, in order; `key` names the columns that identify a row."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]


AREAS: Final = Contract(
    "areas",
    ("net", "code"),
    (
        Column("net", "text", required=True),  # one of NETS, or "dept-…"
        Column("kind", "text", required=True),  # one of AREA_KINDS
        Column("code", "text", required=True),
        Column("name", "text", default=""),
        Column("parent", "text"),  # code of the area above: net admin, or the same net
        Column("rule", "text"),  # one of RULES; None inherits the parent's
        Column("special", "bool", default=False),
        Column("class", "text"),  # of a road, water, …: "arterial", "river"
        Column("geometry", "geometry", required=True),  # polygon, or line for lanes and roads
    ),
)
PLACES: Final = Contract(
    "places",
    ("kind", "code"),
    (
        Column("kind", "text", required=True),  # one of PLACE_KINDS
        Column("code", "text", required=True),
        Column("name", "text", default=""),
        Column("address", "text", default=""),
        Column("households", "int", default=0),
        Column("dwellings", "int", default=0),
        Column("people", "int", default=0),
        Column("floors", "int"),
        Column("units", "int"),
        Column("estate", "text"),  # code of the estate that must not be split
        Column("grid", "text"),  # code of today's grid, where the source names one
        Column("class", "text"),  # tower, slab, courtyard, school, hospital, …
        Column("footprint", "geometry"),  # polygon, optional
        Column("geometry", "geometry", required=True),  # point
    ),
)
PARTIES: Final = Contract(
    "parties",
    ("code",),
    (
        Column("code", "text", required=True),
        Column("kind", "text", required=True),  # one of PARTY_KINDS, or the city's own
        Column("name", "text", required=True),
        Column("parent", "text"),  # code of the parent organisation
        Column("ended_on", "time"),  # the day from which it answers for nothing any more
    ),
)
DUTIES: Final = Contract(
    "duties",
    ("party", "role", "net", "area", "service"),
    (
        Column("party", "text", required=True),
        Column("role", "text", required=True),  # one of ROLES
        Column("net", "text"),
        Column("area", "text"),  # code of the area it is held on
        Column("service", "text"),  # set in a responsibility list
        Column("lead", "bool", default=True),
        Column("full_time", "bool", default=True),
    ),
)
SERVICES: Final = Contract(
    "services",
    ("code",),
    (
        Column("code", "text", required=True),
        Column("name", "text", required=True),
        Column("kind", "text", default="request"),  # one of SERVICE_KINDS
        Column("parent", "text"),
        Column("default_role", "text", default="grid_worker"),
        Column("self_close", "bool", default=False),  # may be closed on the spot
        Column("auto_send", "bool", default=False),  # sent at intake to whoever answers for it
        Column("needs_photo", "bool", default=False),  # a photo of the result before it is finished
        Column("answer_days", "real"),  # its own limit in days, instead of the one for all
        Column("calendar", "text", default="working"),  # which days count: working, natural
        Column("public", "bool", default=True),  # offered to, and shown to, anybody (Open311)
        Column("form", "text", default=""),  # questions to the reporter (geo.issues.forms), JSON
    ),
)
# The responsibility list as a district keeps it: names, as people write them.
LIST_ROWS: Final = Contract(
    "list",
    ("row", "service", "areas", "lead", "assists", "period", "valid_from", "valid_to"),
    (
        Column("row", "text"),  # the number a row has had since it first came in
        Column("service", "text", required=True),
        Column("areas", "text", default=""),
        Column("lead", "text", default=""),
        Column("assists", "text", default=""),
        Column("basis", "text", default=""),
        Column("period", "text", default=""),
        Column("valid_from", "text", default=""),
        Column("valid_to", "text", default=""),  # the last day
    ),
)
ISSUES: Final = Contract(
    "issues",
    ("source", "reference"),
    (
        Column("source", "text", required=True),  # one of geo.reference.sources()
        Column("reference", "text", required=True),  # the source's own number, unique within it
        Column("service", "text"),  # code or name as the source gives it
        Column("text", "text", default=""),
        Column("address", "text", default=""),
        Column("reported_at", "time"),
        Column("due_at", "time"),
        Column("closed_at", "time"),  # when its source was done with it: it comes in closed
        Column("accuracy_m", "real"),
        Column("reporter", "text"),  # a person's key (geo.issues.reporters), never the number
        Column("against", "text"),  # the party complained about: its code, or its name
        Column("confidential", "bool", default=False),
        Column("located_by", "text", default=""),  # one of geo.issues.intake.LOCATED_BY
        Column("located_as", "text"),  # what the address named: kind and code, "building:…"
        Column("located_score", "real"),  # 0 to 1: how well the address fits it
        Column("geometry", "geometry"),  # point, or None: no position given
    ),
)
CONTRACTS: Final = {
    contract.name: contract for contract in (AREAS, PLACES, PARTIES, DUTIES, SERVICES, ISSUES)
}

_DTYPES: Final = {"text": "str", "int": "Int64", "real": "Float64", "bool": "boolean"}


def conform(frame: pd.DataFrame, contract: Contract) -> gpd.GeoDataFrame:
    """Return the frame with exactly the contract's columns, in order, and their types.

    Absent optional columns are filled with their default; other columns are dropped. Frames
    without a geometry column in the contract come back as plain frames.

    Raises
    ------
    BadFrameError
        When a required column is absent or holds missing values, or a column does not convert.

    >>> conform(pd.DataFrame({"code": ["a"], "kind": ["person"], "name": ["王晓东"]}), PARTIES)
      code    kind name parent ended_on
    0    a  person  王晓东    NaN      NaT
    """
    broken = [c.name for c in contract.columns if c.required and _lacks(frame, c.name)]
    if broken:
        raise BadFrameError(contract=contract.name, columns=", ".join(broken))
    data = {c.name: _column(frame, c, contract) for c in contract.columns}
    plain = pd.DataFrame(data, index=frame.index)
    if "geometry" not in data:
        return plain
    return gpd.GeoDataFrame(plain, geometry="geometry", crs=WGS84)


def _lacks(frame: pd.DataFrame, name: str) -> bool:
    return name not in frame.columns or bool(frame[name].isna().any())


def _column(frame: pd.DataFrame, column: Column, contract: Contract) -> pd.Series:
    if column.kind == "geometry":
        values = frame[column.name] if column.name in frame.columns else [None] * len(frame)
        return gpd.GeoSeries(values, index=frame.index, crs=WGS84)
    if column.name in frame.columns:
        series = frame[column.name]
    else:
        series = pd.Series([None] * len(frame), index=frame.index, dtype="object")
    try:
        if column.kind == "time":
            return pd.to_datetime(series, utc=True)
        typed = series.astype(_DTYPES[column.kind])
    except (TypeError, ValueError) as error:
        raise BadFrameError(contract=contract.name, columns=f"{column.name} ({error})") from error
    return typed if column.default is None else typed.fillna(column.default)
