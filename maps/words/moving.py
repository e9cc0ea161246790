"""Words of what a publication moves, and of the publications there were."""

from __future__ import annotations

from typing import Final

MOVES: Final = {
    "moves.people": (
        "{households} 户、约 {people} 人、{buildings} 栋楼换网格。",
        (
            "{households} {households:household|households}, "
            "about {people} {people:person|people}, "
            "{buildings} {buildings:building|buildings} change grid."
        ),
    ),
    "moves.grids": (
        "网格：有进出 {changed} 个，新设 {fresh} 个，撤销 {gone} 个。",
        "Grids: {changed} changed, {fresh} new, {gone} removed.",
    ),
    "moves.tasks": (
        "没人接的 {sent} 件随网格转走，已接的 {taken} 件由原网格员办完。",
        (
            "{sent} {sent:task|tasks} nobody took {sent:moves|move} along, "
            "{taken} taken {taken:one stays|ones stay} with {taken:its|their} holder."
        ),
    ),
    "moves.tasks-back": (
        "没人接的 {sent} 件随网格转走，已接的由接单人办完。",
        (
            "{sent} {sent:task|tasks} nobody took {sent:moves|move} along; "
            "taken ones stay with their holder."
        ),
    ),
    "moves.issues": (
        "诉求受理时记下的网格不改。",
        "The grid an issue was received in stays on record.",
    ),
    "moves.duties": ("{n} 项职责随之新任", "{n} {n:duty begins|duties begin} with it"),
    "moves.ended": (
        "{n} 项职责随专属网格终止，不转给别的网格：",
        "{n} {n:duty ends|duties end} with a special grid and {n:goes|go} to no other:",
    ),
    "moves.row": ("责任清单第 {n} 行 {service}", "row {n} of the list, {service}"),
    "moves.no-duties": ("没有职责变动。", "No duty changes hands."),
    "moves.more": ("还有 {n} 项。", "and {n} more."),
    "moves.now": ("{day}起施行。", "In force from {day}."),
    "moves.later": (
        "{day}起自动施行，此前一切照旧；到那天再核一遍，不合就不施行并说明原因。",
        "In force by itself from {day}, nothing before; checked again on that day.",
    ),
    "what.revisions": ("历次公布", "the publications"),
    "revisions.title": ("历次公布", "Publications"),
    "revisions.number": ("第几次", "No."),
    "revisions.what": ("内容", "What"),
    "revisions.day": ("施行", "In force"),
    "revisions.plan": ("方案", "plan"),
    "revisions.import": ("导入", "import"),
    "revisions.of-file": ("边界来自文件", "borders from a file"),
    "revisions.rollback": ("回退", "way back"),
    "revisions.undoes": ("退回第 {n} 次之前", "as before publication {n}"),
    "revisions.back": ("回退", "Take back"),
    "revisions.stays": ("之后又有变动", "Changed since"),
    "revisions.do-back": ("退回第 {n} 次公布之前", "Back to before publication {n}"),
    "revisions.more": ("还有 {n} 次", "{n} more"),
}
