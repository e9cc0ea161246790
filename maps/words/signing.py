"""Words of signing in, and of the page of accounts."""

from __future__ import annotations

from typing import Final

SIGN_IN: Final = {
    "sign-in.title": ("登录", "Sign in"),
    "sign-in.city": ("用统一身份认证登录", "Sign in with the city's account"),
    "sign-in.or": ("或用本系统的账号", "or with an account of this system"),
    "sign-in.name": ("账号", "Account"),
    "sign-in.password": ("口令", "Password"),
    "sign-in.go": ("登录", "Sign in"),
    "sign-in.out": ("退出", "Sign out"),
    "sign-in.choose": ("设置自己的口令", "Choose a password of your own"),
    "sign-in.choose-hint": (
        "一次性口令只能用一次。设好后就登录，以后用自己的口令。",
        "The one-time password opens nothing more. From now on use your own.",
    ),
    "sign-in.change": ("修改口令", "Change the password"),
    "sign-in.change-hint": (
        "改后，其他地方的登录都会退出。",
        "Wherever else you are signed in, you are signed out.",
    ),
    "sign-in.old": ("现在的口令", "The password now"),
    "sign-in.new": ("新口令", "New password"),
    "sign-in.again": ("再输一次", "Once more"),
    "sign-in.keep": ("保存并登录", "Keep it and go on"),
    "sign-in.help": (
        "没有账号，或忘了口令：请找本单位管理员。",
        "No account, or forgot the password: ask your administrator.",
    ),
    "account.title": ("账号", "Accounts"),
    "account.lead": (
        "给人员开通账号：系统给出一次性口令，只显示这一次；本人首次登录时设自己的口令。",
        "Open accounts: a one-time password is shown once; its person then chooses another.",
    ),
    "account.person": ("人员", "Person"),
    "account.name": ("账号名", "Account"),
    "account.subject": ("统一认证标识（可不填）", "Subject of the city's sign-on (optional)"),
    "account.add": ("开通", "Open an account"),
    "account.added": ("{person} 的一次性口令：", "One-time password of {person}:"),
    "account.state": ("状态", "State"),
    "account.seen": ("上次登录", "Signed in"),
    "account.acts": ("操作", "To do"),
    "account.open": ("正常", "open"),
    "account.fresh": ("未启用", "not used yet"),
    "account.waits": ("连错，等待中", "waits after wrong passwords"),
    "account.closed": ("已停用", "closed"),
    "account.sessions": ("在线 {n}", "{n} signed in"),
    "account.reset": ("重置口令", "Reset the password"),
    "account.close": ("停用", "Close"),
    "account.reopen": ("恢复", "Open again"),
    "account.sign-out": ("全部退出", "Sign out everywhere"),
    "account.sure": ("再点一次确认", "Click again to confirm"),
    "account.none": ("还没有账号。", "No account yet."),
    "what.accounts": ("账号列表", "the accounts"),
    "what.account": ("办理结果", "the answer"),
    "role.administrator": ("管理员", "administrator"),
}
