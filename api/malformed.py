"""What is wrong with each field of a request, in a sentence to stand beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypedDict

from geo.errors import BadIssueError, JingweiError, NoDatumError

_LONGEST: Final = 120  # letters of a field's name
_LONGEST_SAID: Final = 500  # letters of what is wrong with one
_FAULTS: Final = 5  # told of a malformed request


class Fault(TypedDict):
    """One field, as the request names it, and what is wrong with it in both languages."""

    field: str
    zh: str
    en: str


_NO_JSON: Final = "json_invalid"
_NO_OBJECT: Final = ("应为一个 JSON 对象", "must be a JSON object")
# What the reader of requests calls a fault → how it is said; values in brackets are its limits.
_SAID: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("没有填", "is missing"),
    "extra_forbidden": ("不认识这一项", "is not known"),
    "string_type": ("应为文字", "must be text"),
    "string_too_short": ("至少 {min_length} 字", "needs at least {min_length} characters"),
    "string_too_long": ("最多 {max_length} 字", "takes at most {max_length} characters"),
    "string_unicode": ("含残缺字符", "holds half a character"),
    "string_pattern_mismatch": ("写法不对", "is not written as it should be"),
    _NO_JSON: ("第 {at} 字起不是合乎规范的 JSON", "is no proper JSON from character {at} on"),
    "dict_type": _NO_OBJECT,
    "model_type": _NO_OBJECT,
    "model_attributes_type": _NO_OBJECT,
    "list_type": ("应为列表", "must be a list"),
    "bool_type": ("应为是或否", "must be true or false"),
    "bool_parsing": ("应为是或否", "must be true or false"),
    "int_type": ("应为整数", "must be a whole number"),
    "int_parsing": ("应为整数", "must be a whole number"),
    "int_from_float": ("应为整数", "must be a whole number"),
    "float_type": ("应为数字", "must be a number"),
    "float_parsing": ("应为数字", "must be a number"),
    "finite_number": ("应为有限的数", "must be a finite number"),
    "greater_than": ("应大于 {gt}", "must be more than {gt}"),
    "greater_than_equal": ("不能小于 {ge}", "must not be less than {ge}"),
    "less_than": ("应小于 {lt}", "must be less than {lt}"),
    "less_than_equal": ("不能大于 {le}", "must not be more than {le}"),
    "literal_error": ("只能是 {expected}", "must be one of {expected}"),
    "union_tag_invalid": ("只能是 {expected_tags}", "must be one of {expected_tags}"),
    "union_tag_not_found": ("没有填 {discriminator}", "does not say {discriminator}"),
    "enum": ("只能是 {expected}", "must be one of {expected}"),
    "timezone_aware": ("没有时区", "has no time zone"),
    "date_from_datetime_parsing": ("不是日期", "is no date"),
    "datetime_from_date_parsing": ("不是日期时间", "is no date and time"),
    "datetime_type": ("不是日期时间", "is no date and time"),
    "datetime_object_invalid": ("不是日期时间", "is no date and time"),
    "date_type": ("不是日期", "is no date"),
    "datetime_parsing": ("不是日期时间", "is no date and time"),
    "date_parsing": ("不是日期", "is no date"),
    "too_long": ("最多 {max_length} 项", "takes at most {max_length}"),
}


def first_of(found: Sequence[Mapping[str, Any]]) -> tuple[str, str, list[Fault]]:
    """Return the first faults in one line of each language, with how many more; and each of them.

    >>> first_of([{"loc": ("body",), "type": "missing", "msg": "Field required"}])[:2]
    ('正文：没有填', 'the body: is missing')
    >>> first_of([{"loc": ("body", 9), "type": "json_invalid", "msg": "JSON decode error"}])[1]
    'the body: is no proper JSON from character 9 on'
    """
    told = faults_of(found[:_FAULTS])
    more = f"; … +{len(found) - len(told)}" if len(found) > len(told) else ""
    zh = "；".join(f"{each['field'] or '正文'}：{each['zh'][:_LONGEST_SAID]}" for each in told)
    en = "; ".join(f"{each['field'] or 'the body'}: {each['en'][:_LONGEST_SAID]}" for each in told)
    return zh + more, en + more, told


def faults_of(found: Iterable[Mapping[str, Any]]) -> list[Fault]:
    """Return what the reader of a request found, each fault once, the value itself never.

    >>> faults_of([{"loc": ("body", "text"), "type": "string_too_long", "msg": "…",
    ...             "ctx": {"max_length": 20}}])
    [{'field': 'text', 'zh': '最多 20 字', 'en': 'takes at most 20 characters'}]
    >>> faults_of([{"loc": ("body",), "type": "value_error", "msg": "'{0} {x}' is wrong"}])[0]["en"]
    "'{0} {x}' is wrong"
    """
    return [_fault(each) for each in found]


def place_of(found: Mapping[str, Any]) -> str:
    """Return which field a fault is of; a long name, which the request made up, is cut short.

    >>> place_of({"loc": ("body", "parties", 0)})
    'parties.0'
    """
    if found.get("type") == _NO_JSON:  # its place is a number of letters, no field
        return ""
    return ".".join(map(str, found["loc"][1:]))[:_LONGEST]


def faults_in(error: JingweiError) -> list[Fault]:
    """Return what a refusal says of single fields: of an issue that cannot be stored, its field."""
    if isinstance(error, NoDatumError):
        return [Fault(field="datum", zh=error.sentence_zh, en=error.sentence_en)]
    if not isinstance(error, BadIssueError):
        return []
    said = error.values
    told = {"zh": str(said["reason_zh"]), "en": str(said["reason"])}
    fields = str(said["field"]).split(", ")
    return [Fault(field=field, zh=told["zh"], en=told["en"]) for field in fields]


def _fault(found: Mapping[str, Any]) -> Fault:
    field = place_of(found)
    if found["type"] not in _SAID:  # its words may hold what was sent: they are no template
        return Fault(field=field, zh=found["msg"], en=found["msg"])
    limits = {**found.get("ctx", {}), "at": found["loc"][-1]}
    zh, en = (words.format(**limits) for words in _SAID[found["type"]])
    return Fault(field=field, zh=zh, en=en)
