"""Number, word and link of a report: all follow from one secret, and none can be guessed.

The number follows from a key that came with the form, so that the same form sent twice is one
report. The word follows from the number: nothing is kept of it, and a number that is made up is
refused before anybody looks whether there is one. The secret is that of phone links.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import Final

from itsdangerous import BadSignature, URLSafeSerializer

from geo.errors import ReportUnknownError

_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # of Crockford: none is read as another
_ALIKE: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
_NUMBER, _WORD = 10, 8  # letters: 50 and 40 bits
_SALT: Final = "jingwei.report"


def number_of(secret: bytes, key: str) -> str:
    """Return the number that a report has which came with a key.

    >>> number_of(b"secret", "a") == number_of(b"secret", "a") != number_of(b"secret", "b")
    True
    """
    return f"W{_letters(secret, 'number', key, _NUMBER)}"


def word_of(secret: bytes, number: str) -> str:
    """Return the word that goes with a number, in two groups of four.

    >>> len(word_of(b"secret", "W0123456789"))
    9
    """
    word = _letters(secret, "word", number, _WORD)
    return f"{word[:4]}-{word[4:]}"


def token_of(secret: bytes, number: str) -> str:
    """Return what stands in the link to a report."""
    return str(_signer(secret).dumps(number))


def number_in(secret: bytes, token: str) -> str:
    """Return the number that a link or a cookie stands for.

    Raises
    ------
    ReportUnknownError
        When we did not sign it.

    >>> number_in(b"secret", token_of(b"secret", "W0123456789"))
    'W0123456789'
    """
    try:
        return str(_signer(secret).loads(token))
    except BadSignature as error:
        raise ReportUnknownError from error


def number_told(secret: bytes, number: str, word: str) -> str:
    """Return a number as it is kept, where the word that was told goes with it.

    Raises
    ------
    ReportUnknownError
        When it does not; nothing is looked up then, whether there is such a number or not.

    >>> word = word_of(b"secret", "W0123456789").lower()
    >>> number_told(b"secret", " w0123-456789", word.replace("-", ""))
    'W0123456789'
    """
    plain, told = _plain(number), _plain(word)
    right = _plain(word_of(secret, plain))
    if not hmac.compare_digest(right.encode(), told.encode("utf-8", "surrogatepass")):
        raise ReportUnknownError
    return plain


def _plain(text: str) -> str:
    kept = "".join(letter for letter in text.upper() if letter.isalnum())[:64]
    return kept.translate(_ALIKE)


def _letters(secret: bytes, kind: str, what: str, count: int) -> str:
    told = f"{_SALT}.{kind}\n{what}".encode("utf-8", "surrogatepass")
    drawn = int.from_bytes(hmac.digest(secret, told, sha256), "big")
    return "".join(_LETTERS[(drawn >> 5 * n) % len(_LETTERS)] for n in range(count))


def _signer(secret: bytes) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=_SALT, signer_kwargs={"digest_method": sha256})
