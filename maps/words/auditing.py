"""Words of what auditors read."""

from __future__ import annotations

from typing import Final

AUDIT: Final = {
    "audit.title": ("审计", "Audit"),
    "audit.lead": (
        "记录只增不改，每分钟封存一次。这里核验封存，查谁看了联系方式、为什么，谁登录过。",
        "History is sealed each minute. Check it; see who looked at contacts, who signed in.",
    ),
    "audit.seals": ("封存", "Seals"),
    "audit.check": ("现在核验", "Check now"),
    "audit.holds": ("完好", "Holds"),
    "audit.broken": ("不一致", "Broken"),
    "audit.broken-where": (
        "从封存 {seal} 起，请通知运维。",
        "From seal {seal} on: tell operations.",
    ),
    "audit.events-of": ("有问题的记录", "Events at fault"),
    "audit.newest": (
        "最新封存 {n}：{at}，{events} 条，{hash}",
        "Newest seal {n}: {at}, {events} {events:event|events}, {hash}",
    ),
    "audit.keep": (
        "把最近的封存另存一份，日后可以拿来对。",
        "Keep the newest seals elsewhere, to hold them against these later.",
    ),
    "audit.save": ("另存封存", "Save the seals"),
    "audit.no-seal": ("还没有封存。", "No seal yet."),
    "audit.contacts": ("联系方式", "Contacts"),
    "audit.sign-ins": ("登录与账号", "Sign-ins"),
    "audit.everything": ("全部", "All"),
    "audit.since": ("从哪一天起", "Since"),
    "audit.at": ("时间", "When"),
    "audit.who": ("谁", "Who"),
    "audit.what": ("做了什么", "What"),
    "audit.about": ("关于", "About"),
    "audit.why": ("理由、内容", "Why, what"),
    "audit.seal": ("封存", "Seal"),
    "audit.waits": ("待封存", "not yet"),
    "audit.none-contacts": (
        "没有人查看过联系方式或个人信息。",
        "Nobody looked at contacts or personal data.",
    ),
    "audit.none-sign-ins": ("没有登录和账号的记录。", "No sign-in and no change of an account."),
    "audit.none-everything": ("没有这样的记录。", "Nothing of the kind."),
    "audit.issue": ("诉求 {n}", "issue {n}"),
    "audit.more": ("更早的", "Earlier"),
    "what.audit": ("记录", "what happened"),
    "what.verdict": ("核验结果", "the verdict"),
}
