"""The ledgers of what nobody owns, of what is held, of appeals, in words: screens and files."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from api.explaining import faults_in_words
from api.rows import rows_in_json
from geo.responsibility import FAULTS
from geo.store.database import Connection
from geo.store.working.fallback import appeals_ledger, fallback_counts, fallback_ledger, held_ledger

FALLBACK: Final = {
    "issue": "编号",
    "reference": "来源编号",
    "kind": "类别",
    "district_name": "区县",
    "subdistrict_name": "街道",
    "service_name": "事项",
    "party_name": "暂由",
    "state": "状态",
    "since": "自",
    "faults": "规则须处理",
}
HELD: Final = {
    "issue": "编号",
    "reference": "来源编号",
    "district_name": "区县",
    "subdistrict_name": "街道",
    "service_name": "事项",
    "party_name": "承办",
    "state": "状态",
    "held_at": "挂账自",
    "review_on": "复核日期",
}
APPEALS: Final = {
    "issue": "编号",
    "reference": "来源编号",
    "district_name": "区县",
    "subdistrict_name": "街道",
    "service_name": "事项",
    "party_name": "申诉方",
    "state": "状态",
    "since": "申诉于",
    "reason": "理由",
}
KINDS: Final = {"provisional": "属地兜底", "unclaimed": "待认领"}


def fallback_told(conn: Connection, *, scope: str | None = None) -> dict[str, Any]:
    """Return what nobody owns as JSON takes it: `total`, `counts` by place, `entries`."""
    ledger = fallback_ledger(conn, scope=scope)
    entries = rows_in_json(ledger)
    for entry in entries:
        entry["faults"] = faults_in_words(entry["faults"])
    counts = rows_in_json(fallback_counts(ledger))
    return {"total": len(ledger), "counts": counts, "entries": entries}


def held_told(conn: Connection, *, scope: str | None = None) -> dict[str, Any]:
    """Return what is held as JSON takes it: `total`, and `entries` by the day of review."""
    ledger = held_ledger(conn, scope=scope)
    return {"total": len(ledger), "entries": rows_in_json(ledger)}


def fallback_table(conn: Connection, *, scope: str | None = None) -> pd.DataFrame:
    """Return what nobody owns as a table for people."""
    ledger = fallback_ledger(conn, scope=scope)
    told = ledger.assign(
        kind=ledger["kind"].map(KINDS),
        since=_moments(ledger["since"]),
        faults=["；".join(FAULTS[fault][0] for fault in faults) for faults in ledger["faults"]],
    )
    return _named(told, FALLBACK)


def held_table(conn: Connection, *, scope: str | None = None) -> pd.DataFrame:
    """Return what is held as a table for people."""
    ledger = held_ledger(conn, scope=scope)
    told = ledger.assign(
        held_at=_moments(ledger["held_at"]), review_on=ledger["review_on"].map(str, "ignore")
    )
    return _named(told, HELD)


def appeals_told(conn: Connection, *, scope: str | None = None) -> dict[str, Any]:
    """Return what is asked to be struck from the rates as JSON takes it: `total`, `entries`."""
    ledger = appeals_ledger(conn, scope=scope)
    return {"total": len(ledger), "entries": rows_in_json(ledger)}


def appeals_table(conn: Connection, *, scope: str | None = None) -> pd.DataFrame:
    """Return what is asked to be struck from the rates as a table for people."""
    ledger = appeals_ledger(conn, scope=scope)
    return _named(ledger.assign(since=_moments(ledger["since"])), APPEALS)


def _named(rows: pd.DataFrame, headings: dict[str, str]) -> pd.DataFrame:
    plain = rows.assign(service_name=rows["service_name"].fillna(rows["service"]))
    return plain[list(headings)].rename(columns=headings)


def _moments(values: pd.Series) -> list[str]:
    return ["" if pd.isna(value) else value.isoformat(" ", "minutes")[:16] for value in values]
