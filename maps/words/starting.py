"""Words of the first page and of an import's report."""

from __future__ import annotations

from typing import Final

from geo.names import ROLE_NAMES, STATE_NAMES

DEFECT: Final = {
    "defect.title": ("导入检查", "Import check"),
    "defect.used": ("可用", "used"),
    "defect.repaired": ("修正", "repaired"),
    "defect.quarantined": ("隔离", "quarantined"),
    "defect.waiting": ("待答", "waiting"),
    "defect.read": ("读出 {n} 行", "{n} {n:row|rows} read"),
    "defect.row": ("数据第 {n} 行", "data row {n}"),
    "defect.clean": ("没有发现问题，可以直接导入。", "Nothing found: it can be imported as it is."),
    "defect.before": ("原值", "before"),
    "defect.after": ("改为", "after"),
    "defect.answer": ("导入时这样回答：", "Answer on import with:"),
    "severity.error": ("错误", "error"),
    "severity.question": ("待答", "question"),
    "severity.quarantined": ("隔离", "quarantined"),
    "severity.repaired": ("修正", "repaired"),
    "severity.info": ("说明", "note"),
    "defect.panel": ("检查结果", "Results of the check"),
    "defect.more": ("再看 {n} 条", "{n} more"),
}

HOME: Final = {
    "home.title": ("谁从哪里开始", "Where to begin"),
    "home.lead": (
        "经纬划网格、公布方案，把每一件诉求送到该去的网格、网格员和街巷长。",
        "Jingwei draws grids, publishes plans and sends each issue to its grid and people.",
    ),
    "home.planner": ("规划员", "Planner"),
    "home.planner-does": (
        "看一个街道的网格是否达标，比较现行与草案。",
        "See whether a subdistrict's grids are in band; compare today with a draft.",
    ),
    "home.planner-go": ("打开方案对比", "Compare plans"),
    "home.dispatcher": ("调度员", "Dispatcher"),
    "home.dispatcher-does": (
        "从工作单开始：诉求在哪里聚集，归哪个网格，谁来办。",
        "Begin with the worklist: where issues gather, whose grid, who handles them.",
    ),
    "home.dispatcher-go": ("打开工作单", "Open the worklist"),
    "home.leader": ("街道领导", "Subdistrict leader"),
    "home.leader-does": (
        "手机上签批吹哨、裁定和申诉，看迟到的部门和本月的率。",
        "On the phone: sign whistles, rule, see who is late and the month's rates.",
    ),
    "home.leader-go": ("打开签批", "Open what waits"),
    "home.department": ("部门、所队", "Department"),
    "home.department-does": (
        "各街道的吹哨和派单都在收件里：签收、报到、反馈，或转给科室、中队。",
        "Whistles and tasks of every subdistrict: acknowledge, arrive, report, pass on.",
    ),
    "home.department-go": ("打开收件", "Open the inbox"),
    "home.worker": ("网格员", "Grid worker"),
    "home.worker-does": (
        "在工作单里点自己网格的诉求，看位置、内容和期限。",
        "Pick an issue of your grid in the worklist: place, words, time left.",
    ),
    "home.worker-go": ("看网格里的诉求", "Issues of the grids"),
    "home.resident": ("居民", "Resident"),
    "home.resident-does": (
        "不用注册：写明是什么、在哪里，用编号和口令看进展。",
        "No account: say what and where, follow it by number and word.",
    ),
    "home.resident-go": ("打开居民上报", "Report something"),
    "home.importer": ("数据员", "Data keeper"),
    "home.importer-does": (
        "导入边界、楼栋、街巷和工单，先看检查结果再写入。",
        "Import borders, buildings, lanes and issues: check first, then write.",
    ),
    "home.importer-go": ("jingwei import areas 文件", "jingwei import areas FILE"),
    "home.persons": ("演示身份", "Demo persons"),
    "home.persons-hint": (
        "只在本机可用：选一个人，以他的身份看和做。",
        "On this machine only: choose whom to act as.",
    ),
    "home.acting": ("当前", "now"),
    "home.yours": ("从这里开始", "begin here"),
    **{f"role.{role}": names for role, names in ROLE_NAMES.items()},
    "home.plans": ("方案", "Plans"),
    "home.plans-empty": (
        "还没有方案。运行 make demo，或先导入边界再提方案。",
        "No plan yet. Run make demo, or import borders and propose one.",
    ),
    "home.plan-state": ("{state} · {scope}", "{state} · {scope}"),
    **{f"plan-state.{state}": names for state, names in STATE_NAMES.items()},
    "what.plans": ("方案列表", "the list of plans"),
}
