"""Why a step is refused, in words: one table."""

from __future__ import annotations

from typing import Final

from geo.errors import StepNotYoursError, StepRefusedError
from geo.issues.edges import IssueEdge, Who, edge_named

_REFUSALS: Final[dict[str, tuple[str, str]]] = {
    "party": ("请写明交给谁（party）", "name whom it goes to (party)"),
    "reason": ("请写明原因（reason）", "say why (reason)"),
    "result": ("请写明处置结果（result）", "say what was done (result)"),
    "outcome": (
        "只在核查通过或自办自结时写结果（outcome）：solved、unfounded 或 answered",
        "an outcome goes with pass or self_close alone, and is solved, unfounded or answered",
    ),
    "days": ("请写明工作日数（days，大于 0）", "give working days (days, above 0)"),
    "review_on": (
        "请写明复核日期（review_on，今后的一天）",
        "give the day of review (review_on, a day to come)",
    ),
    "into": (
        "请写明并入哪一件（into，另一件诉求的编号）",
        "name the issue it goes into (into, another one)",
    ),
    "into_closed": (
        "要并入的诉求已经办结，请先重开（reopen）它",
        "the issue it would go into is closed; reopen that one first",
    ),
    "late": ("已超过退单时限 {days} 个工作日", "the {days} working days for a return are over"),
    "ruled": ("归属已经裁定，不能再退", "it was ruled whose it is; it cannot be returned again"),
    "ruling": (
        "已第二次退单，须由区县裁定（rule）",
        "it came back twice; the district must rule (rule)",
    ),
    "first": (
        "第一次退单由派单员重派（resend）即可",
        "the dispatcher sends a first return again (resend)",
    ),
    "ledger": (
        "只有兜底台账里的件才这样裁定；请在台账上裁定，同时写入责任清单",
        "only what is in the ledger of what nobody owned; rule on it there, as a row of the list",
    ),
    "extended": (
        "延期合计不得超过 {days} 个工作日",
        "extensions may be {days} working days in all",
    ),
    "above": (
        "没有更上一级的调度员，请写明报给谁（party），或拟哨（parties）",
        "nobody dispatches above; name whom it goes to (party), or departments (parties)",
    ),
    "above_at_work": (
        "要报给的人已经在办这件",
        "whom it would go to works on it already",
    ),
    "parties": (
        "请写明向哪些部门吹哨（parties，不重复，且尚未在办）",
        "name the departments to whistle for (parties), each once, and none that has it already",
    ),
    "against": (
        "诉求投诉的就是 {parties}（或其上级），不能交给它办；请另选承办人",
        "the issue complains about {parties}, or who is above: give it to somebody else",
    ),
    "assists": (
        "协办单位（assists）每家只写一次，主办单位不再写",
        "name each who assists (assists) once, and not who leads",
    ),
    "assisted": (
        "协办单位（assists）只在派单、吹哨时写；联合执法一起来的写在 parties",
        "who assists (assists) is named with send and whistle; joint enforcement names parties",
    ),
    "far": (
        "你离现场还有 {away} 米，{near} 米以内才算到场",
        "you are {away} metres away; within {near} metres is on the spot",
    ),
    "photo": (
        "这类事项办结前须先上传接单之后拍的处置后照片（after）",
        "this service wants a photo of the result (after), sent since you took it",
    ),
    "called": (
        "部门不认领吹哨或联合执法的，由区县裁定（rule），或撤回（withdraw）",
        "what a department called in gives back is ruled on (rule), or withdrawn (withdraw)",
    ),
    "lon": (
        "请写明位置（lon、lat、datum）、地址的候选（candidate），或所在社区、街道（area）",
        "say where it is: lon, lat and datum; a candidate of its address; or the community (area)",
    ),
    "claimed": (
        "这件诉求已有所属区域，受理时的记录不再改动；请用转交（hand_over）",
        "it lies in an area already, and what was recorded stays; hand it over instead",
    ),
    "outside": (
        "这个位置不在任何区划内，仍留在待认领",
        "that position lies in no area of ours; it stays unclaimed",
    ),
    "away_m": ("请附上现场位置（lon、lat、datum）", "say where you are (lon, lat, datum)"),
    "confidential": (
        "保密任务不能由承办人直接转交，请退单（return），由交办人另派",
        "its holder does not hand on what is confidential; return it to whoever gave it",
    ),
    "over": (
        "已经办结；要再办请重开（reopen）",
        "it is closed; reopen it where it is to go on",
    ),
    "appealed": (
        "已经申诉过；裁定只有一次",
        "that was asked before, and is ruled on once",
    ),
    "no_appeal": ("没有待裁定的申诉", "there is no appeal to rule on"),
    "unplaced": (
        "还不知道在哪里；请先定位到社区或街道（place，area），派单后再裁定",
        "nobody knows where it is: put it into a community (place, area), send it, then rule",
    ),
    "nowhere": (
        "还不知道在哪里；请先定位（place），或指定承办人（party）",
        "nobody knows where it is: put it on the map (place), or name whom it goes to (party)",
    ),
    "which": (
        "有几项任务都可以这样办，请写明哪一项（task）：{tasks}",
        "several tasks have this step; name one (task): {tasks}",
    ),
    "unsigned": ("没有待签批的吹哨", "there is no whistle to sign"),
    "asked": ("承办人没有这样申请", "its holder has not asked for that"),
    "self_close": (
        "这类事项不能自办自结，请办结（finish）待核查",
        "this service cannot be closed on the spot; finish it",
    ),
    "call_back": (
        "热线件须先回访：已解决且满意（solved、satisfied）才能通过，否则重办（fail）",
        "the reporter must be called back first: solved and satisfied passes, else fail",
    ),
    "uncalled": (
        "并入的热线件也须回访，还差 {issues}：回访后请写明（called），有人不满意则重办（fail）",
        "reporters of merged issues are called back too; name those who were (called): {issues}",
    ),
    "not_merged": (
        "{issues} 没有并入这一件，或不须回访（called）",
        "not merged into this one, or not called back (called): {issues}",
    ),
}

_WHO: Final[dict[Who, tuple[str, str]]] = {
    "dispatcher": ("该处的调度员", "a dispatcher of the place"),
    "checker": ("该处的审核员", "a checker of the place"),
    "approver": ("该处的批准人", "an approver of the place"),
    "district": ("区县的批准人", "an approver of the district"),
    "holder": ("承办人", "whoever holds the task"),
    "verifier": ("该处未承办此件的调度员或审核员", "a dispatcher or checker who did not handle it"),
    "reporter": ("反映人", "whoever reported it"),
    "answerable": ("现在或当时的承办人", "whoever holds the task, or did"),
}


def not_yours(step: str, noun: tuple[str, str], key: int) -> StepNotYoursError:
    """Return what is said of a step on what one sees and others handle: who may take it.

    Parameters
    ----------
    noun
        What it is on, in English and Chinese; `key` is its number.

    Raises
    ------
    IssueStepError
        When there is no such step.
    """
    edge = edge_named(step)
    zh, en = (tuple(_WHO[who][n] for who in edge.who) for n in range(2))
    return StepNotYoursError(
        noun=noun[0],
        noun_zh=noun[1],
        key=key,
        step=edge.en,
        step_zh=edge.zh,
        who_zh="、".join(zh),
        who=" or ".join(en),
    )


def demand(fine: bool, edge: IssueEdge, name: str, **values: object) -> None:  # noqa: FBT001 reads as the sentence it is
    """Refuse a step, in the words of that name, unless all is fine.

    Raises
    ------
    StepRefusedError
        Which step, and what to do.
    """
    if not fine:
        zh, en = (text.format(**values) for text in _REFUSALS[name])
        raise StepRefusedError(step_zh=edge.zh, step=edge.en, zh=zh, en=en)
