"""Every word on screen: Chinese first, English second; pages and scripts read the same table.

Keys name the place and the thing. `{value}` in curly brackets is filled in by the page, as text.
Terms come from the glossary.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final, Literal

Lang = Literal["zh-CN", "en"]

_CHROME: Final = {
    "app": ("经纬", "Jingwei"),
    "skip": ("跳到正文", "Skip to the content"),
    "nav": ("主导航", "Main navigation"),
    "nav.home": ("首页", "Home"),
    "nav.plan": ("重构", "Redraw"),
    "nav.issue": ("调度", "Dispatch"),
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
    "close": ("关闭", "Close"),
    "none": ("—", "—"),
}
_STATES: Final = {
    "state.loading": ("正在读取…", "Loading…"),
    "state.slow": (
        "还在读取{what}，数据较多，请稍等。",
        "Still loading {what}; there is much of it.",
    ),
    "state.error": (
        "没能读到{what}。你的设置还在，可以再试。",
        "Could not load {what}. Try again.",
    ),
    "state.code": ("报修时请说代码 {code}", "Quote code {code}"),
    "state.retry": ("再试一次", "Try again"),
    "state.denied": ("你的身份看不到{what}。", "Your role may not see {what}."),
    "state.denied-ask": (
        "这里归本街道的规划员和调度员；请找街道网格中心开通。",
        "It belongs to the subdistrict's planners and dispatchers: ask its grid centre.",
    ),
    "what.areas": ("网格边界", "grid borders"),
    "what.compare": ("方案对比", "the comparison"),
    "what.issues": ("诉求", "issues"),
    "what.send": ("派单结果", "the answer"),
}
_BALANCE: Final = {
    "balance.in-band": ("达标", "in band"),
    "balance.over": ("超 {n}", "over {n}"),
    "balance.short": ("缺 {n}", "short {n}"),
    "balance.no-rule": ("不设标准", "no band"),
    "balance.no-data": ("没有户数", "no figure"),
}
_PLAN: Final = {
    "plan.title": ("方案对比", "Compare plans"),
    "plan.panel": ("对比结果", "Results of the comparison"),
    "plan.now": ("现行", "Today"),
    "plan.draft": ("草案", "Draft"),
    "plan.former": ("此前", "Before"),
    "plan.caption": ("{side} · 第 {n} 次公布", "{side} · publication {n}"),
    "plan.measure": ("指标", "Measure"),
    "plan.better": ("优", "better"),
    "plan.divider": ("分隔线：左边{left}，右边{right}", "Divider: {left} left, {right} right"),
    "plan.divider-value": ("{n}%", "{n}%"),
    "plan.key-move": ("移动分隔线", "move the divider"),
    "plan.key-ends": ("到两端", "to the ends"),
    "plan.key-swap": ("左右对调", "swap sides"),
    "plan.space": ("空格", "Space"),
    "plan.dots": ("每个网格的户数", "Households of each grid"),
    "plan.dots-said": (
        "每个网格的户数：现行 {now}/{all} 个在标准内，草案 {draft}/{after} 个在标准内。",
        "Households of each grid: today {now} of {all} in band, in the draft {draft} of {after}.",
    ),
    "plan.band": ("标准 {low}–{high} 户", "Band {low}–{high}"),
    "plan.legend": ("图例", "Legend"),
    "plan.legend-unit": ("每网格户数；斜线处要换网格", "Households a grid; hatched: changes grid"),
    "plan.legend-rule": (
        "城市网格标准 {low}–{high} 户。村和专属网格按各自的标准，颜色意思不变。点一类只看这一类。",
        "Urban band {low}–{high}. Villages and special grids have their own. Click to filter.",
    ),
    "plan.moved": ("要换网格的户", "changes grid"),
    "plan.special": ("专属网格", "special grid"),
    "plan.reasons": ("草案还差 {n} 个", "{n} still out of band in the draft"),
    "plan.reasons-none": ("草案里每个网格都达标。", "Every grid of the draft is in band."),
    "plan.reasons-hint": (
        "下列各处无论怎样划都不达标，按规定写明理由即可。",
        "No plan can bring these in band; state the reason, as the rules ask.",
    ),
    "plan.grids": ("全部网格", "All grids"),
    "plan.grids-sort": ("草案里偏离标准最多的在前", "Furthest from the band first"),
    "plan.grids-empty": (
        "这个范围里还没有网格。先导入边界，或自动提一个方案。",
        "No grids here yet. Import borders, or let one be proposed.",
    ),
    "plan.gone": ("撤销", "removed"),
    "plan.fresh": ("新设", "new"),
    "plan.filtered": ("只看：{what}", "Only: {what}"),
    "measure.in_band": ("达标网格", "Grids in band"),
    "measure.moved": ("调整户数", "Households moved"),
    "measure.most_least": ("最多 / 最少", "Most / least"),
    "measure.pieces": ("不连片", "Broken pieces"),
    "measure.compactness": ("紧凑度", "Compactness"),
    "measure.split_estates": ("拆开小区", "Estates split"),
    "measure.people": ("换网格员的人", "People who change worker"),
    "measure.load": ("上季度诉求最忙", "Busiest grid last quarter"),
    "measure.edges": ("沿路、沿墙的边", "Borders along roads"),
}
_ISSUE: Final = {
    "issue.title": ("工作单", "Worklist"),
    "issue.count": ("{scope} · 共 {n} 件", "{scope} · {n} issues"),
    "issue.queues": ("队列", "Queues"),
    "issue.all": ("全部", "All"),
    "issue.search": ("编号、地址、内容", "Number, address, words"),
    "issue.empty": (
        "没有{queue}的诉求。新的一到会出现在这里。",
        "No issue in “{queue}”. New ones appear here.",
    ),
    "issue.empty-all": (
        "这个时段没有诉求。新的一到会出现在这里。",
        "No issue in this period. New ones appear here.",
    ),
    "issue.none-found": (
        "没有找到“{words}”。换个词，或放宽时段。",
        "Nothing found for “{words}”. Try another word or a longer period.",
    ),
    "issue.more": ("再看 {n} 件", "{n} more"),
    "issue.heat": ("诉求热力", "Heat"),
    "issue.grids": ("网格着色", "By grid"),
    "issue.open-only": ("只看未结", "Open only"),
    "issue.layers": ("地图内容", "Map content"),
    "issue.period": ("时段", "Period"),
    "issue.week": ("近 7 天", "7 days"),
    "issue.month": ("近 30 天", "30 days"),
    "issue.ever": ("全部时间", "All time"),
    "issue.period-said": ("{from} — {to} · {n} 件", "{from} – {to} · {n} issues"),
    "issue.heat-unit": ("每公顷件数", "Issues a hectare"),
    "issue.grid-unit": ("每网格件数", "Issues a grid"),
    "issue.too-many": (
        "本视野 {n} 件，放大后逐件显示。",
        "{n} issues in view; zoom in to see each.",
    ),
    "issue.same-place": ("此处 {n} 件", "{n} issues here"),
    "issue.number": ("编号", "Number"),
    "issue.service": ("类别", "Service"),
    "issue.text": ("反映内容", "In their words"),
    "issue.address": ("地址", "Address"),
    "issue.where": ("归属", "Where it belongs"),
    "issue.grid": ("网格", "Grid"),
    "issue.community": ("社区", "Community"),
    "issue.subdistrict": ("街道", "Subdistrict"),
    "issue.grid_leader": ("网格长", "Grid leader"),
    "issue.grid_worker": ("网格员", "Grid worker"),
    "issue.street_manager": ("街巷长", "Street manager"),
    "issue.lane": ("街巷", "Lane"),
    "issue.reported": ("反映时间", "Reported"),
    "issue.due": ("办结期限", "Due"),
    "issue.nobody": ("待认领：不在任何网格内", "Unclaimed: in no grid"),
    "issue.vacant": ("还没有人", "nobody yet"),
    "issue.no-place": ("没有位置", "no position"),
    "issue.send-to": ("派给 {who}", "Send to {who}"),
    "issue.send": ("派单", "Send"),
    "issue.card": ("诉求详情", "The issue"),
    "queue.sent": ("待签收", "Accept"),
    "queue.new": ("待派", "Send"),
    "queue.returned": ("退单待审", "Returned"),
    "queue.soon": ("将超期", "Due"),
    "queue.done": ("待回访", "Call back"),
    "queue.unclaimed": ("待认领", "Unclaimed"),
    "card.yellow": ("黄牌", "yellow card"),
    "card.red": ("红牌", "red card"),
    "source.hotline": ("12345 热线", "12345 hotline"),
    "source.wechat": ("微信", "WeChat"),
    "source.patrol": ("巡查", "patrol"),
    "source.web": ("网页", "web"),
    "source.visit": ("走访", "visit"),
    "source.open311": ("Open311", "Open311"),
    "source.batch": ("批量导入", "batch"),
}
_DEFECT: Final = {
    "defect.title": ("导入检查", "Import check"),
    "defect.used": ("可用", "used"),
    "defect.repaired": ("修正", "repaired"),
    "defect.quarantined": ("隔离", "quarantined"),
    "defect.row": ("第 {n} 行", "row {n}"),
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
_HOME: Final = {
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
    "home.worker": ("网格员", "Grid worker"),
    "home.worker-does": (
        "在工作单里点自己网格的诉求，看位置、内容和期限。",
        "Pick an issue of your grid in the worklist: place, words, time left.",
    ),
    "home.worker-go": ("看网格里的诉求", "Issues of the grids"),
    "home.importer": ("数据员", "Data keeper"),
    "home.importer-does": (
        "导入边界、楼栋、街巷和工单，先看检查结果再写入。",
        "Import borders, buildings, lanes and issues: check first, then write.",
    ),
    "home.importer-go": ("看接口说明", "Read the interface"),
    "home.persons": ("演示身份", "Demo persons"),
    "home.persons-hint": (
        "只在本机可用：选一个人，以他的身份看和做。",
        "On this machine only: choose whom to act as.",
    ),
    "home.acting": ("当前", "now"),
    "role.planner": ("规划员", "planner"),
    "role.dispatcher": ("调度员", "dispatcher"),
    "role.checker": ("审核员", "checker"),
    "role.approver": ("批准人", "approver"),
    "home.plans": ("方案", "Plans"),
    "home.plans-empty": (
        "还没有方案。运行 make demo，或先导入边界再提方案。",
        "No plan yet. Run make demo, or import borders and propose one.",
    ),
    "home.plan-state": ("{state} · {scope}", "{state} · {scope}"),
    "plan-state.draft": ("草案", "draft"),
    "plan-state.submitted": ("已提交", "submitted"),
    "plan-state.checked": ("已审核", "checked"),
    "plan-state.approved": ("已批准", "approved"),
    "plan-state.scheduled": ("待生效", "scheduled"),
    "plan-state.lapsed": ("到期未生效", "lapsed"),
    "plan-state.in_force": ("现行", "in force"),
    "plan-state.superseded": ("已被替代", "superseded"),
    "what.plans": ("方案列表", "the list of plans"),
}
WORDS: Final = MappingProxyType(
    {**_CHROME, **_STATES, **_BALANCE, **_PLAN, **_ISSUE, **_DEFECT, **_HOME}
)


def word(key: str, lang: Lang = "zh-CN", **values: object) -> str:
    """The word in the language asked for, with its values filled in."""
    return WORDS[key][lang == "en"].format(**values)
