"""What events are called: steps of the table of edges, and what else is told in history."""

from __future__ import annotations

from typing import Final

from geo.issues.edges import EDGES

_OF_ISSUES: Final = {edge.name: (edge.zh, edge.en) for edge in EDGES} | {
    "receive": ("受理", "receive"),
    "closed_before": ("入库时已办结", "came in closed"),
    "reckon": ("按新日历重算时限", "reckon the due time by the new calendar"),
    "move": ("随网格调整", "move with the grids"),
    "due_soon": ("黄牌：即将到期", "yellow card: due soon"),
    "overdue": ("红牌：已超期", "red card: overdue"),
    "late": ("紧急任务未按时到场", "nobody on the spot in time"),
    "photo": ("上传照片", "add a photo"),
    "review": ("评价", "review"),
    "link": ("发出手机链接", "give out a phone link"),
    "forget": ("删除个人信息", "erase personal data"),
}
# Noun, name → what it is called where a step is not meant.
_OF_OTHERS: Final = {
    ("person", "show"): ("查看联系方式", "look at a contact"),
    ("person", "export"): ("导出个人信息", "export personal data"),
    ("person", "erase"): ("删除个人信息", "erase personal data"),
    ("person", "rekey"): ("开始更换联系方式密钥", "begin to change the key of contacts"),
    ("person", "rekeyed"): ("联系方式密钥已更换", "change the key of contacts"),
    ("account", "account_added"): ("开通账号", "open an account"),
    ("account", "account_opened"): ("恢复账号", "open an account again"),
    ("account", "account_closed"): ("停用账号", "close an account"),
    ("account", "password_changed"): ("修改口令", "change the password"),
    ("account", "password_reset"): ("重置口令", "reset the password"),
    ("account", "signed_in"): ("登录", "sign in"),
    ("account", "sign_in_failed"): ("登录没成功", "fail to sign in"),
    ("duty", "duty_given"): ("授予职责", "give a duty"),
    ("duty", "duty_ended"): ("终止职责", "end a duty"),
    ("link", "open"): ("打开手机链接", "open a phone link"),
    ("link", "revoke"): ("收回手机链接", "take a phone link back"),
    ("net", "call"): ("给网取名", "call a net by a name"),
    ("plan", "create"): ("新建方案", "begin a plan"),
    ("plan", "propose"): ("自动提方案", "propose grids"),
    ("plan", "save"): ("修改方案", "edit a plan"),
    ("revision", "rollback"): ("撤回公布", "take a publication back"),
    ("hook", "add"): ("添加接口", "add a hook"),
    ("hook", "remove"): ("删除接口", "remove a hook"),
    ("list", "keep"): ("更新责任清单", "keep the responsibility list"),
    ("list", "add"): ("责任清单加一行", "add a row to the responsibility list"),
    ("comment", "say"): ("批注", "comment"),
    ("comment", "settle"): ("批注已处理", "settle a comment"),
}


def event_words(noun: str, name: str) -> tuple[str, str]:
    """Return what an event is called in Chinese and in English; its own name where nobody said.

    >>> event_words("issue", "take"), event_words("import", "commit_areas")
    (('接单', 'take'), ('commit_areas', 'commit_areas'))
    """
    return _OF_OTHERS.get((noun, name)) or _OF_ISSUES.get(name, (name, name))
