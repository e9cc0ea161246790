"""Reports of an import on the screen: one table a layer, one block a kind, Chinese first."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from geo.load.findings import Finding, Report, rows_text

_SHOWN: Final = 5  # findings of one kind; the report in JSON has all
_PIPE_WIDTH: Final = 200
_MOST_TEXT: Final = 90
_ORDER: Final = ("error", "question", "quarantined", "repaired", "info")
_WORDS: Final = {
    "error": ("错误 error", "bold red"),
    "question": ("待答 question", "bold yellow"),
    "quarantined": ("隔离 quarantined", "magenta"),
    "repaired": ("修复 repaired", "cyan"),
    "info": ("说明 info", "dim"),
}
_KNOWN: Final = {
    "declared": "文件声明 declared",
    "option": "选项指定 option",
    "guessed": "推测 guessed",
    "measured": "实测 measured",
    "assumed": "默认 assumed",
}


def show(reports: Sequence[Report], console: Console | None = None) -> None:
    """Print the reports, the gravest findings first, the first few of each kind."""
    screen = console or _screen()
    for report in reports:
        for line in _heading(report):
            screen.print(Text(line), soft_wrap=True)
        if report.findings:
            screen.print(_table(report))


def _screen() -> Console:
    wide = None if sys.stdout.isatty() else _PIPE_WIDTH
    return Console(file=sys.stdout, width=wide, highlight=False)


def _heading(report: Report) -> Iterator[str]:
    yield f"{report.file}｜{report.layer or '—'}｜{report.noun}"
    yield (
        f"  读 read {report.read}，用 used {report.used}，修 repaired {report.repaired}，"
        f"待答 waiting {report.waiting}，隔离 quarantined {report.quarantined}"
    )
    if report.crs or report.datum:
        crs = f"{report.crs or '—'}（{_KNOWN[report.crs_known]}）"
        datum = f"{report.datum or '未定 unknown'}（{_KNOWN[report.datum_known]}）"
        yield f"  坐标系 CRS {crs}，基准 datum {datum}"


def _table(report: Report) -> Table:
    table = Table(show_lines=False, pad_edge=False)
    table.add_column("", no_wrap=True)
    table.add_column("数据行 data rows")
    table.add_column("地点 place", no_wrap=True)
    table.add_column("说明 what", ratio=1)
    ordered = sorted(report.findings, key=lambda f: (_ORDER.index(f.severity), f.code))
    for _, group in groupby(ordered, key=lambda f: (f.severity, f.code)):
        _add(table, list(group))
    return table


def _add(table: Table, group: list[Finding]) -> None:
    """Add the findings of one kind: the first few, and how many more there are."""
    word, style = _WORDS[group[0].severity]
    for finding in group[:_SHOWN]:
        place = "{:.5f}, {:.5f}".format(*finding.place) if finding.place else ""
        rows = rows_text(finding.rows) + (f" {finding.feature}" if finding.feature else "")
        kind = Text(f"{word}\n{finding.code}", style)
        table.add_row(kind, Text(rows), Text(place), Text(_what(finding)))
    if len(group) > _SHOWN:
        more = len(group) - _SHOWN
        note = f"……还有 {more} 条同类（{group[0].code}） and {more} more of this kind"
        table.add_row("", "", "", Text(note, "dim"))


def _what(finding: Finding) -> str:
    change = ""
    if finding.before or finding.after:
        change = f"\n{_short(finding.before)} → {_short(finding.after)}"
    answer = f"\n→ {finding.answer}" if finding.answer else ""
    return f"{finding.zh} {finding.en}{change}{answer}"


def _short(text: str) -> str:
    return text if len(text) <= _MOST_TEXT else f"{text[:_MOST_TEXT]}…"
