"""Words of the page that says why an issue is whose it is."""

from __future__ import annotations

from typing import Final

WHY: Final = {
    "one.title": ("为什么归这里", "Why it is theirs"),
    "one.print": ("打印", "Print"),
    "one.number": ("诉求编号", "Number"),
    "one.service": ("事项", "Service"),
    "one.address": ("地址", "Address"),
    "one.reported": ("反映时间", "Reported"),
    "one.position": ("位置", "Position"),
    "one.at": ("经度 {lon}，纬度 {lat}（WGS 84）", "lon {lon}, lat {lat} (WGS 84)"),
    "one.accuracy": ("误差 {n} 米", "accurate to {n} m"),
    "one.no-place": ("没有位置", "no position"),
    "one.places": ("所在", "It lies in"),
    "one.bounds": ("网格四至", "Bounds of the grid"),
    "one.lead": ("主办", "Lead"),
    "one.assists": ("协办", "Assisting"),
    "one.nobody": ("没有人：待认领", "nobody: unclaimed"),
    "one.provisional": ("属地兜底，待区县裁定", "provisionally, until the district rules"),
    "one.row": ("责任清单", "Responsibility list"),
    "one.row-said": ("第 {row} 行。依据：{basis}", "Row {row}. Basis: {basis}"),
    "one.row-none": ("清单里没有这一行", "no row of the list"),
    "one.chain": ("理由", "Reasons"),
    "one.as-sent": ("派单时的规则（{at}）", "The rules when it was sent ({at})"),
    "one.as-now": ("还没有派单，按现行规则", "Not sent yet: by the rules of now"),
    "one.by-hand": ("由人指定，未按规则", "A person chose; the rules were not asked"),
    "one.walkers": ("街巷", "The lane"),
    "one.steps": ("去向", "Where it went"),
    "one.own": ("本网格", "this grid"),
    "one.point": ("诉求位置", "the issue"),
    "step.send": ("派单", "sent"),
    "step.resend": ("重派", "sent again"),
    "step.rule": ("裁定", "ruled"),
    "step.settle": ("兜底裁定", "ruled, as nobody owned it"),
    "step.hand_over": ("转交", "handed over"),
    "what.why": ("理由", "the reasons"),
}
