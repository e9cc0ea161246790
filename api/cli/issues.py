"""`jingwei issue`: issues listed, handed in, seen, and moved step by step."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Final

import pandas as pd
import typer

from api.answer_words import answers_told
from api.cli.issue_entering import locate, new_issue
from api.cli.issue_lists import list_issues, write_answers
from api.cli.issue_number import Issue, number_of
from api.cli.issue_steps import steps
from api.cli.issue_told import lines_told
from api.cli.photos import photo
from api.cli.planning import DRY, Commit, owner_engine, print_rows, shown
from api.cli.step_words import IssueCommands
from api.cli.steps import (
    Area,
    Assist,
    At,
    Call,
    Called,
    Candidate,
    Days,
    Emergency,
    ForReporter,
    Grid,
    Into,
    Person,
    Reason,
    Result,
    Review,
    Satisfied,
    Solved,
    Task,
    To,
    day_of,
)
from api.gazetteers import spot_of
from api.issue_card import history
from api.waiting import unclaimed
from geo.crs import parse_datum, to_wgs84
from geo.issues import EDGES, Order, step_called
from geo.store.database import CITY_TIME, Connection, transaction
from geo.store.net.gazetteer import read_gazetteer
from geo.store.working.cases import Look
from geo.store.working.handling import act, look, metres_away

app = typer.Typer(cls=IssueCommands, no_args_is_help=True)
app.command("list")(list_issues)
app.command("new")(new_issue)
app.command("replies")(write_answers)
app.command("locate")(locate)

_TASKS: Final = {
    "id": "任务 Task",
    "party": "承办 Holder",
    "part": "主协办 Part",
    "state": "状态 State",
    "due": "时限 Due",
    "asked": "申请 Asked",
}
_UNCLAIMED: Final = {
    "id": "诉求 Issue",
    "source": "来源 Source",
    "reference": "编号 Number",
    "zh": "缘由 Why",
    "address": "地址 Address",
    "many": "候选 Candidates",
    "first": "最像 Likeliest",
}
_EVENTS: Final = {"at": "时间 When", "zh": "环节 Step", "person": "人员 Who", "why": "说明 Words"}


@app.command("show")
def show(issue: Issue, *, who: Person = "cli") -> None:
    """看一件诉求：任务、时限、可办的环节、经过。Show an issue: tasks, due times, steps, history."""
    with owner_engine() as engine, transaction(engine, who) as conn:
        number = number_of(conn, issue)
        seen, told = look(conn, number), history(conn, number)
        answers = answers_told(conn, number)
        said = [*lines_told(conn, number)]
    _print(seen)
    for line in said:
        typer.echo(line)
    for row in answers:
        typer.echo(shown(f"{row['question']} {'、'.join(row['answers'])}"))
    if not told:  # nothing was done since the batch that it came with
        return
    rows = pd.DataFrame(told)
    rows["why"] = [
        order.get("reason") or order.get("result") or order.get("party", "")
        for order in rows["order"]
    ]
    when = pd.to_datetime(rows["at"]).dt.tz_convert(CITY_TIME).dt.strftime("%Y-%m-%d %H:%M")
    print_rows(rows.assign(at=when), _EVENTS)


@app.command("step")
def step(
    issue: Issue,
    name: Annotated[str, typer.Argument(help="环节：" + "、".join(edge.name for edge in EDGES))],
    *,
    who: Person,
    task: Task = None,
    to: To = None,
    reason: Reason = "",
    result: Result = "",
    days: Days = None,
    review: Review = None,
    into: Into = None,
    solved: Solved = None,
    satisfied: Satisfied = None,
    called: Called = None,
    call: Call = None,
    assist: Assist = None,
    emergency: Emergency = False,
    grid: Grid = None,
    candidate: Candidate = None,
    area: Area = None,
    at: At = None,
    for_reporter: ForReporter = False,
    commit: Commit = False,
) -> None:
    """办理一步：派单、接单、退单……。Take one step with an issue: a dry run until --commit."""
    name = step_called(name)
    order = Order(
        step=name, task=task, party=to, reason=reason, result=result, days=days,
        review_on=day_of(review), into=into, solved=solved, satisfied=satisfied,
        called=tuple(called or ()), parties=tuple(call or ()), emergency=emergency, grid=grid,
        area=area, for_reporter=for_reporter, assists=tuple(assist or ()),
    )  # fmt: skip
    with owner_engine() as engine, transaction(engine, who, commit=commit) as conn:
        number = number_of(conn, issue)
        act(conn, number, replace(order, **_spot(conn, number, name, candidate, at)))
        seen = look(conn, number)
    _print(seen)
    if not commit:
        typer.echo(DRY)


app.command("steps")(steps)
app.command("photo")(photo)


def _spot(
    conn: Connection,
    issue: int,
    step: str,
    candidate: str | None,
    at: tuple[float, float, str] | None,
) -> dict[str, Any]:
    """Return where the issue is put (a candidate, a position), or how far one is from it."""
    if candidate is not None:
        return spot_of(conn, issue, candidate, read_gazetteer)
    if at is None:
        return {}
    lon, lat = (float(value) for value in to_wgs84(at[0], at[1], parse_datum(at[2])))
    if step == "place":
        return {"lon": lon, "lat": lat}
    return {"away_m": metres_away(conn, issue, lon, lat)}


@app.command("unclaimed")
def show_unclaimed(
    *, limit: Annotated[int, typer.Option(min=1, max=500)] = 30, who: Person = "cli"
) -> None:
    """待认领：没有位置，或不在任何区划内。Issues nobody has claimed, with their candidates."""
    with owner_engine() as engine, transaction(engine, who) as conn:
        told = unclaimed(conn, read_gazetteer, limit)
    rows = pd.DataFrame(told["issues"])
    if len(rows):
        first = [one["candidates"][:1] for one in told["issues"]]
        rows["first"] = [f"{c[0]['as']} {c[0]['score']:.2f}" if c else "—" for c in first]
        rows["many"] = rows["candidates"].map(len)
        print_rows(rows, _UNCLAIMED)
    typer.echo(f"待认领 Unclaimed: {told['total']}")


def _print(seen: Look) -> None:
    """Print an issue, its tasks, and what the person may do with it."""
    case = seen.case
    outcome = f"（{case.outcome}）" if case.outcome else ""
    typer.echo(f"诉求 Issue {case.id} · {case.source} · {case.state}{outcome} · v{seen.version}")
    if case.tasks:
        rows = pd.DataFrame([vars(work) for work in case.tasks])
        due = rows["due_at"].map(lambda moment: moment.isoformat(timespec="minutes"))
        due += ["（暂 guessed）" if work.id in seen.guessed else "" for work in case.tasks]
        part = ["主办 leads" if work.lead else "协办 assists" for work in case.tasks]
        print_rows(rows.assign(due=due, part=part), _TASKS)
    steps = [
        f"{edge.zh} {edge.name}" + (f" #{task}" if task else "") for edge, task in seen.offered
    ]
    typer.echo("可办 May: " + ("、".join(steps) or "—"))
