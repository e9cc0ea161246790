"""Every failure a person can mend: one class each, one sentence in Chinese and in English.

A sentence says what was found, where, and what to do next. `api.problems` maps each class to an
HTTP status; a test holds the two together.
"""

from __future__ import annotations

from typing import ClassVar


class JingweiError(Exception):
    """A failure with a sentence for the person who met it.

    Sub-classes set the two templates; the values found are keyword arguments, kept in `values`.
    """

    zh: ClassVar[str]
    en: ClassVar[str]

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(self.en.format(**values))

    @property
    def sentence_zh(self) -> str:
        """The sentence in Chinese, with the values found."""
        return self.zh.format(**self.values)

    @property
    def sentence_en(self) -> str:
        """The sentence in English, with the values found."""
        return self.en.format(**self.values)


class UnknownDatumError(JingweiError):
    """A datum that is none of the four."""

    zh = "不认识的坐标基准“{datum}”；可用：{known}。"
    en = "Unknown datum '{datum}'; use one of {known}."


class BadFrameError(JingweiError):
    """A frame that breaks its contract (a fault of the caller, not of a row)."""

    zh = "{contract} 数据缺少或不符合约定的列：{columns}。"
    en = "The {contract} frame lacks or breaks these columns: {columns}."


class NobodyActsError(JingweiError):
    """A request that does not come from this machine, while only demo persons exist."""

    zh = "还没有登录功能：演示身份只能在本机使用（来自 {client}）。请在服务器本机打开 127.0.0.1。"
    en = (
        "There is no sign-in yet: demo persons work on this machine only (asked from {client}). "
        "Open 127.0.0.1 on the server itself."
    )
