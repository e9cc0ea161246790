"""`jingwei plan …`: a draft made by the machine, handed on step by step, put in force."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from api.cli import (
    plan_diff,
    plan_edit,
    plan_files,
    plan_forks,
    plan_recount,
    plan_replay,
    plan_sheets,
)
from api.cli.planning import (
    DRY,
    Commit,
    Number,
    Who,
    holder_for,
    opened,
    owner_engine,
    print_rows,
)
from api.cli.redrawing import Effort
from api.clock import put_due_in_force
from api.comparing import comparison, plan_row
from api.moments import moment
from api.persons import holder
from api.replaying import replayed
from geo.errors import ScopeNotNamedError
from geo.names import counted
from geo.plan import PLAN_EDGES
from geo.rules import load_rules
from geo.store.database import Connection, transaction
from geo.store.net.areas import read_areas
from geo.store.net.ground import barriers_of
from geo.store.net.revisions import demand_moment, read_revisions
from geo.store.planning import plans
from geo.store.planning.forking import read_log

app = typer.Typer(name="plan", no_args_is_help=True)
app.add_typer(plan_diff.app)
app.add_typer(plan_files.app)
app.add_typer(plan_edit.app)
app.add_typer(plan_forks.app)
app.add_typer(plan_recount.app)
app.add_typer(plan_replay.app)
app.add_typer(plan_sheets.app)

_SHOWN_REASONS: Final = 20
_SHOWN_DUTIES: Final = 10
_COLUMNS: Final = {
    "id": "编号 No.",
    "title": "标题 Title",
    "scope": "范围 Scope",
    "state": "状态 State",
    "base": "基准 Base",
    "effective_on": "生效 Effective",
    "revision": "公布 Revision",
}
_REVISIONS: Final = {
    "number": "版本 No.",
    "effective_on": "生效 Effective",
    "kind": "来由 Kind",
    "scope": "范围 Scope",
    "plan": "方案 Plan",
    "undoes": "撤销 Undoes",
    "made_by": "经办 By",
}
_MEASURES: Final = {
    "in_band": "达标网格 grids in band",
    "moved": "调整户数 households moved",
    "people": "涉及人数 people",
    "most_least": "最多 / 最少 most / least",
    "pieces": "不连片 broken pieces",
    "compactness": "紧凑度 compactness",
    "edges": "沿路、沿墙的边 borders along roads",
    "split_estates": "拆开小区 split estates",
    "load": "上季度最忙网格 busiest grid, last quarter",
}


@app.command("list")
def listed(who: Who = None) -> None:
    """列出方案。List the plans."""
    with owner_engine() as engine, transaction(engine, who or "cli") as conn:
        found = plans.read_plans(conn)
    print_rows(found, _COLUMNS)


@app.command()
def revisions(
    net: Annotated[str, typer.Option(help="哪张网 Which net")] = "grid", who: Who = None
) -> None:
    """列出一张网的历次版本。List the revisions of a net, newest first."""
    with owner_engine() as engine, transaction(engine, who or "cli") as conn:
        found = read_revisions(conn, net)
    print_rows(found, _REVISIONS)
    for why in found.refused.dropna():
        typer.echo(f"{why.sentence_zh}\n{why.sentence_en}")


@app.command()
def draft(
    *,
    title: Annotated[str, typer.Option(help="标题 Title")],
    scope: Annotated[str | None, typer.Option(help="区县、街道或社区代码 Code")] = None,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    quality: Annotated[
        Effort, typer.Option(help="快 | 优 | 有证明 How long to search; with proofs")
    ] = Effort.best,
    who: Who = None,
) -> None:
    """由程序提出一份草案，不影响现行网格。Propose a draft; nothing is published."""
    # The redraw needs a compiler's library: not loaded for the other commands.
    from api.files.redrawing import said_of_rows  # noqa: PLC0415
    from api.proposals import atoms_of, propose  # noqa: PLC0415

    console = Console()
    with owner_engine() as engine, console.status("读取地块… Reading the ground…") as now:
        with transaction(engine, who or "cli") as conn:
            scope = scope or only_subdistrict(conn)
            person = who or holder(conn, "planner", scope)
        with transaction(engine, person) as conn:
            atoms = atoms_of(conn, scope)
            plan = plans.create(conn, net="grid", scope=scope, title=title)
            now.update(f"正在划分 {len(atoms):,} 个地块… Redrawing {len(atoms):,} atoms…")
            lines = barriers_of(conn, scope)
            drawn = propose(
                conn, plan, atoms,
                rules=load_rules(), seed=seed, quality=quality.value, barriers=lines,
            )  # fmt: skip
    communities = drawn.report.communities
    good, all_ = int(communities["grids_in_band"].sum()), int(communities["grids"].sum())
    console.print(f"草案 {plan}：{good} / {all_} 个网格达标。查看：jingwei plan show {plan}")
    of = f"{good} of {counted(all_, 'grid')}"
    console.print(f"Draft {plan}: {of} in band. See: jingwei plan show {plan}")
    if (share := drawn.report.borders_on_barriers) is not None:
        console.print(f"网格之间的边界 {share:.0%} 沿道路、河流、小区围墙。")
        console.print(f"{share:.0%} of borders between grids run along roads, water, estates.")
    for line in said_of_rows(drawn.report.remarks):
        console.print(line, markup=False)


@app.command()
def show(
    plan: Number,
    *,
    at: Annotated[
        str | None, typer.Option(help="与哪个版本或日期对比 Beside which revision or date")
    ] = None,
    draft: Annotated[
        int | None, typer.Option("--plan", min=1, help="与另一方案对比 Beside another plan")
    ] = None,
    who: Who = None,
) -> None:
    """方案与现行网格（或另一时刻、另一方案）对比。A plan beside what is in force, or was."""
    beside = moment(at, None if draft is None else str(draft))
    with owner_engine() as engine, transaction(engine, who or "cli") as conn:
        demand_moment(conn, str(plan_row(conn, plan)["net"]), beside.at)
        told = comparison(conn, plan, None if beside.is_now else beside.which)
        load = replayed(conn, plan)
    then = "现行 Now" if beside.is_now else f"对比 Beside {at or draft}"
    console, table = Console(), Table("指标 Measure", then, f"方案 Plan {plan}")
    for measure in told["measures"]:
        label = _MEASURES[measure["key"]]
        table.add_row(label, _figure(measure["now"]), _figure(measure["draft"]))
    console.print(f"方案 {plan} {told['title']}（{told['state']}）")
    console.print(table)
    for reason in told["reasons"][:_SHOWN_REASONS]:
        console.print(f"{reason['name']} {reason['zh']}\n    {reason['en']}")
    if (more := len(told["reasons"]) - _SHOWN_REASONS) > 0:
        console.print(f"……还有 {more} 个社区。… and {more} more communities.")
    for line in plan_replay.summary(load):
        console.print(line)
    for line in plan_recount.changed_under(plan, told):
        typer.echo(line)


def _step(name: str, zh: str, en: str) -> None:
    def take(
        plan: Number,
        *,
        reason: Annotated[str, typer.Option(help="理由 Reason")] = "",
        who: Who = None,
    ) -> None:
        with owner_engine() as engine:
            person = who or holder_for(engine, plan, name)
            with transaction(engine, person) as conn:
                state = plans.move(conn, plan, name, reason=reason)
                log = read_log(conn, plan, name)
        typer.echo(f"方案 {plan}：{zh}，现为 {state}。Plan {plan}: {state}.")
        for line in plan_forks.carried(log["detail"].iloc[-1]):
            typer.echo(line)

    app.command(name.replace("_", "-"), help=f"{zh}。{en.capitalize()}.")(take)


for edge in PLAN_EDGES:
    if edge.role is not None and edge.name not in plans.WITH_A_DAY:
        _step(edge.name, edge.zh, edge.en)


@app.command()
def publish(
    plan: Number,
    *,
    on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="生效日期，可以是将来的日子 Effective on"),
    ] = None,
    commit: Commit = False,
    who: Who = None,
) -> None:
    """公布方案；将来生效的先排定，到期自动生效。Publish a plan, now or on a day to come."""
    with owner_engine() as engine:
        person = who or holder_for(engine, plan, "publish")
        with transaction(engine, person, commit=commit) as conn:
            done = plans.publish(conn, plan, effective_on=on.date() if on else None)
    _tell(done)
    if not commit:
        typer.echo(DRY)
    elif done.revision:
        typer.echo(f"已公布为第 {done.revision} 次。Published as revision {done.revision}.")
    else:
        day = done.effective_on
        typer.echo(f"已排定，{day} 生效；此前一切照旧。Scheduled: in force on {day}, not before.")


@app.command()
def due(*, commit: Commit = False) -> None:
    """让到期的方案生效（jingwei serve 每分钟做一次）。Put plans in force whose day has come."""
    with opened() as store:
        outcomes = put_due_in_force(store, commit=commit)
    for outcome in outcomes:
        typer.echo(f"方案 Plan {outcome.plan}: {outcome.state} {outcome.zh} {outcome.en}".rstrip())
        if outcome.published is not None:
            _tell(outcome.published)
    if not outcomes:
        typer.echo("没有到期的方案。No plan is due.")
    elif not commit:
        typer.echo(DRY)


@app.command()
def rollback(
    revision: Annotated[int, typer.Argument(help="要撤销的版本 The revision to undo")],
    *,
    net: Annotated[str, typer.Option(help="哪张网 Which net")] = "grid",
    commit: Commit = False,
    who: Annotated[str, typer.Option("--as", help="由谁操作 Who acts")],
) -> None:
    """回退：把此前的网格再公布一次。Publish again what was there before a revision."""
    with owner_engine() as engine, transaction(engine, who, commit=commit) as conn:
        done = plans.rollback(conn, revision, net=net)
    _tell(done)
    if commit:
        number = done.revision
        typer.echo(f"已回退，现为第 {number} 次公布。Rolled back as revision {number}.")
    else:
        typer.echo(DRY)


def only_subdistrict(conn: Connection) -> str:
    """Return the code of the only subdistrict there is.

    Raises
    ------
    ScopeNotNamedError
        When there are none or several: which.
    """
    found = read_areas(conn, net="admin", kind="subdistrict")
    if len(found) != 1:
        some = ", ".join(found["code"].head(5) + " " + found["name"].head(5)) or "–"
        raise ScopeNotNamedError(count=len(found), some=some)
    return str(found["code"].iloc[0])


def _tell(done: plans.Published) -> None:
    counts = f"+{len(done.new)} −{len(done.gone)} ~{len(done.changed)}"
    tasks, duties = f"{done.tasks_moved:,}", f"{done.duties_moved:,}"
    typer.echo(f"网格 {counts}；随之转移未签收任务 {tasks} 件，新任职责 {duties} 项。")
    typer.echo(f"Grids {counts}; tasks nobody has taken that move: {tasks}; duties: {duties}.")
    for duty in done.duties[:_SHOWN_DUTIES]:
        typer.echo(f"    {duty.area_name} {duty.area}: {duty.role} {duty.party_name}")
    if done.ended:
        typer.echo(
            f"随专属网格终止的职责 {len(done.ended)} 项：Duties that end with special grids:"
        )
    for over in done.ended:
        listed = "" if over.row is None else f" #{over.row} {over.service_name or over.service}"
        typer.echo(f"    {over.area_name} {over.area}:{listed} {over.role} {over.party_name}")


def _figure(value: object) -> str:
    if value is None:
        return "—"
    if isinstance(value, tuple):
        return " / ".join(f"{part:,}" for part in value)
    return f"{value:.2f}" if isinstance(value, float) else f"{value:,}"
