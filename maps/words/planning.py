"""Words of a plan before and after."""

from __future__ import annotations

from typing import Final

BALANCE: Final = {
    "balance.in-band": ("达标", "in band"),
    "balance.over": ("超 {n}", "over {n}"),
    "balance.short": ("缺 {n}", "short {n}"),
    "balance.no-rule": ("不设标准", "no band"),
    "balance.no-data": ("没有户数", "no figure"),
}

PLAN: Final = {
    "plan.title": ("方案对比", "Compare plans"),
    "what.plan": ("草案", "the draft"),
    "plans.title": ("方案", "Plans"),
    "plans.new": ("新建草案", "A new draft"),
    "plans.scope": ("范围", "Area"),
    "plans.scope-hint": ("街道或社区", "subdistrict or community"),
    "plans.scope-missing": ("从列出的街道或社区里选一个。", "Choose one of those offered."),
    "plans.name": ("名称", "Title"),
    "plans.title-default": ("{day}调整", "Adjustment of {day}"),
    "plans.begin": ("按现行网格新建", "Begin with today's grids"),
    "plans.beginning": ("正在切分地块……", "Cutting the ground into atoms…"),
    "plans.state": ("状态", "State"),
    "plans.made": ("创建", "Made"),
    "plans.acts": ("可以做", "To do"),
    "plans.draw": ("在地图上重划", "Redraw"),
    "plans.look": ("看地图", "See the map"),
    "plans.compare": ("对比", "Compare"),
    "plans.fork": ("另存为草案", "Fork"),
    "plans.empty": (
        "还没有方案。选一个街道或社区，按现行网格新建。",
        "No plan yet. Choose an area and begin with today's grids.",
    ),
    "plan.to-draw": ("在地图上重划", "Redraw on the map"),
    "plan.panel": ("对比结果", "Results of the comparison"),
    "plan.beside": ("换一个比", "Compare with"),
    "plan.beside-today": ("此前的网格", "the grids before it"),
    "plan.print": ("打印对比", "Print"),
    "plan.adopt": ("采用为草案", "Go on from this one"),
    "plan.adopt-named": ("采用“{title}”为草案", "Go on from “{title}”"),
    "plan.now": ("现行", "Today"),
    "plan.draft": ("草案", "Draft"),
    "plan.former": ("此前", "Before"),
    "plan.published": ("公布后", "After"),
    "plan.stale": (
        "现行网格已更新到第 {n} 次，请先对一遍。",
        "The grids in force are now at publication {n}: look at them again first.",
    ),
    "plan.stale-what": (
        "本方案以第 {base} 次公布为底，此后范围内改了 {n} 个网格：{names}。不对过不能公布。",
        (
            "This plan is based on publication {base}; since then {n} {n:grid|grids} changed here: "
            "{names}."
        ),
    ),
    "plan.recounted": (
        "本方案按 {drawn} 户画成，楼栋重新导入后现为 {now} 户，{n} 个地块的户数变了。",
        (
            "Households of this plan when it was drawn: {drawn}; of its buildings now: {now}. "
            "{n} {n:atom has|atoms have} others."
        ),
    ),
    "plan.recounted-what": (
        "对比按现在的户数，画图时的户数是旧的。在重划页点“按现在的户数重算”；已提交的先退回成草案。",
        (
            "The comparison counts today's households, drawing the former ones. “Count anew” on "
            "the page that redraws takes them in; a plan that was handed in goes back first."
        ),
    ),
    "plan.caption": ("{side} · 第 {n} 次公布", "{side} · publication {n}"),
    "plan.measure": ("指标", "Measure"),
    "plan.better": ("优", "better"),
    "plan.divider": ("分隔线：左边{left}，右边{right}", "Divider: {left} left, {right} right"),
    "plan.divider-value": ("{n}%", "{n}%"),
    "plan.key-move": ("移动分隔线", "move the divider"),
    "plan.key-ends": ("到两端", "to the ends"),
    "plan.key-swap": ("左右对调", "swap sides"),
    "plan.space": ("空格", "Space"),
    "plan.dots": ("每个网格的户数", "Households a grid"),
    "plan.dots-said": (
        "每个网格的户数：{before} {now}/{all} 个在标准内，{later} {draft}/{after} 个在标准内。",
        "Households of each grid: {before} {now} of {all} in band, {later} {draft} of {after}.",
    ),
    "plan.band": ("标准 {low}–{high} 户", "Band {low}–{high}"),
    "plan.legend": ("图例", "Legend"),
    "plan.legend-unit": ("每网格户数；斜线处要换网格", "Households a grid; hatched: changes grid"),
    "plan.legend-rule": (
        "这里多数网格的标准是 {low}–{high} 户，其他的按各自的标准，颜色不变。点一类只看这一类。",
        "Band of most grids here: {low}–{high}. Others have their own. Click to filter.",
    ),
    "plan.moved": ("要换网格的户", "changes grid"),
    "plan.special": ("专属网格", "special grid"),
    "plan.reasons": ("{draft}还差 {n} 个", "{draft}: {n} still out of band"),
    "plan.reasons-none": ("{draft}每个网格都达标。", "{draft}: every grid is in band."),
    "plan.reasons-hint": (
        "下列各处无论怎样划都不达标，按规定写明理由即可。",
        "No plan can bring these in band; state the reason, as the rules ask.",
    ),
    "plan.grids": ("全部网格", "All grids"),
    "plan.grids-sort": ("{draft}偏离标准最多的在前", "{draft}: furthest from the band first"),
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
