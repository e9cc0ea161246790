"""Every word on screen: Chinese first, English second; pages and scripts read the same table.

Keys name the place and the thing. `{n}` in curly brackets is filled in by the page, as text;
`{n:issue|issues}` is the first word where n is one, else the second. Terms come from the glossary.
"""

from __future__ import annotations

import string
from types import MappingProxyType
from typing import Final, Literal

from maps.words.acting import CALL, FILE, STEPS
from maps.words.auditing import AUDIT
from maps.words.called import INBOX
from maps.words.city import CITY
from maps.words.commenting import COMMENT
from maps.words.drawing import DRAW
from maps.words.entering import ENTRY
from maps.words.everywhere import CHROME, STATES
from maps.words.handling import ISSUE
from maps.words.leading import LEADER
from maps.words.moving import MOVES
from maps.words.phone import PHONE
from maps.words.planning import BALANCE, PLAN
from maps.words.proposing import PROPOSE
from maps.words.reasons import WHY
from maps.words.reporting import REPORT, SHEETS
from maps.words.residing import RESIDENT
from maps.words.signing import SIGN_IN
from maps.words.standing import HOOK, LEDGER, NOTICE, TASK
from maps.words.starting import DEFECT, HOME
from maps.words.uploading import UPLOAD

Lang = Literal["zh-CN", "en"]

WORDS: Final = MappingProxyType(
    {
        **CHROME,
        **STATES,
        **BALANCE,
        **PLAN,
        **DRAW,
        **PROPOSE,
        **MOVES,
        **COMMENT,
        **CITY,
        **ISSUE,
        **DEFECT,
        **REPORT,
        **SHEETS,
        **HOME,
        **WHY,
        **ENTRY,
        **STEPS,
        **CALL,
        **FILE,
        **LEDGER,
        **TASK,
        **NOTICE,
        **HOOK,
        **UPLOAD,
        **INBOX,
        **RESIDENT,
        **LEADER,
        **PHONE,
        **SIGN_IN,
        **AUDIT,
    }
)


class _Filling(string.Formatter):
    def format_field(self, value: object, format_spec: str) -> str:
        one, divided, many = format_spec.partition("|")
        if divided:
            return one if str(value) == "1" else many
        return format(value, format_spec)


def word(key: str, lang: Lang = "zh-CN", **values: object) -> str:
    """The word in the language asked for, with its values filled in."""
    return _Filling().vformat(WORDS[key][lang == "en"], (), values)
