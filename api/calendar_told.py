"""How far the calendar of working days reaches, in words: for whoever keeps it, before it ends."""

from __future__ import annotations

from typing import Any

from geo.store.rules.calendars import Outlook


def outlook_told(found: Outlook) -> dict[str, Any]:
    """Return an outlook as JSON takes it; `warning` is a sentence in two languages, or None."""
    warning = None
    if found.missing is not None:
        year, count = found.missing, found.guessed
        warning = {
            "zh": f"工作日历还没有 {year} 年：时限暂按周一至周五推算（现有 {count:,} 项任务），"
            f"导入后自动重算：jingwei import calendar {year}.csv --commit",
            "en": f"The calendar does not have {year} yet: due times there are by weekdays alone"
            f" ({count:,} tasks now), reckoned again once it is taken in:"
            f" jingwei import calendar {year}.csv --commit",
        }
    return found._asdict() | {"warning": warning}
