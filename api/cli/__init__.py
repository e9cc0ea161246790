"""The command line: `jingwei`. One module a command, loaded when it is called."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any, Final, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from api.settling import nothing_swept
from geo.errors import JingweiError


class _Command(NamedTuple):
    """Where a command is, and what it says of itself before it is loaded."""

    module: str
    name: str  # of the function or the group in there
    sentence: str


# In the order of the flow.
COMMANDS: Final = {
    "demo": _Command(
        "demo",
        "demo",
        "演示：小城走完全流程。The whole flow on a small city; run again, it keeps its data.",
    ),
    "serve": _Command(
        "serve", "serve", "打开网页服务。Serve the pages and the API; starts the database it needs."
    ),
    "city": _Command(
        "city",
        "city",
        "生成一座城市：边界、楼栋、人员、诉求。Generate a city: areas, buildings, people, issues.",
    ),
    "import": _Command(
        "imports",
        "app",
        "导入文件：先看报告，加 --commit 才写入。Import files: a report first, --commit writes.",
    ),
    "redraw": _Command(
        "redraw",
        "redraw",
        "按户数标准重划网格，不需要数据库。Draw grids anew to the band; needs no database.",
    ),
    "merge": _Command(
        "merge",
        "merge",
        "多网融合：几张部门网合成一张。Merge departments' nets into one; needs no database.",
    ),
    "net": _Command("nets", "app", "部门网：列出、取名。Departments' nets and their names."),
    "plan": _Command("plans", "app", "网格方案。Plans."),
    "map": _Command(
        "maps",
        "map_",
        "导出地图：一个网页文件，可再存 PNG、PDF。Maps as one file that needs no network.",
    ),
    "assign": _Command(
        "assign",
        "assign",
        "给每个点找到它的网格：各行原样输出，加一列。Add to every row the grid that owns it.",
    ),
    "route": _Command(
        "route", "route", "这件诉求归谁，为什么。Whose an issue would be, and why, rung by rung."
    ),
    "list": _Command(
        "lists",
        "app",
        "责任清单：读入、查看、写出、试行。The responsibility list: in, shown, out, tried.",
    ),
    "ledger": _Command(
        "ledgers",
        "app",
        "台账：兜底、挂账、裁定。Ledgers: what nobody owns, what is held; rulings.",
    ),
    "issue": _Command(
        "issues",
        "app",
        "办理诉求：查看，派单、接单、退单到办结。Issues: shown, moved step by step.",
    ),
    "hook": _Command(
        "hooks",
        "app",
        "对外订阅与移交：添加、查看、失败与卡住的。Hooks: what leaves, what failed, what is stuck.",
    ),
    "work": _Command(
        "work",
        "work",
        "工人进程：把对外消息送出去。The worker: delivers what leaves, until stopped.",
    ),
    "task": _Command(
        "tasks",
        "app",
        "服务代办、矛盾化解、走访等。Tasks of no issue: errands, mediations, visits, meetings.",
    ),
    "link": _Command(
        "links",
        "app",
        "手机链接：不用账号打开一件任务或一天。Links that open a task or a day on a phone.",
    ),
    "account": _Command(
        "accounts", "app", "账号：开通、重置、停用。Accounts: opened, reset, closed."
    ),
    "person": _Command(
        "persons",
        "app",
        "个人信息：导出、删除一个人的数据。Personal data: export and erase what is kept of one.",
    ),
    "audit": _Command(
        "audit",
        "app",
        "审计：记录封存成链，核验有没有被改动。Audit: history sealed in a chain, and checked.",
    ),
    "backup": _Command(
        "backup",
        "backup",
        "备份：数据库和照片写进一个新文件夹。Backup: database and photos into a new folder.",
    ),
    "restore": _Command(
        "backup",
        "restore",
        "恢复：先核验备份，加 --commit 才写。Restore: checks a backup; --commit reads it back.",
    ),
    "review": _Command(
        "reviews", "app", "评价：回访、考核、双向评价。Reviews: who rates whom, about what."
    ),
    "rates": _Command(
        "reviews",
        "rates",
        "响应率、解决率、满意率、按期办结率、网格内解决率。Rates of a period, by area or party.",
    ),
    "warm": _Command(
        "warm",
        "warm",
        "安装后先编译，首次划分不用等。Compile ahead, so that the first plan waits not.",
    ),
    "db": _Command(
        "db", "app", "数据库：启动、停止、查看、升级。The database: start, stop, status, migrate."
    ),
}


class _Commands(TyperGroup):
    """Commands loaded when they are called, not when listed: most need seconds of libraries."""

    # The library's own types of context and command are private to it.
    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002
        """Return the names, in the order of the flow."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002
        """Return what a list shows of a command, or None where there is no such one."""
        known = COMMANDS.get(cmd_name)
        return known and TyperCommand(cmd_name, help=known.sentence)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401
        """Return the name of the command called, the command itself, and what is left to read."""
        name, shown, rest = super().resolve_command(ctx, args)
        return name, shown and _loaded(args[0]), rest


def _loaded(name: str) -> Any:  # noqa: ANN401 as above
    called = COMMANDS[name]
    with nothing_swept():
        found = getattr(import_module(f"api.cli.{called.module}"), called.name)
    if not isinstance(found, typer.Typer):
        alone = typer.Typer(pretty_exceptions_enable=False)
        alone.command(name)(found)
        found = alone
    command = get_command(found)
    command.help = called.sentence
    return command


app = typer.Typer(
    name="jingwei",
    cls=_Commands,
    help="经纬：划网格，派诉求。Draws a city's grids and sends every issue to the right one.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.callback()
def _jingwei() -> None:
    """经纬：划网格，派诉求。Draws a city's grids and sends every issue to the right one."""


def main() -> None:
    """Run the command line; a failure a person can mend is two sentences and exit status 1."""
    try:
        app()
    except JingweiError as error:
        sys.stderr.write(f"{error.sentence_zh}\n{error.sentence_en}\n")
        raise SystemExit(1) from error
