"""Who reported an issue, as a key: the same person again is known, and nobody learns who it is."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from typing import Final

_BYTES: Final = 16
_FEWEST_DIGITS: Final = 5  # 12345 is a telephone
_MOBILE: Final = re.compile(r"(?:00)?86(1\d{10})")
_NUMBER: Final = re.compile(r"[+(]?\d[\d\s().\-]*\d")
_POINT_ZERO: Final = re.compile(r"(\d{5,})\.0+")  # how spreadsheets write a number
# A cell that names nobody: "匿名", "无", "未知", "—"; and a number with its middle masked, which
# many people share.
_NOBODY: Final = re.compile(
    r"(?:匿名|无|无号码|未知|不详|保密|隐藏号码|none|unknown|anonymous|[\W_0]*)"
)
_MASKED: Final = re.compile(r"[*×xX?？]{2,}")


def reporter_key(contact: str | None, secret: bytes) -> str | None:
    """Return the key of a person from a telephone or an account; None where it names nobody.

    A keyed hash (HMAC-SHA-256, 128 bits of it as hexadecimal): without the secret nobody can try
    all telephone numbers. Numbers are the same however they are written: blanks, hyphens,
    brackets, full-width digits, +86.

    >>> key = reporter_key("138-0531-0000", b"secret")
    >>> key == reporter_key("+86 １３８０５３１００００", b"secret"), len(key)
    (True, 32)
    >>> reporter_key("138****0000", b"secret"), reporter_key("匿名", b"secret")
    (None, None)
    """
    named = _named(contact or "")
    if named is None:
        return None
    whole = hmac.new(secret, named.encode("utf-8", "surrogatepass"), hashlib.sha256)
    return whole.digest()[:_BYTES].hex()


def _named(contact: str) -> str | None:
    """Return what a contact names, in one form."""
    plain = unicodedata.normalize("NFKC", contact).strip().casefold()
    if _NOBODY.fullmatch(plain) or _MASKED.search(plain):
        return None
    if number := _POINT_ZERO.fullmatch(plain):
        plain = number[1]
    found = _NUMBER.search(plain)
    digits = re.sub(r"\D", "", found[0]) if found else ""
    if "@" in plain or len(digits) < _FEWEST_DIGITS or _has_letters(plain, found):
        return "account:" + "".join(plain.split())
    mobile = _MOBILE.fullmatch(digits)
    return "number:" + (mobile[1] if mobile else digits)


def _has_letters(plain: str, found: re.Match[str] | None) -> bool:
    """Tell whether Latin letters or digits stand beside the number: then it is an account."""
    rest = plain if found is None else plain.replace(found[0], "", 1)
    return re.search(r"[a-z_]", rest) is not None
