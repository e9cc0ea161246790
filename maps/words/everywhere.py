"""Words of every page: the bar, the map, states of a screen, units."""

from __future__ import annotations

from typing import Final

CHROME: Final = {
    "app": ("经纬", "Jingwei"),
    "skip": ("跳到正文", "Skip to the content"),
    "nav": ("主导航", "Main navigation"),
    "nav.menu": ("菜单", "Menu"),
    "nav.home": ("首页", "Home"),
    "nav.city": ("全市", "City"),
    "nav.plan": ("重构", "Redraw"),
    "nav.board": ("调度", "Dispatch"),
    "nav.entry": ("登记", "Enter"),
    "nav.ledger": ("台账", "Ledgers"),
    "nav.task": ("任务", "Tasks"),
    "nav.notice": ("给我的", "For me"),
    "nav.wall": ("大屏", "Wall"),
    "nav.hook": ("外发接口", "Webhooks"),
    "nav.accounts": ("账号", "Accounts"),
    "nav.audit": ("审计", "Audit"),
    "nav.resident": ("居民上报", "Residents"),
    "other-language": ("English", "中文"),
    "map.label": (
        "地图。右侧或下方的列表与地图内容相同。",
        "Map. The list beside it says the same.",
    ),
    "map.zoom-in": ("放大", "Zoom in"),
    "map.zoom-out": ("缩小", "Zoom out"),
    "map.fit": ("看全范围", "Whole scope"),
    "metres": ("{n} 米", "{n} m"),
    "kilometres": ("{n} 公里", "{n} km"),
    "households": ("户", "households"),
    "days": ("{n} 天", "{n} d"),
    "hours": ("{n} 小时", "{n} h"),
    "minutes": ("{n} 分钟", "{n} min"),
    "time-left": ("剩 {time}", "{time} left"),
    "time-over": ("已超期 {time}", "{time} overdue"),
    "comma": ("，", ", "),
    "list-comma": ("、", ", "),
    "close": ("关闭", "Close"),
    "none": ("—", "—"),
}

STATES: Final = {
    "state.loading": ("正在读取…", "Loading…"),
    "state.slow": (
        "还在读取{what}，数据较多，请稍等。",
        "Still loading {what}; there is much of it.",
    ),
    "state.error": (
        "没能读到{what}。你的设置还在，可以再试。",
        "Could not load {what}. Try again.",
    ),
    "state.unreached": (
        "连不上服务器。这里的内容都还在，联网后再试一次，不会重复。",
        "The server cannot be reached. All is still here: try again, nothing is done twice.",
    ),
    "state.code": ("报修时请说代码 {code}", "Quote code {code}"),
    "state.retry": ("再试一次", "Try again"),
    "state.denied": ("你的身份看不到{what}。", "Your role may not see {what}."),
    "state.denied-ask": (
        "按职责开放：请找本单位管理员或街道网格中心。",
        "It is open by duty: ask your administrator, or the subdistrict's grid centre.",
    ),
    "problem.title": ("打不开这个页面", "This page cannot be opened"),
    "problem.missing": ("没有这个页面", "There is no such page"),
    "problem.denied": ("你的身份打不开这个页面", "Your role may not open this page"),
    "problem.report": ("回到上报", "Back to reporting"),
    "problem.home": ("回首页", "Back to the start"),
    "state.offline": ("没有网络。", "No network."),
    "state.offline-kept": (
        "已读到的都在，可以照常看；派单联网后可用。",
        "What was loaded is here to read; sending works again once you are online.",
    ),
    "state.without": ("没能读到{what}，其余照常。", "Could not load {what}; the rest is here."),
    "what.buildings": ("楼栋", "the buildings"),
    "what.areas": ("网格边界", "grid borders"),
    "what.compare": ("方案对比", "the comparison"),
    "what.issues": ("诉求", "issues"),
    "what.send": ("派单结果", "the answer"),
}
