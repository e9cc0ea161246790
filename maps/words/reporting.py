"""Words of maps for others."""

from __future__ import annotations

from typing import Final

REPORT: Final = {
    "report.plan": ("网格方案图", "Map of a plan"),
    "report.balance": ("网格户数图", "Households of grids"),
    "report.issues": ("诉求热力图", "Heat of issues"),
    "report.net": ("网格图", "Map of a net"),
    "report.coverage": ("网格覆盖检查图", "Coverage of grids"),
    "report.grids": ("网格", "grids"),
    "report.in-band": ("达标", "in band"),
    "report.changed": ("边界有变", "borders moved"),
    "report.households": ("户", "households"),
    "report.issues-n": ("件", "issues"),
    "report.gaps": ("无网格", "in no grid"),
    "report.overlaps": ("重叠", "in two grids"),
    "report.gap": ("无网格 {n} 公顷", "in no grid, {n} ha"),
    "report.overlap": ("重叠 {n} 公顷", "in two grids, {n} ha"),
    "report.whole": ("没有空白，也没有重叠。", "No gap and no overlap."),
    "report.more": ("另有 {n} 个未列出", "{n} more not listed"),
    "report.coarse": ("边界已简化，误差约 {n} 米。", "Borders simplified by about {n} m."),
    "report.of-households": ("{n} 户", "{n} households"),
    "report.of-issues": ("{n} 件", "{n} issues"),
    "report.heat-unit": ("件/公顷", "issues a hectare"),
}
