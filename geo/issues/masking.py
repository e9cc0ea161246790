"""Words of a reporter as anybody may read them: without numbers and addresses of persons."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

HIDDEN: Final = "***"
# A telephone or an identity number: seven digits or more, however they are set apart.
_NUMBER: Final = re.compile(r"(?<![\w.])\+?\d(?:[\s().·•\-－—]{0,2}\d){6,}[xXｘＸ]?(?![\d.])")
_MAIL: Final = re.compile(r"[\w.+-]+[@＠][\w-]+(?:[.．][\w-]+)+")
_DWELLING: Final = re.compile(
    r"(?:\d+|[一二三四五六七八九十]+)\s*单元\s*\d*\s*[室号户]?|\d+\s*[室户]"
)


def masked(text: str) -> str:
    """Return a text with numbers of telephones and identity cards, and mail addresses, hidden.

    >>> masked("张先生 138-0531-0000，工号 12，见 a.b@c.cn")
    '张先生 ***，工号 12，见 ***'
    >>> masked("身份证 37010219900101123X"), masked("坑深 1.25 米，2026-11-26 起")
    ('身份证 ***', '坑深 1.25 米，2026-11-26 起')
    """
    return _MAIL.sub(HIDDEN, _NUMBER.sub(_unless_a_day, text))


def without_persons(text: str) -> str:
    """Return a text with mobile telephones, identity numbers and mail of persons hidden.

    Unlike `masked` it leaves numbers that offices give to everybody.

    >>> without_persons("请拨 0531-12345678，或找张先生 +86 138 0531 0000")
    '请拨 0531-12345678，或找张先生 ***'
    >>> without_persons("37010219900101123X，a.b@c.cn，zhengwu@jinan.gov.cn，单号 370102001001")
    '***，***，zhengwu@jinan.gov.cn，单号 370102001001'
    """
    hidden = _NUMBER.sub(lambda found: HIDDEN if _is_of_a_person(found[0]) else found[0], text)
    return _MAIL.sub(lambda f: f[0] if f[0].lower().endswith(_OFFICIAL) else HIDDEN, hidden)


def _is_of_a_person(number: str) -> bool:
    digits = unicodedata.normalize("NFKC", re.sub(r"[^\dXxＸｘ]", "", number)).upper()
    return _MOBILE.fullmatch(digits) is not None or _IDENTITY.fullmatch(digits) is not None


_MOBILE: Final = re.compile(r"(?:00)?(?:86)?1[3-9]\d{9}")
# The division, the day of birth, and what follows (GB 11643).
_IDENTITY: Final = re.compile(r"[1-9]\d{5}(?:19|20)\d\d[01]\d[0-3]\d\d{3}[\dX]")
_OFFICIAL: Final = ".gov.cn"


def masked_address(text: str) -> str:
    """Return an address down to the building, numbers of persons hidden.

    >>> masked_address("解放路 12 号 3 号楼 2单元501室"), masked_address("甲小区 5 号楼 301 室")
    ('解放路 12 号 3 号楼 ***', '甲小区 5 号楼 ***')
    """
    return _DWELLING.sub(HIDDEN, masked(text))


def _unless_a_day(found: re.Match[str]) -> str:
    return found[0] if _DAY.fullmatch(found[0]) else HIDDEN


_DAY: Final = re.compile(r"(?:19|20)\d\d([-.])\d{1,2}\1\d{1,2}(?: \d{1,2})?")
