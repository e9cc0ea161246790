"""Plans to files and back, over HTTP: the forms of `jingwei plan export` and `import`."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, TypeAlias

import pandas as pd
from fastapi import APIRouter, Depends, Query, Request, Response

from api.files.assignments import read_assignment
from api.files.plan_tables import write_plan_tables
from api.plan_exports import Taken, plan_tables, take_back
from api.transactions import Acting
from api.versions import IfMatch, demanded
from geo.scratch import scratch
from geo.store.planning.editing import locked_draft

router = APIRouter(prefix="/api/plans", tags=["files"])

Form = Literal["csv", "gpkg", "parquet", "xlsx"]
_TYPES: Final[dict[str, str]] = {
    "csv": "text/csv; charset=utf-8",
    "gpkg": "application/geopackage+sqlite3",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@router.get("/{plan}/export.{form}")
def exported(conn: Acting, plan: int, form: Form) -> Response:
    """Return a plan as a file: two columns, layers, atoms, or the grid ledger."""
    tables = plan_tables(conn, plan)
    with scratch() as folder:
        file = folder / f"plan-{plan}.{form}"
        write_plan_tables(tables, file)
        held = f'attachment; filename="{file.name}"'
        headers = {"content-disposition": held}
        return Response(file.read_bytes(), media_type=_TYPES[form], headers=headers)


async def _body(request: Request) -> bytes:
    """Return what was sent; `api.policy` says how large it may be."""
    return await request.body()


Sent: TypeAlias = Annotated[bytes, Depends(_body)]


@router.post("/{plan}/import")
def imported(
    conn: Acting,
    plan: int,
    *,
    sent: Sent,
    form: Annotated[Form, Query()],
    partial: Annotated[bool, Query()] = False,
    commit: Annotated[bool, Query()] = False,
    seen: IfMatch,
) -> dict[str, Any]:
    """Take an assignment back into a draft: a dry run unless `commit`, which names a version.

    The body is the file itself. If-Match names the version that was seen.
    """
    version = demanded(seen) if commit else seen
    with conn.begin_nested() as kept:
        locked_draft(conn, plan, version)  # before anything of the file is read
        taken = take_back(conn, plan, _read(sent, form), partial=partial)
        if not commit:
            kept.rollback()
    return {"committed": commit, **_told(taken)}


def _read(sent: bytes, form: Form) -> pd.DataFrame:
    with scratch() as folder:
        file = folder / f"import.{form}"
        file.write_bytes(sent)
        return read_assignment(file)


def _told(taken: Taken) -> dict[str, Any]:
    moves = taken.moves
    rows = moves.moves.astype("object")
    return {
        "atoms": rows.where(rows.notna(), None)
        .rename_axis("atom")
        .reset_index()
        .to_dict("records"),
        "households": moves.households,
        "fresh": moves.fresh,
        "gone": moves.gone,
        "broken": taken.broken,
        "loose": taken.loose,
    }
