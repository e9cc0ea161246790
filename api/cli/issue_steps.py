"""`jingwei issue steps`: one step with several issues at once."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Final

import pandas as pd
import typer

from api.cli.planning import DRY, Commit, owner_engine, print_rows
from api.cli.steps import Assist, ForReporter, Grid, Person, Reason, Result, To
from api.several import Answer, steps_taken
from geo.errors import BadOptionError
from geo.issues import EDGES, Order, step_called
from geo.store.database import Connection, transaction
from geo.store.working.several import Ask

_EXPECTED: Final = "17, 17@3"
_COLUMNS: Final = {
    "issue": "诉求 Issue",
    "state": "状态 State",
    "version": "版本 Version",
    "said": "结果 Result",
}


def steps(
    name: Annotated[str, typer.Argument(help="环节：" + "、".join(edge.name for edge in EDGES))],
    issues: Annotated[
        list[str], typer.Argument(help="诉求编号，可带看到的版本：17@3 Numbers, with the version")
    ],
    *,
    who: Person,
    to: To = None,
    grid: Grid = None,
    assist: Assist = None,
    reason: Reason = "",
    result: Result = "",
    for_reporter: ForReporter = False,
    together: Annotated[
        bool, typer.Option("--together", help="全部或全不 All of them or none")
    ] = False,
    commit: Commit = False,
) -> None:
    """几件诉求同办一步，逐件答复。One step with several issues: a dry run until --commit."""
    order = Order(
        step=step_called(name),
        party=to,
        grid=grid,
        assists=tuple(assist or ()),
        reason=reason,
        result=result,
        for_reporter=for_reporter,
    )
    asked = [_ask(word, order) for word in issues]
    with owner_engine() as engine, transaction(engine, who, commit=commit) as conn:
        answers = steps_taken(conn, asked, together=together)
    print_rows(pd.DataFrame([_row(answer) for answer in answers.each]), _COLUMNS)
    if answers.refusal is not None:
        raise answers.refusal
    if not commit:
        typer.echo(DRY)
    if answers.refused:
        raise typer.Exit(1)


def _ask(word: str, order: Order) -> Ask:
    """Return the step with an issue "17", or with one as it was seen "17@3"."""
    number, at, version = word.partition("@")
    if not number.isdecimal() or bool(at) is not version.isdecimal():
        raise BadOptionError(option="ISSUES", found=word, expected=_EXPECTED)
    return Ask(int(number), int(version) if at else None, partial(_given, order))


def _given(order: Order, _conn: Connection) -> Order:
    return order


def _row(answer: Answer) -> dict[str, object]:
    seen = answer.standing
    state, version = (seen.state, str(seen.version)) if seen else (None, None)
    return {"issue": answer.issue, "state": state, "version": version, "said": _said(answer)}


def _said(answer: Answer) -> str:
    if answer.error is not None:
        return answer.error.sentence_zh
    return "未办（同批有不能办的）" if answer.drawn_back else "✓"
