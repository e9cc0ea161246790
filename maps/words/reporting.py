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
    "report.of-households": ("{n} 户", "{n} {n:household|households}"),
    "report.of-issues": ("{n} 件", "{n} {n:issue|issues}"),
    "report.heat-unit": ("件/公顷", "issues a hectare"),
}

SHEETS: Final = {
    "sheets.title": ("网格单", "Sheets of grids"),
    "sheets.notice": ("网格公示单", "Grid for public notice"),
    "sheets.handover": ("网格移交单", "Grid for hand-over"),
    "sheets.n": ("{n} 张", "{n} {n:sheet|sheets}"),
    "sheets.map": ("{name}平面图", "Plan of {name}"),
    "sheets.households": ("户", "households"),
    "sheets.people": ("人", "people"),
    "sheets.buildings": ("栋楼", "buildings"),
    "sheets.hectares": ("公顷", "hectares"),
    "sheets.no": ("序号", "No."),
    "sheets.building": ("楼栋", "Building"),
    "sheets.no-buildings": ("网格里没有登记楼栋。", "No building is registered here."),
    "sheets.nobody": ("还没有人负责这个网格。", "Nobody answers for this grid yet."),
    "sheets.coming": ("（公布后接任）", " (once it is published)"),
    "sheets.way-notice": ("扫码反映问题", "Scan to report"),
    "sheets.way-handover": ("扫码看地图", "Scan for the map"),
    "sheets.said": ("划定时的批注", "What was said of places here"),
    "sheets.posted": ("公示日期", "Posted on"),
    "sheets.until": ("意见截止", "Remarks until"),
    "sheets.remarks": ("意见反馈处", "Where to remark"),
    "sheets.gives": ("移交人", "Handed over by"),
    "sheets.takes": ("接收人", "Taken over by"),
    "sheets.witness": ("监交人、日期", "Witness, date"),
    "plan.sheets": ("打印公示单", "Sheets for notice"),
    "plan.handover": ("打印移交单", "Sheets for hand-over"),
}
