"""Failures as answers: one table from error class to HTTP status, in the form of RFC 9457."""

from __future__ import annotations

from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from geo import errors as e

PROBLEM_TYPE: Final = "application/problem+json"

Errors = tuple[type[e.JingweiError], ...]
# Each class once; a test holds this table and `geo.errors` together.
BY_STATUS: Final[dict[int, Errors]] = {
    403: (e.NobodyActsError, e.NotAllowedError),
    404: (e.BeforeFirstError, e.MissingError, e.NumberTooLargeError),
    409: (
        e.ChangedAgainError,
        e.ConflictError,
        e.IssueStepError,
        e.NobodyHoldsError,
        e.NobodyInChargeError,
        e.NotTiledError,
        e.PlanStepError,
        e.ScheduledAlreadyError,
        e.StaleBaseError,
        e.StaleDiffError,
    ),
    # The program's own: a person asking over HTTP can mend none of these.
    500: (
        e.BadFrameError,
        e.BadRulesError,
        e.CodesExhaustedError,
        e.MissingBoundaryFileError,
        e.UnsafePageError,
    ),
    503: (
        e.ClusterError,
        e.DatabaseAwayError,
        e.DatabaseSetupError,
        e.DatabaseUrlError,
        e.HomeBusyError,
        e.HomeOwnerError,
        e.HomeUnreachableError,
        e.LostSecretsError,
        e.NoServerError,
    ),
    422: (
        e.BadDraftError,
        e.BadIssueError,
        e.BadMomentError,
        e.BadOptionError,
        e.BadPageCodeError,
        e.BadPointsError,
        e.BadPolygonsError,
        e.BadValueError,
        e.BadWeightError,
        e.ColumnTakenError,
        e.DatumNotNamedError,
        e.EffectiveDateError,
        e.EmptyFileError,
        e.FileNotWrittenError,
        e.FileUnreadableError,
        e.FolderGivenError,
        e.FormatUnknownError,
        e.GridCodesError,
        e.GridColumnsError,
        e.GridShapesError,
        e.GridSystemError,
        e.ImportRefusedError,
        e.LayerNotNamedError,
        e.LockConflictError,
        e.LocksNeedPreviousError,
        e.MissingFileError,
        e.NoDatumError,
        e.NoGeometryError,
        e.NotPointsError,
        e.OpenQuestionsError,
        e.OverlapError,
        e.PlanScopeError,
        e.PositionColumnsError,
        e.ReasonNeededError,
        e.RefusedRowsError,
        e.SameFileError,
        e.ScopeNotNamedError,
        e.SpecialMarkError,
        e.TextTableError,
        e.UnknownChoiceError,
        e.UnknownColumnError,
        e.UnknownCrsError,
        e.UnknownDatumError,
        e.UnknownLayerError,
        e.UnknownParentError,
        e.UnknownPartyError,
        e.UnknownRuleError,
        e.UnreadableFileError,
        e.UnsafeArchiveError,
        e.UnsupportedFileError,
    ),
}
_STATUS: Final = {family: status for status, kinds in BY_STATUS.items() for family in kinds}


def status_of(error: e.JingweiError) -> int:
    """Return the HTTP status of an error."""
    return _STATUS[type(error)]


def problem(status: int, code: str, zh: str, en: str) -> JSONResponse:
    """Return a problem document: `code` names the kind, `zh` and `en` are its sentence."""
    body = {"type": f"/problems/{code}", "title": code, "status": status, "detail": zh}
    told = {**body, "code": code, "zh": zh, "en": en}
    return JSONResponse(told, status, media_type=PROBLEM_TYPE)


def register(app: FastAPI) -> None:
    """Answer every failure a person can mend, and every malformed request, with a problem."""
    app.add_exception_handler(e.JingweiError, _mendable)
    app.add_exception_handler(RequestValidationError, _malformed)


def _mendable(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, e.JingweiError):
        raise error
    code = type(error).__name__.removesuffix("Error")
    return problem(status_of(error), code, error.sentence_zh, error.sentence_en)


def _malformed(_request: Request, error: Exception) -> JSONResponse:
    """Say which field is wrong and why; the value itself is not repeated."""
    if not isinstance(error, RequestValidationError):
        raise error
    faults = "; ".join(f"{'.'.join(map(str, f['loc'][1:]))}: {f['msg']}" for f in error.errors())
    zh, en = f"请求有误：{faults}。", f"The request is malformed: {faults}."
    return problem(422, "Malformed", zh, en)
