"""Issues of a file that are there with other content, in words: what differs, from what to what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from api.rows import moment_in_json
from geo.store.database import CITY_TIME
from geo.store.incoming.batches import Clash

_SHOWN: Final = 10
_FIELDS: Final = {
    "service": "事项",
    "text": "诉求内容",
    "address": "地址",
    "reported_at": "受理时间",
    "due_at": "办理时限",
    "accuracy_m": "定位精度",
    "confidential": "是否保密",
    "reporter": "来电号码",
    "against": "被反映方",
    "position": "位置",
}


def differs_told(clashes: Sequence[Clash]) -> dict[str, dict[str, Any]]:
    """Return what differs of each by its key, as JSON takes it: fields, due times."""
    return {
        clash.key: {
            "fields": list(clash.fields),
            "due_was": clash.due_was and moment_in_json(clash.due_was),
            "due_said": clash.due_said and moment_in_json(clash.due_said),
        }
        for clash in clashes
    }


def clashes_line(clashes: Sequence[Clash]) -> str:
    """Return the line about issues that are there with other content and were left alone."""
    if not clashes:
        return ""
    shown = "、".join(_words(clash) for clash in clashes[:_SHOWN])
    shown += " …" if len(clashes) > _SHOWN else ""
    zh = f"编号已有而内容不同，保留原件 {len(clashes)} 件：{shown}"
    return f"\n{zh}。There before with other content, left as they were: {len(clashes)}."


def _words(clash: Clash) -> str:
    """Return an issue with what differs; of its due time from when to when.

    >>> _words(Clash("hotline JN-1", ["text", "position"], None, None))
    'hotline JN-1（诉求内容、位置）'
    """
    told = "、".join(_FIELDS[name] for name in clash.fields)
    moved = "due_at" in clash.fields
    due = f"：{_at(clash.due_was)} → {_at(clash.due_said)}" if moved else ""
    return f"{clash.key}（{told}{due}）"


def _at(moment: datetime | None) -> str:
    return "—" if moment is None else f"{moment.astimezone(ZoneInfo(CITY_TIME)):%Y-%m-%d %H:%M}"
