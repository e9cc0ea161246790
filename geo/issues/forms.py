"""The form of a service: what a reporter is asked besides the place, and whether answers fit.

A form is a list of questions as JSON, kept with the service; its words are those of Open311.
Source: GeoReport v2, GET Service Definition.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias, get_args

from geo.errors import BadAnswerError, BadFormError

Datatype: TypeAlias = Literal[
    "string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"
]
DATATYPES: Final[tuple[Datatype, ...]] = get_args(Datatype)
MEDIA: Final = "media_url"  # kept beside the answers, so no question may be called so
_LISTS: Final = ("singlevaluelist", "multivaluelist")
_CODE: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_LONGEST: Final = 4000  # characters of one answer, as of a description


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question; without `variable` it only tells something, and takes no answer.

    `options` are pairs of key and name, of a list alone.
    """

    code: str
    datatype: Datatype = "string"
    description: str = ""
    datatype_description: str = ""
    required: bool = False
    variable: bool = True
    options: tuple[tuple[str, str], ...] = ()


def form(text: str, service: str) -> tuple[Question, ...]:
    """Return the questions of a form, in order; of an empty text none.

    Raises
    ------
    BadFormError
        What is wrong with it.

    >>> form('[{"code": "side", "datatype": "string"}]', "F01")[0].required
    False
    """
    if not text.strip():
        return ()
    try:
        rows = json.loads(text)
    except ValueError as error:
        raise BadFormError(service=service, found=error) from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadFormError(service=service, found=text[:40])
    questions = tuple(_question(row, service) for row in rows)
    codes = [question.code for question in questions]
    if repeated := sorted({code for code in codes if codes.count(code) > 1}):
        raise BadFormError(service=service, found=f"code × 2: {repeated[0]}")
    return questions


def _question(row: Mapping[str, Any], service: str) -> Question:
    told = dict(row)
    pairs = told.pop("values", None) or []
    try:
        options = tuple((str(pair["key"]), str(pair["name"])) for pair in pairs)
        question = Question(**told, options=options)
    except (TypeError, KeyError) as error:
        raise BadFormError(service=service, found=error) from error
    if fault := next(_faults(question), None):
        raise BadFormError(service=service, found=fault)
    return question


def _faults(question: Question) -> Iterator[str]:
    code = question.code
    if not isinstance(code, str) or not _CODE.fullmatch(code) or code == MEDIA:
        yield f"code {code!r}"
    if question.datatype not in DATATYPES:
        yield f"datatype {question.datatype!r}"
    if (question.datatype in _LISTS) != bool(question.options):
        yield f"values {code}"
    for name in ("required", "variable"):
        if not isinstance(getattr(question, name), bool):
            yield f"{name} {getattr(question, name)!r}"
    for name in ("description", "datatype_description"):
        if not isinstance(getattr(question, name), str):
            yield f"{name} {getattr(question, name)!r}"


def answered(
    questions: Sequence[Question], given: Mapping[str, Sequence[str]]
) -> tuple[dict[str, list[str]], list[BadAnswerError]]:
    """Return the answers that are kept, and what is wrong with those that cannot be.

    Blank answers count as none; answers to what was not asked are wrong.
    """
    told = {code: [value for value in values if value] for code, values in given.items()}
    known = {question.code: question for question in questions if question.variable}
    faults = [_fault(code, "不在该服务的表单里", "not in the form of the service")
              for code in told if code not in known and told[code]]  # fmt: skip
    for code, question in known.items():
        faults += _misfits(question, told.get(code, []))
    return {code: values for code, values in told.items() if values and code in known}, faults


def _misfits(question: Question, values: Sequence[str]) -> Iterator[BadAnswerError]:
    code = question.code
    if question.required and not values:
        yield _fault(code, "必填", "required")
    if len(values) > 1 and question.datatype != "multivaluelist":
        yield _fault(code, "只能有一个答案", "one answer only")
    for value in values:
        if words := _misfit(question, value):
            yield _fault(code, *words)


def _misfit(question: Question, value: str) -> tuple[str, str] | None:
    if len(value) > _LONGEST or "\0" in value:
        return f"超过 {_LONGEST} 字或含空字符", f"over {_LONGEST} characters, or with a NUL"
    match question.datatype:
        case "number" if not _NUMBER.fullmatch(value.strip()):
            return "应为数字", "a number is needed"
        case "datetime" if not _is_moment(value):
            return "应为 ISO 8601 时间", "a time in ISO 8601 is needed"
        case "singlevaluelist" | "multivaluelist":
            keys = [key for key, _ in question.options]
            known = ", ".join(keys)
            return None if value in keys else (f"应为其一：{known}", f"should be one of: {known}")
        case _:
            return None


def _is_moment(value: str) -> bool:
    try:
        datetime.fromisoformat(value.strip())
    except ValueError:
        return False
    return True


def _fault(code: str, zh: str, en: str) -> BadAnswerError:
    return BadAnswerError(code=code[:64], reason_zh=zh, reason=en)
