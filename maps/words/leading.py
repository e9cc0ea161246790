"""Words of a leader's phone: what waits for a signature, what is late, the month ahead."""

from __future__ import annotations

from typing import Final

LEADER: Final = {
    "leader.title": ("签批", "To sign"),
    "leader.tabs": ("看什么", "What to look at"),
    "leader.waiting": ("待我签批", "For me"),
    "leader.fallback": ("兜底", "Fallback"),
    "leader.held": ("挂账", "Held"),
    "leader.appeals": ("申诉", "Appeals"),
    "leader.empty": (
        "没有等你签批的。吹哨、裁定、申诉一到会出现在这里。",
        "Nothing waits for you. Whistles, rulings and appeals appear here.",
    ),
    "leader.empty-ledger": ("这本台账里没有件。", "This ledger is empty."),
    "leader.nowhere": (
        "你没有负责的区域。请换成街道的批准人。",
        "You answer for no area: act as a subdistrict's approver.",
    ),
    "leader.not-yours": ("签批归本区域的批准人，你可以看。", "Its approver signs; you may look."),
    "leader.what-sign": ("吹哨 · {n} 家部门", "Whistle · {n} departments"),
    "leader.what-ruling": ("退单待裁定", "Returned: a ruling"),
    "leader.what-appeal": ("申诉剔除", "Appeal to strike"),
    "leader.what-asked": ("申请{what}", "Asks to {what}"),
    "leader.what-late": ("部门迟到", "A department is late"),
    "leader.hold": ("挂账", "hold"),
    "leader.extend": ("延期", "extend"),
    "leader.late": ("到场、办结已迟的部门", "Departments that are late"),
    "leader.until": ("到 {on} 复核", "until {on}"),
    "leader.days": ("{n} 个工作日", "{n} working days"),
    "leader.granted-by": ("由派单人批准", "the sender grants it"),
    "leader.urgent": ("紧急，已先到场，补签", "emergency: sent already, sign afterwards"),
    "leader.drafted": ("{who} {at} 提请", "asked by {who} {at}"),
    "leader.since": ("{at} 派出", "sent {at}"),
    "leader.sign": ("签批并吹哨", "Sign and whistle"),
    "leader.sign-after": ("补签", "Sign afterwards"),
    "leader.decline": ("退回", "Decline"),
    "leader.why": ("退回的理由", "Why it is declined"),
    "leader.sure": (
        "签批后立即通知 {names}，开始计时。",
        "{names} are told at once; their clocks start.",
    ),
    "leader.sure-after": ("补签后不再另行通知 {names}。", "{names} have it already."),
    "leader.not-now": ("先不签", "Not now"),
    "leader.signed": ("已签批：{title}", "Signed: {title}"),
    "leader.declined": ("已退回：{title}", "Declined: {title}"),
    "leader.more": ("看经过和其他办法", "History and other steps"),
    "leader.open": ("打开", "Open"),
    "leader.with": ("现由 {who}", "with {who}"),
    "leader.ledgers": ("打开台账", "Open the ledgers"),
    "leader.ahead": ("本月到月底", "This month, to its end"),
    "leader.ahead-note": (
        "{since} 起收到 {n} 件，剔除 {struck} 件。",
        "{n} issues since {since}, {struck} struck.",
    ),
    "leader.ahead-how": ("怎么算的", "How it is reckoned"),
    "leader.ahead-said": (
        "预计 {expected}（{low}—{high}）",
        "expected {expected} ({low}–{high})",
    ),
    "leader.ahead-none": ("本月还没有可算的件", "nothing to reckon this month yet"),
    "leader.ahead-formula": (
        "（{part} + 未定 {open} × 前三个月 {past}）÷（{whole} + {open}）",
        "({part} + {open} open × {past}, the three months before) ÷ ({whole} + {open})",
    ),
    "leader.ahead-formula-in": (
        "（{part} + 未定 {open} × 前三个月 {past}）÷ {whole}",
        "({part} + {open} open × {past}, the three months before) ÷ {whole}",
    ),
    "leader.ahead-range": (
        "括号里：未定的全都不成，到全都成。",
        "In brackets: all that is open ends badly, to all of it well.",
    ),
    "leader.bar": (
        "{name}：现在 {now}，预计 {expected}，最低 {low}，最高 {high}。",
        "{name}: now {now}, expected {expected}, least {low}, most {high}.",
    ),
    "nav.leader": ("签批", "Sign"),
    "rate.response": ("响应率", "Response"),
    "rate.resolution": ("解决率", "Resolution"),
    "rate.satisfaction": ("满意率", "Satisfaction"),
    "rate.on_time": ("按期办结率", "On time"),
    "what.leader": ("待签批的件", "what waits"),
    "what.ahead": ("本月的率", "this month's rates"),
    "what.ledger": ("台账", "the ledger"),
}
