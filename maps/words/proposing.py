"""Words of what the machine does to a draft: proposals, and households counted anew."""

from __future__ import annotations

from typing import Final

PROPOSE: Final = {
    "draw.propose": ("自动提方案", "Proposal"),
    "draw.propose-around": ("绕开 {n} 个已锁定网格", "around {n} locked {n:grid|grids}"),
    "draw.propose-all": ("重划全部 {n} 个社区", "All {n} {n:community|communities}"),
    "draw.propose-one": ("只划{name}", "Only {name}"),
    "draw.propose-said": (
        "{i}/{n} 个社区 · 达标 {fine}/{counted}，调整 {moved} 户",
        "{i} of {n} {n:community|communities} · {fine} of {counted} in band, {moved} moved",
    ),
    "draw.proposed": (
        "提完了：达标 {fine}/{counted}，调整 {moved} 户。不合适可逐步撤销。",
        "Done: {fine} of {counted} in band, {moved} moved. Undo takes it back step by step.",
    ),
    "draw.proposed-same": (
        "没有改动：重算出来就是现在的划法（达标 {fine}/{counted}）。再按一次换一种算法。",
        (
            "Nothing changed: the best found is what is drawn, {fine} of {counted} in band. Press "
            "again for another search."
        ),
    ),
    "draw.proposed-locked": (
        "没有改动：这里的网格都已锁定。先解锁要重划的网格。",
        "Nothing changed: every grid here is locked. Unlock those to be redrawn.",
    ),
    "draw.propose-stopped": (
        "提到第 {i}/{n} 个社区停下了：有一步没有存进去，见地图上的提示。",
        (
            "It stopped after {i} of {n} {n:community|communities}: a step was not kept, as said "
            "on the map."
        ),
    ),
    "draw.propose-under": ("正在划{name}，已 {s} 秒", "{name} under way for {s} s"),
    "draw.propose-stopping": ("正在停下……", "Stopping …"),
    "draw.propose-late": (
        (
            "提到第 {i}/{n} 个社区停下了：{name}等了 {s} 秒没有回音，没有改动。"
            "已提的都在，可以再试，或只划{name}。"
        ),
        (
            "It stopped after {i} of {n} {n:community|communities}: no answer about {name} within "
            "{s} s, it is as it was. What was done is kept; try again, or only {name}."
        ),
    ),
    "draw.propose-another": (
        (
            "已停，但草案在这之前又存了一步：{name}刚好划完，或有人同时在改。先看一眼；"
            "撤销 {n} 步就回到提方案以前。"
        ),
        (
            "Stopped, but one more step was kept before: {name} was just done, or somebody else "
            "drew. Look first; {n} {n:step|steps} of undo lead back to before the proposal."
        ),
    ),
    "draw.propose-none": (
        "已停，草案还是原来的样子。",
        "Stopped: the draft is as it was.",
    ),
    "draw.propose-cancel": ("取消", "Cancel"),
    "draw.propose-dropped": ("已取消，草案还是原来的样子。", "Cancelled: the draft is as it was."),
    "draw.propose-keep": ("先用这个", "Keep this"),
    "draw.recount": ("按现在的户数重算", "Count anew"),
    "draw.did-recount": ("户数已重算", "Households counted anew"),
    "draw.recounted": (
        "已按楼栋现在的户数重算，可以撤销。各网格达标情况不变。",
        "Counted as the buildings are now; undo takes it back. No grid fell out of band by it.",
    ),
    "draw.recounted-fallen": (
        "已按楼栋现在的户数重算，可以撤销。由此未达标 {n} 个：{names}。",
        "Counted as the buildings are now; undo takes it back. Out of band by it: {n}, {names}.",
    ),
    "draw.recounted-none": (
        "户数与楼栋一致，没有改动。",
        "The households are those of the buildings already: nothing was changed.",
    ),
}
