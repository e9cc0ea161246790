"""The kinds of finding about files, text, columns and systems; shapes' kinds are in `defects`.

A kind is a stable slug, how grave it is, one sentence in Chinese and one in English, and, for a
question, the option that answers it. Every slug of the importer is in `findings.FINDINGS`.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, TypeAlias

Severity: TypeAlias = Literal["info", "repaired", "quarantined", "question", "error"]


class FindingKind(NamedTuple):
    """One kind of finding; `zh` and `en` are templates over a finding's `values`."""

    code: str
    severity: Severity
    zh: str
    en: str
    answer: str = ""  # of a question: the command-line option that answers it


FILE_KINDS: Final[tuple[FindingKind, ...]] = (
    FindingKind(
        "encoding-gb18030",
        "info",
        "文字按 GB18030（GBK）读取：{reason}。",
        "Text was read as GB18030 (GBK): {reason}.",
    ),
    FindingKind(
        "encoding-utf16",
        "info",
        "文字按 UTF-16 读取。",
        "Text was read as UTF-16.",
    ),
)
