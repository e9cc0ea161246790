"""Tables taken in over HTTP: the hotline's issues, a responsibility list; first a trial."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from api.at_hand import KnownAddresses, ReporterKey
from api.duty_lists import faulty, problems_told, rows_of_file, trial_in_words
from api.importing import (
    Origin,
    Outcome,
    brief,
    check_answers,
    column_pairs,
    known_areas,
    written,
    zone,
)
from api.periods import between
from api.transactions import Person, taking_in
from api.uploads import BODY, SentFile, SentTable, as_table
from geo.crs import Datum
from geo.errors import BadUploadError, OpenQuestionsError
from geo.load import ReadOptions, Report, read
from geo.store.database import Connection, Store, transaction
from geo.store.net.areas import ancestry
from geo.store.net.duty_list import list_problems
from geo.store.net.revisions import today
from geo.store.rules.list_keeping import keep_list
from geo.store.rules.list_trial import tried

router = APIRouter(prefix="/api", tags=["files"])

_INTAKE: Final = ("dispatcher",)
_LIST: Final = ("approver",)
Word = Annotated[str, Field(max_length=256)]


class Sheets(BaseModel):
    """How a table is read: which sheets, and which of its columns stands for which of ours."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str | None, Field(max_length=255)] = None
    layer: Annotated[list[Word], Field(max_length=50)] = []
    all_layers: bool = False
    column: Annotated[list[Word], Field(max_length=50)] = []
    commit: bool = False

    def options(self, **more: Any) -> ReadOptions:  # noqa: ANN401 fields of ReadOptions
        """Return what was said, with more."""
        every = self.all_layers and not self.layer
        return ReadOptions(
            layers=tuple(self.layer), all_layers=every, columns=column_pairs(self.column), **more
        )


class IssueSheets(Sheets):
    """How a table of issues is read; the answers to what it was asked about."""

    source: Annotated[str | None, Field(max_length=128, examples=["hotline"])] = None
    datum: Datum | Literal["measured"] | None = None
    timezone: Annotated[str | None, Field(max_length=64, examples=["Asia/Shanghai"])] = None
    accept: Annotated[list[Word], Field(max_length=50)] = []
    reject: Annotated[list[Word], Field(max_length=50)] = []


class ListSheets(Sheets):
    """A responsibility list: of which area, and whether it is all of it."""

    scope: Annotated[str, Field(max_length=64, examples=["370102"])]
    whole: bool = False


class ListTrial(ListSheets):
    """A list to be tried on the issues of some days, the last included (today by default)."""

    since: date
    until: date | None = None


@router.post("/issues/import", openapi_extra=BODY)
def issues_taken_in(
    request: Request,
    person: Person,
    sent: SentTable,
    asked: Annotated[IssueSheets, Query()],
    *,
    known: KnownAddresses,
    key: ReporterKey,
) -> dict[str, Any]:
    """Take issues in from a CSV file or a workbook: a trial, unless `commit`.

    The body is the file, or a form with one. The answer is the report of `jingwei import issues`:
    `status` (0 clean, 1 errors, 3 open questions), `reports`, and what is written (`committed`), or
    would be (`trial`). A trial is the real thing, taken back. For whoever dispatches.
    """
    check_answers((*asked.accept, *asked.reject))
    store: Store = request.app.state.store
    with taking_in(store, person, _INTAKE, commit=asked.commit) as conn:
        outcome = _read(conn, sent, asked)
        if asked.commit:
            _demand_clean(outcome)
        kept = {"key": key, "contacts": request.app.state.contacts}
        done = written(conn, "issues", outcome, _origin(sent), known, of_all=False, **kept)
    told = replace(done, trial=not asked.commit).to_json()
    return told | {"reports": [brief(report) for report in done.reports]}


def _read(conn: Connection, sent: SentFile, asked: IssueSheets) -> Outcome:
    options = asked.options(
        source=asked.source,
        datum=asked.datum,
        timezone=zone(asked.timezone),
        accept=frozenset(asked.accept),
        reject=frozenset(asked.reject),
        known=known_areas(conn),
    )
    with as_table(sent) as path:
        return Outcome(read(path, "issues", options))


def _demand_clean(outcome: Outcome) -> None:
    """Refuse to write what has errors or open questions; a trial tells of them.

    Raises
    ------
    BadUploadError, OpenQuestionsError
        The first error, or how many questions are open.
    """
    for error in (error for report in outcome.reports for error in report.errors):
        raise BadUploadError(zh=error.zh.rstrip("。"), en=error.en.rstrip("."))
    if outcome.questions:
        raise OpenQuestionsError(count=outcome.questions)


def _origin(sent: SentFile) -> Origin:
    return Origin(sent.name, sent.sha256)


@router.post("/list/import", openapi_extra=BODY)
def list_taken_in(
    request: Request, person: Person, sent: SentTable, asked: Annotated[ListSheets, Query()]
) -> dict[str, Any]:
    """Take the responsibility list of an area in, by whoever approves there: a trial at first.

    `rows` counts what is new, changed, the same and ended (would be, without `commit`); `faulty`
    are lines of the file, `problems` rows of the list that cannot be evaluated. With `whole` rows
    of the area that the file does not have end.
    """
    store: Store = request.app.state.store
    path = _path(store, person, asked.scope)
    with taking_in(store, person, _LIST, path, commit=asked.commit) as conn:
        with as_table(sent) as file:
            rows, reports = rows_of_file(conn, file, _sheets(asked), scope=asked.scope)
        kept = keep_list(conn, rows, scope=asked.scope if asked.whole else None)
        problems = problems_told(list_problems(conn, scope=asked.scope))
    return {
        "committed": asked.commit,
        "rows": {name: getattr(kept, name) for name in ("new", "changed", "same", "ended")},
        "faulty": faulty(rows),
        "problems": problems,
        "reports": _briefly(reports),
    }


@router.post("/list/try", openapi_extra=BODY)
def list_tried(
    request: Request, person: Person, sent: SentTable, asked: Annotated[ListTrial, Query()]
) -> dict[str, Any]:
    """Try a list on the issues of some days: what would move, from whom to whom; nothing is kept.

    For whoever approves in the area whose list it is.
    """
    store: Store = request.app.state.store
    path = _path(store, person, asked.scope)
    with taking_in(store, person, _LIST, path, commit=False) as conn:
        with as_table(sent) as file:
            rows, reports = rows_of_file(conn, file, _sheets(asked), scope=asked.scope)
        ended = asked.scope if asked.whole else None
        until = asked.until or today(conn)
        between(asked.since, until)
        found = tried(conn, rows, since=asked.since, until=until, scope=ended)
        told = trial_in_words(conn, found)
    return told | {"faulty": faulty(rows), "reports": _briefly(reports)}


def _path(store: Store, person: str, scope: str) -> list[str]:
    """Return the codes down to an area.

    Raises
    ------
    MissingError
        When there is none of that code.
    """
    with transaction(store.app, person) as conn:
        return list(ancestry(conn, scope, nets=("admin", "grid")))


def _sheets(asked: ListSheets) -> ReadOptions:
    """Return how a list is read: every sheet, where none is named."""
    return asked.model_copy(update={"all_layers": True}).options()


def _briefly(reports: list[Report]) -> list[dict[str, object]]:
    return [brief(report) for report in reports]
