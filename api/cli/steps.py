"""Options of a step, with an issue or with a task of none: each written once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, TypeAlias

import typer

Person: TypeAlias = Annotated[str, typer.Option("--as", help="由谁操作（人员代码） Who acts")]
Task: TypeAlias = Annotated[
    int | None, typer.Option("--task", help="任务编号（有多个时） Which task")
]
To: TypeAlias = Annotated[str | None, typer.Option("--to", help="交给谁（主体代码） To whom")]
Reason: TypeAlias = Annotated[str, typer.Option("--reason", help="原因 Why")]
Result: TypeAlias = Annotated[str, typer.Option("--result", help="处置结果 What was done")]
Days: TypeAlias = Annotated[float | None, typer.Option("--days", help="工作日数 Working days")]
Review: TypeAlias = Annotated[
    datetime | None, typer.Option("--review", formats=["%Y-%m-%d"], help="复核日期 Day of review")
]
Into: TypeAlias = Annotated[int | None, typer.Option("--into", help="并入哪一件 Which issue")]
Solved: TypeAlias = Annotated[
    bool | None, typer.Option("--solved/--unsolved", help="回访：已解决 Called back: solved")
]
Satisfied: TypeAlias = Annotated[
    bool | None, typer.Option("--satisfied/--unsatisfied", help="回访：满意 Satisfied")
]
Called: TypeAlias = Annotated[
    list[int] | None,
    typer.Option("--called", help="回访：并入的哪几件也回访过，可重复 Merged ones called too"),
]
Call: TypeAlias = Annotated[
    list[str] | None, typer.Option("--call", help="吹哨的部门，可重复 Whistled for, repeatable")
]
Assist: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--assist", help="协办（派单、吹哨），可重复 Who assists, repeatable"),
]
Emergency: TypeAlias = Annotated[
    bool, typer.Option("--emergency", help="紧急：先到场后签批 Signed afterwards")
]
Grid: TypeAlias = Annotated[
    str | None, typer.Option("--grid", help="交给该网格的网格长 To whoever leads the grid")
]
Candidate: TypeAlias = Annotated[
    str | None, typer.Option("--candidate", help="定位：地址的候选 Candidate of its address")
]
Area: TypeAlias = Annotated[
    str | None,
    typer.Option("--area", help="定位：只知所在社区、街道 Only the area is known"),
]
At: TypeAlias = Annotated[
    tuple[float, float, str] | None,
    typer.Option("--at", help="定位或到场：经度 纬度 基准 Longitude, latitude, datum"),
]
ForReporter: TypeAlias = Annotated[
    bool, typer.Option("--for-reporter", help="代诉求人提出 Asked for by the reporter")
]


def day_of(moment: datetime | None) -> date | None:
    """Return the day of a moment, if there is one."""
    return None if moment is None else moment.date()
