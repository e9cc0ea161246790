"""`jingwei plan fork` and `log`: a draft from any plan, and what happened to it so far."""

from __future__ import annotations

from typing import Annotated, Any, Final

import typer

from api.cli.planning import Number, Who, owner_engine, print_rows, role_holder
from api.moments import parsed_at
from api.persons import holder
from geo.store.database import transaction
from geo.store.planning.forking import fork, read_log

app = typer.Typer(no_args_is_help=True)

_LOG: Final = {
    "plan": "方案 Plan",
    "at": "时间 At",
    "name": "事项 What",
    "person": "经办 By",
    "told": "说明 Detail",
}
_SHOWN: Final = 100


@app.command("fork")
def forked(
    plan: Number,
    *,
    name: Annotated[
        str | None,
        typer.Option(
            "--name", help="新草案的标题；默认：原标题（副本 n） By default a numbered copy"
        ),
    ] = None,
    who: Who = None,
) -> None:
    """从任何方案另起一份草案：归属、沿革和记录都带上，此后互不影响。Fork a draft from any plan."""
    with owner_engine() as engine:
        person = who or role_holder(engine, plan, "planner")
        with transaction(engine, person) as conn:
            made = fork(conn, plan, title=name)
    typer.echo(f"草案 {made} 由方案 {plan} 另起。查看：jingwei plan show {made}")
    typer.echo(f"Draft {made} forked from plan {plan}. See: jingwei plan show {made}")


@app.command("begin")
def begun(
    *,
    title: Annotated[str, typer.Option(help="标题 Title")],
    scope: Annotated[str, typer.Option(help="区县、街道或社区代码 Code")],
    at: Annotated[
        str | None, typer.Option(help="改从哪个版本或日期的网格开始 A revision or date instead")
    ] = None,
    who: Who = None,
) -> None:
    """从现行网格开始一份草案，不重划，供逐步修改。Begin a draft from the grids in force."""
    from api.proposals import begin_as_was  # noqa: PLC0415 a compiler's library, here alone

    with owner_engine() as engine:
        with transaction(engine, who or "cli") as conn:
            person = who or holder(conn, "planner", scope)
        with transaction(engine, person) as conn:
            when = None if at is None else parsed_at(at)
            made = begin_as_was(conn, scope=scope, title=title, at=when)
    typer.echo(f"草案 {made} 已建，网格照旧。修改：jingwei plan edit --help")
    typer.echo(f"Draft {made} has the grids as they were. To edit it: jingwei plan edit --help")


@app.command("log")
def logged(plan: Number, *, who: Who = None) -> None:
    """方案的记录，含它由之而来的方案。What happened to a plan, and to those it was forked from."""
    with owner_engine() as engine, transaction(engine, who or "cli") as conn:
        found = read_log(conn, plan).tail(_SHOWN)
    told = found.assign(
        at=found["at"].map("{:%Y-%m-%d %H:%M}".format), told=found["detail"].map(_brief)
    )
    print_rows(told, _LOG)


def carried(detail: dict[str, Any]) -> list[str]:
    """Return what a step says of grids that others have changed: only a rebase does."""
    said = {
        "taken": "沿用他人改动的网格 Grids as others have changed them",
        "conflicts": "双方都改过、按本方案保留，请再看一遍 Changed by both, kept as drawn here",
        "unlocked": "原网格已不存在，锁定已解除 No more there, so no more locked",
    }
    return [f"{name}: {', '.join(detail[key])}" for key, name in said.items() if detail.get(key)]


def _brief(detail: dict[str, object]) -> str:
    plain = (f"{key}={value}" for key, value in detail.items() if _is_short(value))
    return " ".join(plain)


def _is_short(value: object) -> bool:
    return isinstance(value, str | int | float) and value != ""
